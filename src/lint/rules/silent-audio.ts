import type { Heard } from '../../compile/listened.ts'
import { ofEachFile } from '../sounds-of.ts'
import type { Rule, Told } from '../rule.ts'

/** Seconds of silence. A breath is no fault, and words may end softly. */
const MOST_LEAD = 1
const MOST_TAIL = 2
/** dBFS. */
const NOTHING = -100

/** What is said of the silence in a file. */
export function silenceIn(file: string, { level, lead, tail }: Heard): Told | undefined {
  if (level <= NOTHING) return { message: `nothing is heard in \`${file}\``, effect: 'the caller would hear nothing', help: 'record it again; where silence is meant, `ivr: true` and `record: true` say so' }
  if (lead > MOST_LEAD) return { message: `\`${file}\` begins with ${lead.toFixed(1)} s of silence`, effect: 'the caller takes the line for dead', help: 'cut it off, or let `tonval sounds --fix` do it' }
  if (tail > MOST_TAIL) return { message: `\`${file}\` ends with ${tail.toFixed(1)} s of silence`, effect: 'the call goes on only after it', help: 'cut it off, or let `tonval sounds --fix` do it' }
  return undefined
}

export const silentAudio: Rule = {
  name: 'silent-audio',
  severity: 'warning',
  why: 'Callers who hear nothing take the line for dead: they speak, press keys or hang up.',
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: late.mp3, next: bye }   # late.mp3 begins with 2.4 s of silence
  bye: { play: bye.mp3, next: end }
`,
  check: ofEachFile(silenceIn),
}
