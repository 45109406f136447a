/** Any sound as a telephone line carries it: one channel, 8,000 samples a second, as loud as other speech. */
import { decode } from './decode.ts'
import { mixed } from './inspect.ts'
import { decibels, Meter } from './meter.ts'
import { Resampler } from './resample.ts'
import { RATE } from './silence.ts'

/** dBFS of speech: what telephone networks expect of it, with room for its peaks (ITU-T G.223, P.56). */
export const SPEECH_LEVEL = -20
/** dBFS that no peak goes beyond. */
const MOST_PEAK = -1
/** Decibels that a quiet recording is raised at most: more would raise its noise. */
const MOST_GAIN = 30

/** The samples of a sound for a telephone, at the level that they have. Throws, in words, what cannot be played, and what is longer than so many seconds. */
export async function monoOf(bytes: Buffer, format: 'wav' | 'mp3' | 'ogg', mostSeconds: number): Promise<Float32Array> {
  const pieces: Float32Array[] = []
  let resampler: Resampler | undefined
  let count = 0
  await decode(bytes, format, (channels, rate) => {
    resampler ??= new Resampler(rate, RATE)
    const piece = resampler.take(mixed(channels))
    count += piece.length
    if (count > mostSeconds * RATE) throw new Error(`is longer than ${mostSeconds} seconds`)
    pieces.push(piece)
  })
  if (resampler === undefined) throw new Error('holds no sound')
  pieces.push(resampler.take(new Float32Array(0), true))
  return joined(pieces)
}

/** The same samples as loud as speech on a telephone is. */
export function levelled(samples: Float32Array): Float32Array {
  const meter = new Meter(RATE)
  meter.take(samples)
  const { level, peak } = meter.levels()
  if (level <= decibels(0)) return samples
  const gain = 10 ** (Math.min(SPEECH_LEVEL - level, MOST_PEAK - peak, MOST_GAIN) / 20)
  return samples.map(sample => sample * gain)
}

/** The same samples without the silence at their ends, but for so many seconds of it. */
export function trimmed(samples: Float32Array, left: number): Float32Array {
  const meter = new Meter(RATE)
  meter.take(samples)
  const { lead, tail } = meter.levels()
  const from = Math.round(Math.max(0, lead - left) * RATE)
  const to = samples.length - Math.round(Math.max(0, tail - left) * RATE)
  return from >= to ? samples : samples.slice(from, to)
}

/** Several sounds as one. */
export function joined(pieces: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
