import { namedSounds } from '../sounds-of.ts'
import type { Rule } from '../rule.ts'

/** Whole seconds: encoders fill up the last frames of a sound. */
const MOST = 20

export const promptTooLong: Rule = {
  name: 'prompt-too-long',
  severity: 'warning',
  why: 'Nobody listens to one prompt for more than 20 seconds: callers press something, or hang up.',
  valid: `
start: hello
states:
  hello: { play: news.mp3, next: bye }   # news.mp3: 17 s
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: whole-story.mp3, next: bye }   # whole-story.mp3: 25 s
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, outside, tell }) {
    const told = new Set<string>()
    for (const state of flow.states) {
      for (const { sound, path } of namedSounds(flow, data, state)) {
        const seconds = outside.seconds(sound)
        if (seconds === undefined || Math.round(seconds) <= MOST) continue
        // one sound is one problem, however many states play it
        const which = sound.kind === 'file' ? sound.hash : JSON.stringify(sound)
        if (told.has(which)) continue
        told.add(which)
        tell(path, {
          message: `this prompt is ${Math.round(seconds)} s long`, effect: 'callers stop listening, press something or hang up',
          help: `say it in ${MOST} s, or let callers choose whether they want to hear the rest`,
        })
      }
    }
  },
}
