import { placeOf } from '../../parse/tree.ts'
import { valueAt } from '../written.ts'
import type { Rule } from '../rule.ts'

export const digitsVsKeys: Rule = {
  name: 'digits-vs-keys',
  severity: 'error',
  ofOneState: true,
  why: 'A key with more digits than the carrier collects never arrives.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, digits: 2, on: { 25: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, digits: 1, on: { 25: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tree, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr') continue
      const keys = [...Object.keys(state.keys), ...state.patterns.map(one => one.pattern)]
      const long = keys.filter(key => key.length > state.digits).sort((a, b) => b.length - a.length)
      const first = long[0]
      if (first === undefined) continue
      const written = [...state.path, 'digits']
      const fix = valueAt(data, written) === undefined ? {} : { fix: { safe: false, edits: [{ span: placeOf(tree, written).value, text: String(first.length) }] } }
      tell([...state.path, 'on', first], {
        message: `the key \`${first}\` has ${first.length} digits, and \`${state.name}\` collects ${state.digits}`,
        effect: `a caller who enters ${first} would never come this way`, help: `write \`digits: ${first.length}\``, ...fix,
      }, 'key')
    }
  },
}
