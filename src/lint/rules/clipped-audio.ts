import type { Heard } from '../../compile/listened.ts'
import { ofEachFile } from '../sounds-of.ts'
import type { Rule, Told } from '../rule.ts'

/** Seconds in which peaks are cut off: less is not heard. */
const MOST = 0.02

/** What is said of a file that is overdriven. */
export function clippingIn(file: string, { clipped }: Heard): Told | undefined {
  return clipped <= MOST ? undefined : { message: `\`${file}\` is overdriven: ${clipped.toFixed(2)} s of it are cut off`, effect: 'it crackles, and is hard to understand', help: 'record it again with less gain: what was cut off cannot be brought back' }
}

export const clippedAudio: Rule = {
  name: 'clipped-audio',
  severity: 'warning',
  why: 'What was recorded too loudly is cut off at its peaks: it crackles, and on a telephone words get lost.',
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: cut.mp3, next: bye }   # 0.6 s of cut.mp3 were recorded too loudly
  bye: { play: bye.mp3, next: end }
`,
  check: ofEachFile(clippingIn),
}
