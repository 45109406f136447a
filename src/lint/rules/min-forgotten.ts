import { valueAt } from '../written.ts'
import type { Rule } from '../rule.ts'

export const minForgotten: Rule = {
  name: 'min-forgotten',
  severity: 'info',
  ofOneState: true,
  why: 'With `any` and no `min`, a caller who stops after one digit has chosen.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, digits: 4, min: 4, on: { 1000: desk, any: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, digits: 4, on: { 1000: desk, any: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr' || state.any === undefined || state.digits < 2 || state.valid !== undefined || state.equals !== undefined) continue
      if (valueAt(data, [...state.path, 'min']) !== undefined) continue
      tell([...state.path, 'on', 'any'], {
        message: `\`any\` of \`${state.name}\` takes one digit as well as ${state.digits}`, help: `write \`min: ${state.digits}\`, or what the shortest entry is`,
      }, 'key')
    }
  },
}
