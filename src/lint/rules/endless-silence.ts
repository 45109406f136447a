import { traps } from '../walk/trap.ts'
import { isOrdinary } from '../walk/walk.ts'
import { wordsFor } from '../walk/tell-trap.ts'
import type { Rule } from '../rule.ts'
import { loopsWithoutCaller } from './loop-without-caller.ts'
import { withoutWayOut } from './no-way-out.ts'

export const endlessSilence: Rule = {
  name: 'endless-silence',
  severity: 'error',
  why: 'A caller who does nothing (a pocket, an answering machine, a telephone without keys) must leave by itself.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: menu, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: menu, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check(linted) {
    const { flow, walk, tell } = linted
    const said = new Set([...loopsWithoutCaller(linted), ...withoutWayOut(linted)].flatMap(trap => trap.states))
    for (const trap of traps(walk, way => isOrdinary(way) && way.by !== 'caller', () => false)) {
      if (trap.states.some(state => said.has(state))) continue
      const { name, effect } = wordsFor(trap, linted)
      tell(flow.states[trap.states[0] as number]?.path ?? [], {
        message: `a caller who does nothing never gets away from \`${name}\``, effect,
        help: 'let `noinput` lead to a person, a recording, or words and `end`',
      }, 'key')
    }
  },
}
