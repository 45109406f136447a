import type { IvrState } from '../../compile/flow.ts'
import { announcedKeys } from '../announced.ts'
import { saidBy } from '../said.ts'
import type { Rule } from '../rule.ts'

function isMissing(state: IvrState, key: string): boolean {
  return state.keys[key] === undefined && state.fileKeys[key] === undefined && !(key === '#' && state.digits > 1)
}

export const promptNamesMissingKey: Rule = {
  name: 'prompt-names-missing-key',
  severity: 'warning',
  ofOneState: true,
  why: 'A caller who does as the prompt says is told that the key is wrong.',
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
  menu: { file: menu.mp3, text: "For sales, press 1. To hear our hours, press 2. For support, press 3." }
states:
  menu: { ivr: menu, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr') continue
      const listed = Object.keys(state.keys)
      if (state.any !== undefined || state.patterns.length > 0 || listed.length === 0) continue
      const told = saidBy(state.action, data).map(({ text, language, where }) => ({ where, keys: announcedKeys(text, language).map(one => one.key).filter(key => isMissing(state, key)) })).filter(one => one.keys.length > 0)
      const missing = [...new Set(told.flatMap(one => one.keys))]
      if (missing.length === 0) continue
      tell([...state.path, 'ivr'], {
        message: `the prompt of \`${state.name}\` says to press ${told.map(({ keys, where }) => `${[...new Set(keys)].join(' and ')}${where}`).join(', ')}, and \`on\` has no such key`,
        effect: 'a caller who does as told would meet a wrong entry', help: `add ${missing.map(key => `\`${/\d/.test(key) ? key : `"${key}"`}: …\``).join(' and ')} under \`on:\`, or change the prompt`,
      })
    }
  },
}
