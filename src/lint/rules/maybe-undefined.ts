import { callWithout, readsOf, unsetCalls } from '../walk/unset.ts'
import type { Read } from '../walk/unset.ts'
import type { Rule } from '../rule.ts'

/** Values that are followed: each takes a walk through the flow. */
const MOST_VALUES = 100

export const maybeUndefined: Rule = {
  name: 'maybe-undefined',
  severity: 'warning',
  why: 'On some path the value has not been set: it would be empty.',
  valid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 3, save: desk, next: ring, on: { noinput: bye, nomatch: bye, failed: bye } }
  ring: { connect: "sip:{{desk}}@pbx.example.com", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 3, save: desk, next: ring, on: { noinput: ring, nomatch: bye, failed: bye } }
  ring: { connect: "sip:{{desk}}@pbx.example.com", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check(linted) {
    const { flow, data, tell } = linted
    // an input is given, or left out on purpose
    const given = Object.keys(data.inputs ?? {}).length
    const byValue = new Map<number, Read[]>()
    for (const read of readsOf(flow)) {
      if (read.value < given) continue
      const list = byValue.get(read.value)
      if (list === undefined) byValue.set(read.value, [read])
      else list.push(read)
    }
    for (const [value, own] of [...byValue].slice(0, MOST_VALUES)) {
      const without = unsetCalls(linted, value)
      const told = own.find(read => without.has(read.state))
      const state = told === undefined ? undefined : flow.states[told.state]
      if (told === undefined || state === undefined) continue
      const name = flow.values[value] ?? ''
      tell([...state.path, told.option], {
        message: `\`${name}\` is not set on every path to \`${state.name}\``, effect: `call${callWithout(without, told.state)}: it would be empty`,
        help: `set it before, ask for it with a \`route\`, or write {{${name} | default: "…"}}`,
      })
    }
  },
}
