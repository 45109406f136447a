import type { Heard } from '../../compile/listened.ts'
import { ofEachFile } from '../sounds-of.ts'
import { clippingIn } from './clipped-audio.ts'
import type { Rule, Told } from '../rule.ts'

/** dBFS of what is said, without its pauses: what telephones expect (ITU-T G.223, P.56), and how far from it nobody is disturbed. */
const SPEECH_LEVEL = -20
const QUIETEST = -32
const LOUDEST = -9
const NOTHING = -100

/** What is said of how loud a file is. */
export function levelOf(file: string, heard: Heard): Told | undefined {
  const { level } = heard
  // what is overdriven is loud, too
  if (level > LOUDEST && clippingIn(file, heard) !== undefined) return undefined
  if (level <= NOTHING || (level >= QUIETEST && level <= LOUDEST)) return undefined
  return {
    message: `\`${file}\` is too ${level < QUIETEST ? 'quiet' : 'loud'}: ${Math.round(level)} dBFS`, effect: level < QUIETEST ? 'callers in the street do not understand it' : 'it hurts in the ear, and is distorted on the way',
    help: `telephones expect speech at some ${SPEECH_LEVEL} dBFS; \`tonval sounds --fix\` brings it there`,
  }
}

export const audioLevel: Rule = {
  name: 'audio-level',
  severity: 'warning',
  why: 'A prompt much quieter or louder than a telephone expects is not understood, or hurts, beside the others.',
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: quiet.mp3, next: bye }   # quiet.mp3 is at -41 dBFS
  bye: { play: bye.mp3, next: end }
`,
  check: ofEachFile(levelOf),
}
