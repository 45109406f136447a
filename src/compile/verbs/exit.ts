/** `exit`: leaves a flow that another one runs. */
import { quoted } from '../../validate/words.ts'
import { guess, placeIn, tell } from '../context.ts'
import type { ExitState } from '../flow.ts'
import type { Verb } from '../verb.ts'

export const exit: Verb<ExitState> = {
  name: 'exit',
  keys: ['note'],
  outcomes: [],
  example: `
start: ask
exits: [ok, wrong]
states:
  ask: { ivr: ask.mp3, digits: 4, on: { 1234: right, noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`,

  compile(context, name, path, data) {
    const written = data['exit'] as string
    const { data: { exits }, whole } = context.document
    if (exits?.includes(written) !== true && (whole || exits !== undefined)) {
      const word = guess(context, written, exits ?? [])
      tell(context, [...path, 'exit'], {
        code: 'exit-missing', message: `\`${written}\` is none of this flow's exits`, effect: 'whoever runs this flow would not know where to go on',
        help: word !== undefined ? `did you mean \`${word}\`?` : exits === undefined ? `add \`exits: [${written}]\` at the top` : `the exits are ${quoted(exits)}: add it there`,
        ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, [...path, 'exit']).value, text: word }] } }),
      })
    }
    return { name, path, verb: 'exit', exit: written }
  },

  arrive: (turn, state) => turn.leave(state.exit),
}
