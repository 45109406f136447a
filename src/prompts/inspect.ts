/** What is found out about a sound by listening to it. */
import type { Listened } from '../compile/listened.ts'
import { decode } from './decode.ts'
import { soundLength } from './length.ts'
import { Meter } from './meter.ts'

/** Seconds of one sound that are listened to: nobody on a telephone hears more of it. */
const MOST_SECONDS = 600

/** Listens to a sound, to its end or for ten minutes. Memory does not grow with its length. */
export async function inspect(bytes: Buffer, format: 'wav' | 'mp3' | 'ogg'): Promise<Listened> {
  let meter: Meter | undefined
  let rate = 0
  let channels = 0
  let count = 0
  let isWhole = true
  try {
    await decode(bytes, format, (pieces, at) => {
      meter ??= new Meter(at)
      rate = at
      channels = Math.max(channels, pieces.length)
      const mono = mixed(pieces)
      count += mono.length
      meter.take(mono)
      isWhole = count < MOST_SECONDS * rate
      return isWhole
    })
  } catch (error) {
    return { trouble: (error as Error).message.startsWith('is ') ? (error as Error).message : `cannot be played: ${(error as Error).message}` }
  }
  if (meter === undefined) return { trouble: 'holds no sound' }
  const heard = Math.round((count / rate) * 1000) / 1000
  return { seconds: isWhole ? heard : Math.max(heard, soundLength(bytes, format) ?? 0), channels, rate, ...meter.levels() }
}

/** All channels as one: their mean. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels
  if (others.length === 0) return first
  return first.map((sample, index) => others.reduce((sum, channel) => sum + (channel[index] ?? 0), sample) / channels.length)
}
