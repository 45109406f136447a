import { announcedKeys } from '../announced.ts'
import { wordsOf } from '../said.ts'
import type { Rule } from '../rule.ts'

export const keyBeforePurpose: Rule = {
  name: 'key-before-purpose',
  severity: 'info',
  ofOneState: true,
  why: 'Who hears the key first has forgotten it when the purpose has been said.',
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
  menu: { file: menu.mp3, text: "Press 1 for sales. To hear our hours, press 2." }
states:
  menu: { ivr: menu, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      const words = state.verb === 'ivr' ? wordsOf(state.action) : undefined
      const early = words === undefined ? undefined : announcedKeys(words, flow.language).find(one => one.first)
      if (early === undefined) continue
      tell([...state.path, 'ivr'], {
        message: `the prompt of \`${state.name}\` says key ${early.key} before what it is for`,
        help: 'say the purpose first: "For sales, press 1."',
      })
    }
  },
}
