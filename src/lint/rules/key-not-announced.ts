import { announcedKeys } from '../announced.ts'
import { saidBy } from '../said.ts'
import type { Rule } from '../rule.ts'

export const keyNotAnnounced: Rule = {
  name: 'key-not-announced',
  severity: 'warning',
  ofOneState: true,
  why: 'A key that the prompt does not name is found by nobody.',
  valid: `
start: menu
prompts:
  menu: { file: menu.mp3, text: "For sales, press 1. To hear our hours, press 2." }
states:
  menu: { ivr: menu, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
prompts:
  menu: { file: menu.mp3, text: "For sales, press 1." }
states:
  menu: { ivr: menu, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr') continue
      for (const { text, language, where } of saidBy(state.action, data)) {
        const announced = new Set(announcedKeys(text, language).map(one => one.key))
        const quiet = Object.keys(state.keys).filter(key => !announced.has(key))
        if (quiet.length === 0 || announced.size === 0) continue
        tell([...state.path, 'on', quiet[0] as string], {
          message: `the prompt of \`${state.name}\` does not name ${quiet.length === 1 ? 'the key' : 'the keys'} ${quiet.join(', ')}${where}`,
          effect: 'no caller can know about it', help: 'name it in the prompt, or delete it',
        }, 'key')
      }
    }
  },
}
