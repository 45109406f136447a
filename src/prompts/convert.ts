/** A recording as a telephone carries it best. */
import { readLying } from './listen.ts'
import type { Lying } from './listen.ts'
import { levelled, monoOf, trimmed } from './mono.ts'
import { RATE } from './silence.ts'
import { writeWave } from './wave.ts'

/** Seconds of silence that stay at the ends: a breath before the first word. */
const EDGE = 0.1
/** Seconds: a longer one is no prompt. */
const MOST_SECONDS = 600

/** The bytes of a WAV of one channel at 8 kHz, at the level of speech on a telephone, without silence at its ends. */
export async function convert(sound: Lying): Promise<Uint8Array | { readonly trouble: string }> {
  const bytes = await readLying(sound)
  if (typeof bytes === 'string') return { trouble: bytes }
  try {
    return writeWave(levelled(trimmed(await monoOf(bytes, sound.format, MOST_SECONDS), EDGE)), RATE)
  } catch (error) {
    return { trouble: (error as Error).message }
  }
}
