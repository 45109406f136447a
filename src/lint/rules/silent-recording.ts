import { placeOf } from '../../parse/tree.ts'
import { whereWritten } from '../written.ts'
import type { Rule } from '../rule.ts'

export const silentRecording: Rule = {
  name: 'silent-recording',
  severity: 'warning',
  ofOneState: true,
  why: 'Without a word and without a beep, nobody knows that they are being recorded.',
  valid: `
start: leave
states:
  leave: { record: true, beep: true, on: { success: thanks, failed: bye } }
  thanks: { play: thanks.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: leave
states:
  leave: { record: true, beep: false, on: { success: thanks, failed: bye } }
  thanks: { play: thanks.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tree, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'record' || state.actions.length > 1) continue
      const path = whereWritten(data, state, ['beep'])
      if (path === undefined) continue
      tell(path, {
        message: `\`${state.name}\` records without a sound before it`, effect: 'the caller does not know that the recording has begun',
        help: 'give it a prompt, or the beep', fix: { safe: false, edits: [{ span: placeOf(tree, path).value, text: 'true' }] },
      })
    }
  },
}
