import type { Heard } from '../../compile/listened.ts'
import { ofEachFile } from '../sounds-of.ts'
import type { Rule, Told } from '../rule.ts'

const LEAST_RATE = 8000
const MOST_CHANNELS = 2

/** What is said of the samples and channels of a file. */
export function formOf(file: string, { rate, channels }: Heard): Told | undefined {
  if (rate < LEAST_RATE) return { message: `\`${file}\` has only ${rate} samples a second`, effect: 'it sounds dull, and is hard to understand', help: `a telephone carries ${LEAST_RATE}: save it anew from the recording` }
  if (channels > MOST_CHANNELS) return { message: `\`${file}\` has ${channels} channels`, effect: 'the caller may hear only one of them', help: 'save it with one channel, or let `tonval sounds --fix` do it' }
  return undefined
}

export const audioForm: Rule = {
  name: 'audio-form',
  severity: 'warning',
  why: 'Below 8,000 samples a second a sound is duller than a telephone; of more than two channels, carriers may play one.',
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: thin.mp3, next: bye }   # thin.mp3 has 6,000 samples a second
  bye: { play: bye.mp3, next: end }
`,
  check: ofEachFile(formOf),
}
