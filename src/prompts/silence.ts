/** The sound that is heard where a flow says nothing: tonval brings it along. */
import { createHash } from 'node:crypto'
import { soundHash } from './sound-hash.ts'
import { writeWave } from './wave.ts'

/** Samples a second on a telephone line: whatever we make ourselves has so many. */
export const RATE = 8000
const MILLISECONDS = 200

/** 200 ms of silence. */
export const SILENCE: Buffer = silentWave(MILLISECONDS)

export const SILENCE_FILE = { hash: soundHash(createHash('sha256').update(SILENCE)), format: 'wav' as const }

/** A WAV of silence: mono, 8 kHz, 16 bits, as a telephone line has it. */
export function silentWave(milliseconds: number): Buffer {
  return writeWave(new Float32Array(Math.round((RATE * milliseconds) / 1000)), RATE)
}
