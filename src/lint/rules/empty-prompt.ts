import { namedSounds } from '../sounds-of.ts'
import { valueAt } from '../written.ts'
import type { Rule } from '../rule.ts'

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
  check({ flow, data, outside, tell }) {
    const quiet = flow.silence.kind === 'file' ? flow.silence.hash : ''
    for (const state of flow.states) {
      for (const { sound, path } of namedSounds(flow, data, state)) {
        if (sound.kind !== 'file') continue
        if (outside.seconds(sound) === 0) {
          tell(path, { message: `\`${sound.name}\` holds no sound: it is 0 s long`, effect: 'the caller would hear nothing', help: 'record it again, or look whether it was copied whole' })
        }
        // `true` asks for silence; an empty setting of the server's is its operator's choice
        if (sound.hash !== quiet || typeof valueAt(data, path) !== 'string' || usesSettings(data, valueAt(data, path) as string)) continue
        tell(path, { message: `this prompt of \`${state.name}\` is empty`, effect: 'the caller would hear nothing', help: 'give the value a text, or write `true` for silence where that is meant' })
      }
    }
  },
}
