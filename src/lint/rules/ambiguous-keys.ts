import { saidBy } from '../said.ts'
import type { Rule } from '../rule.ts'

export const ambiguousKeys: Rule = {
  name: 'ambiguous-keys',
  severity: 'warning',
  ofOneState: true,
  why: 'Keys of different length: after a shorter one the carrier waits for more digits, unless the caller closes it with #.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 10: desk, 25: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, 25: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr') continue
      const keys = [...Object.keys(state.keys), ...state.patterns.map(one => one.pattern)].filter(key => /^[0-9x]+$/.test(key))
      const short = keys.find(key => key.length < state.digits)
      const said = saidBy(state.action, data)
      if (short === undefined || (said.length > 0 && said.every(({ text }) => /#|hash|pound|fyrkant|ruutu|risuaita|raute|firkant/i.test(text)))) continue
      tell([...state.path, 'on', short], {
        message: `after \`${short}\` the carrier waits for more digits: \`${state.name}\` collects ${state.digits}`,
        effect: 'a caller who does not close the entry with # would be taken for silent', help: 'give all keys the same length, or say in the prompt that # closes the entry',
      }, 'key')
    }
  },
}
