/** `hangup`: ends the call. */
import type { HangupState } from '../flow.ts'
import type { Action } from '../action.ts'
import type { Verb } from '../verb.ts'

export const REJECT: Action & { readonly do: 'hangup' } = { do: 'hangup', cause: 'reject' }

export const hangup: Verb<HangupState> = {
  name: 'hangup',
  keys: ['note'],
  outcomes: [],
  example: `
start: refuse
states:
  refuse: { hangup: busy }
`,

  compile(_context, name, path, data) {
    const cause = String(data['hangup'] === true ? 'reject' : data['hangup']) as 'reject' | 'busy' | '404'
    return { name, path, verb: 'hangup', action: { do: 'hangup', cause } }
  },

  // facts: `busy` and `404` count only as the first action; later only `reject` is allowed
  arrive(turn, state) {
    return { reply: { actions: [turn.begun ? REJECT : state.action], then: 'nothing' } }
  },
}
