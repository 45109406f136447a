/** `play`: plays a prompt and goes on. */
import type { PromptData } from '../../validate/document.ts'
import { prepared } from '../action.ts'
import { compileWritten, edge, option } from '../edges.ts'
import { END } from '../flow.ts'
import type { PlayState } from '../flow.ts'
import { compilePrompt } from '../prompt.ts'
import type { Verb } from '../verb.ts'

export const play: Verb<PlayState> = {
  name: 'play',
  keys: ['skippable', 'on', 'next', 'note'],
  outcomes: ['success', 'failed'],
  example: `
start: hello
states:
  hello: { play: hello.mp3, skippable: false, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'play', data)
    const skippable = option<boolean>(context, 'play', data, 'skippable')
    const sound = compilePrompt(context, [...path, 'play'], data['play'] as PromptData)
    const action = prepared({ do: 'play', sound, ...(skippable === undefined ? {} : { skippable }) })
    return { name, path, verb: 'play', action, edges: { success: edge(written, ['success'], true), failed: edge(written, ['failed'], true) } }
  },

  arrive(_turn, state) {
    const { success, failed } = state.edges
    return { reply: { actions: [state.action], then: success.to === END && failed.to === END ? 'nothing' : 'report' } }
  },

  // facts: the carrier's word is `ok` or `success`; a key that skipped the sound may be reported, and is no failure
  report(_turn, state, event) {
    return event.kind === 'failed' ? { to: state.edges.failed.to, why: 'failed' } : { to: state.edges.success.to, why: 'success' }
  },
}
