/** `record`: records the caller, after a prompt and a beep. */
import type { PromptData, SendsData } from '../../validate/document.ts'
import { prepared } from '../action.ts'
import type { Action } from '../action.ts'
import { compileWritten, edge, option } from '../edges.ts'
import { END } from '../flow.ts'
import type { RecordState } from '../flow.ts'
import { compileSends, OF_RECORDING } from '../items.ts'
import { compilePrompt } from '../prompt.ts'
import type { Verb } from '../verb.ts'

/** facts: no beep of the carrier's own is documented. */
const BEEP: Action = { do: 'play', sound: { kind: 'given', address: 'sound/beep' } }

export const record: Verb<RecordState> = {
  name: 'record',
  keys: ['timelimit', 'silence', 'beep', 'deliver', 'on', 'next', 'note'],
  outcomes: ['success', 'failed'],
  example: `
start: voicemail
states:
  voicemail: { record: leave-a-message.mp3, timelimit: 60, silence: false, next: thanks }
  thanks: { play: thanks.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'record', data)
    const prompt = data['record'] as PromptData | true
    const timelimit = option<number>(context, 'record', data, 'timelimit')
    const silence = option<boolean>(context, 'record', data, 'silence')
    const actions: Action[] = prompt === true ? [] : [prepared({ do: 'play', sound: compilePrompt(context, [...path, 'record'], prompt) })]
    if (option<boolean>(context, 'record', data, 'beep') !== false) actions.push(BEEP)
    actions.push({ do: 'record', ...(timelimit === undefined ? {} : { timelimit }), ...(silence === undefined ? {} : { silence }) })
    const deliver = data['deliver'] === undefined ? [] : compileSends(context, [...path, 'deliver'], data['deliver'] as SendsData, OF_RECORDING)
    return { name, path, verb: 'record', actions, deliver, edges: { success: edge(written, ['success'], true), failed: edge(written, ['failed'], true) } }
  },

  arrive(_turn, state) {
    const { success, failed } = state.edges
    return { reply: { actions: state.actions, then: success.to === END && failed.to === END ? 'nothing' : 'report' } }
  },

  report(turn, state, event) {
    if (event.kind === 'success' && state.answeredBit !== undefined) turn.answer(state.answeredBit)
    return event.kind === 'success' ? { to: state.edges.success.to, why: 'success' } : { to: state.edges.failed.to, why: 'failed' }
  },
}
