/** `set`: keeps values for later. */
import { compileWritten, edge } from '../edges.ts'
import type { SetState } from '../flow.ts'
import { compileTemplate } from '../template.ts'
import type { Verb } from '../verb.ts'

export const set: Verb<SetState> = {
  name: 'set',
  keys: ['next', 'note'],
  outcomes: [],
  example: `
start: remember
states:
  remember: { set: { team: sales, line: "{{called}}" }, next: hello }
  hello: { play: "https://example.com/{{team}}.mp3?line={{line}}", next: end }
`,

  compile(context, name, path, data) {
    const values = Object.entries(data['set'] as Record<string, string>)
      .map(([key, text]) => ({ index: context.values.get(key) as number, text: compileTemplate(context, [...path, 'set', key], text) }))
    return { name, path, verb: 'set', values, edges: { next: edge(compileWritten(context, path, 'set', data), [], true) } }
  },

  arrive(turn, state) {
    // all texts are filled in before any is kept, so that the order of the lines does not matter
    const texts = state.values.map(value => turn.fill(value.text))
    state.values.forEach((value, index) => turn.keep(value.index, texts[index] as string))
    return { to: state.edges.next.to, why: 'next' }
  },
}
