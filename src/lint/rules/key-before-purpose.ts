import { announcedKeys } from '../announced.ts'
import { saidBy } from '../said.ts'
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
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      const early = state.verb !== 'ivr' ? [] : saidBy(state.action, data).flatMap(({ text, language, where }) => {
        const first = announcedKeys(text, language).find(one => one.first)
        return first === undefined ? [] : [`key ${first.key}${where}`]
      })
      if (early.length === 0) continue
      tell([...state.path, 'ivr'], {
        message: `the prompt of \`${state.name}\` says ${early.join(' and ')} before what it is for`,
        help: 'say the purpose first: "For sales, press 1."',
      })
    }
  },
}
