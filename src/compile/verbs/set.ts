/** `set`: keeps values for later; the one named `language` chooses the prompts from here on. */
import { tell } from '../context.ts'
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
    const { language, ...written } = data['set'] as Record<string, string | { readonly random: number }>
    if (Object.hasOwn(written, 'next') && data['next'] === undefined) {
      tell(context, [...path, 'set', 'next'], { code: 'unknown-field', message: '`next` stands among the values that `set` keeps', effect: 'the call would lead nowhere', help: 'write it in the column of `set`, as in `set: { team: sales }` and below it `next: menu`' }, 'key')
    }
    const values = Object.entries(written).map(([key, text]) => {
      const index = context.values.get(key) as number
      return typeof text === 'string' ? { index, text: compileTemplate(context, [...path, 'set', key], text) } : { index, random: text.random }
    })
    const spoken = typeof language === 'string' ? { language: compileTemplate(context, [...path, 'set', 'language'], language) } : {}
    return { name, path, verb: 'set', values, ...spoken, edges: { next: edge(compileWritten(context, path, 'set', data), [], true) } }
  },

  arrive(turn, state) {
    // all texts are filled in before any is kept, so that the order of the lines does not matter
    const texts = state.values.map(value => ('text' in value ? turn.fill(value.text) : turn.digitsFor(state.name, turn.flow.values[value.index] as string, value.random)))
    const language = state.language === undefined ? undefined : turn.fill(state.language)
    state.values.forEach((value, index) => turn.keep(value.index, texts[index] as string))
    if (language !== undefined) turn.speak(language)
    return { to: state.edges.next.to, why: 'next' }
  },
}
