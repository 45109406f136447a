import type { Action } from '../../compile/action.ts'
import type { State } from '../../compile/flow.ts'
import { valueAt, whereWritten } from '../written.ts'
import type { Rule } from '../rule.ts'

function soundsOf(state: State): (readonly [string, Action])[] {
  switch (state.verb) {
    case 'play': return [['play', state.action]]
    case 'record': return state.actions.slice(0, 1).map(action => ['record', action])
    case 'ivr': {
      const all = { ivr: state.action, again: state.again?.action, sorry: state.sorry, silent: state.silent?.words }
      return Object.entries(all).filter((entry): entry is [string, Action] => entry[1] !== undefined)
    }
    default: return []
  }
}

function usesSettings(data: unknown, text: string): boolean {
  return [...text.matchAll(/\{\{\s*([\w-]+)/g)].some(match => typeof valueAt(data, ['vars', match[1] as string]) === 'object')
}

export const emptyPrompt: Rule = {
  name: 'empty-prompt',
  severity: 'error',
  why: 'The caller hears nothing, and takes the line for dead.',
  valid: `
start: hello
vars: { greeting: welcome.mp3 }
states:
  hello: { play: "{{greeting}}", next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
vars: { greeting: "" }
states:
  hello: { play: "{{greeting}}", next: bye }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    const quiet = flow.silence.kind === 'file' ? flow.silence.hash : ''
    for (const state of flow.states) {
      for (const [key, action] of soundsOf(state)) {
        if (!('sound' in action) || action.sound.kind !== 'file' || action.sound.hash !== quiet) continue
        const path = whereWritten(data, state, [key])
        // `true` asks for silence; an empty setting of the server's is its operator's choice
        if (path === undefined || typeof valueAt(data, path) !== 'string' || usesSettings(data, valueAt(data, path) as string)) continue
        tell(path, { message: `this prompt of \`${state.name}\` is empty`, effect: 'the caller would hear nothing', help: 'give the value a text, or write `true` for silence where that is meant' })
      }
    }
  },
}
