import { saidBy } from '../said.ts'
import type { Rule } from '../rule.ts'

/** What callers have to think about while they say it. */
const LONG = /\b(address|adress(?:en)?|adresse(?:n)?|osoite(?:esi)?|describe|beskriv|kuvaile|beschreiben|e-?mail|e-?post)(?![\p{L}])/iu

export const silenceCutsRecording: Rule = {
  name: 'silence-cuts-recording',
  severity: 'warning',
  ofOneState: true,
  why: 'Recording stops after three seconds of silence: while a caller thinks, the message ends.',
  valid: `
start: leave
prompts:
  leave: { file: leave-a-message.mp3, text: "Please say your name and address after the tone." }
states:
  leave: { record: leave, silence: false, on: { success: thanks, failed: bye } }
  thanks: { play: thanks.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: leave
prompts:
  leave: { file: leave-a-message.mp3, text: "Please say your name and address after the tone." }
states:
  leave: { record: leave, on: { success: thanks, failed: bye } }
  thanks: { play: thanks.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      const last = state.verb === 'record' ? state.actions.at(-1) : undefined
      if (state.verb !== 'record' || last?.do !== 'record' || last.silence === false) continue
      const asked = saidBy(state.actions[0], data).map(({ text }) => LONG.exec(text)?.[0]).find(one => one !== undefined)
      if (asked === undefined) continue
      tell([...state.path, 'record'], {
        message: `\`${state.name}\` asks for something long ("${asked}"), and three seconds of silence end it`,
        effect: 'who stops to think is cut off', help: 'write `silence: false`; `timelimit` or the # key ends it then',
      })
    }
  },
}
