import type { Rule } from '../rule.ts'

const MOST = 5

export const tooManyChoices: Rule = {
  name: 'too-many-choices',
  severity: 'warning',
  ofOneState: true,
  why: 'More than five choices are not remembered: callers press anything, or wait.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, 2: bye, 3: desk, 4: bye, 5: desk, 6: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr' || state.digits !== 1) continue
      // 0, `*` and `#` mean the same everywhere: a person, back, again
      const choices = Object.keys(state.keys).filter(key => /^[1-9]$/.test(key))
      if (choices.length <= MOST) continue
      tell(state.path, {
        message: `\`${state.name}\` offers ${choices.length} choices`, effect: 'callers remember about five', help: 'put what is asked for least into a second menu, or drop it',
      }, 'key')
    }
  },
}
