/** The carrier's own sounds as samples, for lists in which they stand: keys of a telephone, pauses, a beep. */
import { joined } from './mono.ts'
import { RATE } from './silence.ts'

/** Hz of the rows and columns of a telephone's keys (ITU-T Q.23). */
const ROWS = [697, 770, 852, 941] as const
const COLUMNS = [1209, 1336, 1477, 1633] as const
const KEYS = ['123A', '456B', '789C', '*0#D'] as const
/** Seconds of a key and of the pause behind it: receivers need 40 ms of each. */
const KEY = 0.1
const PAUSE = 0.05
const PAUSES: Readonly<Record<string, number>> = { p: 0.05, P: 0.5 }
const BEEP = { hertz: 1000, seconds: 0.5 }
/** Of full level: two frequencies together stay below it. */
const LOUD = 0.3

/** The two frequencies of a key; undefined for what is none. */
export function frequencies(key: string): readonly [row: number, column: number] | undefined {
  const row = KEYS.findIndex(keys => keys.includes(key))
  if (row < 0 || key.length !== 1) return undefined
  return [ROWS[row] as number, COLUMNS[(KEYS[row] as string).indexOf(key)] as number]
}

/** The samples of `sound/beep` or `sound/dtmf/…`. Throws on any other. */
export function tones(sound: string): Float32Array {
  if (sound === 'sound/beep') return tone([BEEP.hertz], BEEP.seconds)
  if (!sound.startsWith('sound/dtmf/')) throw new Error(`the carrier has no sound \`${sound}\``)
  return joined([...sound.slice('sound/dtmf/'.length)].flatMap(sign => {
    const pause = PAUSES[sign]
    if (pause !== undefined) return [quiet(pause)]
    const pair = frequencies(sign)
    if (pair === undefined) throw new Error(`\`${sign}\` is no key of a telephone`)
    return [tone(pair, KEY), quiet(PAUSE)]
  }))
}

/** So many seconds of nothing. */
export function quiet(seconds: number): Float32Array {
  return new Float32Array(Math.round(seconds * RATE))
}

/** Frequencies together, with a soft beginning and end: a hard one clicks. */
function tone(hertz: readonly number[], seconds: number): Float32Array {
  const samples = quiet(seconds)
  const edge = Math.round(RATE * 0.005)
  return samples.map((_, at) => {
    const soft = Math.min(1, (at + 1) / edge, (samples.length - at) / edge)
    return soft * LOUD * hertz.reduce((sum, frequency) => sum + Math.sin((2 * Math.PI * frequency * at) / RATE), 0)
  })
}
