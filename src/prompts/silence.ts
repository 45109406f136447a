/** The sound that is heard where a flow says nothing: tonval brings it along. */
import { createHash } from 'node:crypto'
import { soundHash } from './sound-hash.ts'

const RATE = 8000
const MILLISECONDS = 200

/** 200 ms of silence. */
export const SILENCE: Buffer = silentWave(MILLISECONDS)

export const SILENCE_FILE = { hash: soundHash(createHash('sha256').update(SILENCE)), format: 'wav' as const }

/** A WAV of silence: mono, 8 kHz, 16 bits, as a telephone line has it. */
export function silentWave(milliseconds: number): Buffer {
  return wav(Buffer.alloc(Math.round((RATE * 2 * milliseconds) / 1000)))
}

function wav(samples: Buffer): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.length, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE, 24)
  header.writeUInt32LE(RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.length, 40)
  return Buffer.concat([header, samples])
}
