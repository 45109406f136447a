import type { Rule } from '../rule.ts'

export const undocumentedKey: Rule = {
  name: 'undocumented-key',
  severity: 'warning',
  ofOneState: true,
  why: 'The carrier does not say what it does with `*` and with `#` alone: they may never arrive.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 9: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { "*": desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    const found = flow.states.filter(state => state.verb === 'ivr').flatMap(state => Object.keys(state.keys).map(key => ({ key, path: [...state.path, 'on', key] })))
    const ofFile = Object.keys(data.keys ?? {}).map(key => ({ key, path: ['keys', key] }))
    for (const { key, path } of [...found, ...ofFile]) {
      if (key !== '*' && key !== '#') continue
      tell(path, { message: `what the carrier does with the key \`${key}\` is not documented`, effect: 'a caller who presses it may be taken for silent', help: 'use a digit; `0` and `9` are usual' }, 'key')
    }
  },
}
