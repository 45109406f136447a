/** What is found out about a sound by listening to it. */
import { decode } from './decode.ts'
import { Meter } from './meter.ts'
import type { Levels } from './meter.ts'

/** A sound as it was heard. */
export interface Heard extends Levels {
  readonly seconds: number
  readonly channels: number
  readonly rate: number
}

/** What a sound is, or why the carrier would not play it: words that follow the file's name. */
export type Inspected = Heard | { readonly trouble: string }

/** Listens to a sound to its end. Memory does not grow with its length. */
export async function inspect(bytes: Buffer, format: 'wav' | 'mp3' | 'ogg'): Promise<Inspected> {
  let meter: Meter | undefined
  let rate = 0
  let channels = 0
  let count = 0
  try {
    await decode(bytes, format, (pieces, at) => {
      meter ??= new Meter(at)
      rate = at
      channels = Math.max(channels, pieces.length)
      const mono = mixed(pieces)
      count += mono.length
      meter.take(mono)
    })
  } catch (error) {
    return { trouble: (error as Error).message.startsWith('is ') ? (error as Error).message : `cannot be played: ${(error as Error).message}` }
  }
  if (meter === undefined) return { trouble: 'holds no sound' }
  return { seconds: Math.round((count / rate) * 1000) / 1000, channels, rate, ...meter.levels() }
}

/** All channels as one: their mean. */
export function mixed(channels: readonly Float32Array[]): Float32Array {
  const [first = new Float32Array(0), ...others] = channels
  if (others.length === 0) return first
  return first.map((sample, index) => others.reduce((sum, channel) => sum + (channel[index] ?? 0), sample) / channels.length)
}
