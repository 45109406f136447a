/** `send`: sends SMS, e-mail or an HTTP POST, or places a call, without making the caller wait. */
import type { SendsData } from '../../validate/document.ts'
import { compileWritten, edge } from '../edges.ts'
import type { SendState } from '../flow.ts'
import { compileSends } from '../items.ts'
import type { Verb } from '../verb.ts'

export const send: Verb<SendState> = {
  name: 'send',
  keys: ['next', 'note'],
  outcomes: [],
  example: `
start: tell
states:
  tell:
    send:
      - sms: { to: "{{caller}}", from: Example, text: "Take bus 3 to the square." }
        once_per: { hours: 24 }
      - post: { url: "https://crm.example.com/calls", json: { phone: "{{caller}}", open: true } }
    next: sent
  sent: { play: sent.mp3, next: end }
`,

  compile(context, name, path, data) {
    return { name, path, verb: 'send', items: compileSends(context, [...path, 'send'], data['send'] as SendsData), edges: { next: edge(compileWritten(context, path, 'send', data), [], true) } }
  },

  arrive(turn, state) {
    turn.send(state.items)
    return { to: state.edges.next.to, why: 'next' }
  },
}
