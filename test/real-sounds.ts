/** Small sounds that can be played: what a test lays beside a flow that a server is to take. */
import { readFileSync } from 'node:fs'

/** One spoken word, 0.8 s. */
export const MP3: Buffer = readFileSync('test/cases/sounds/word.mp3')
/** A tone of one second. */
export const OGG: Buffer = readFileSync('test/cases/sounds/tone.ogg')

/** The same word in other bytes: behind it stands a tag with a mark. */
export function marked(mark: string): Buffer {
  return Buffer.concat([MP3, Buffer.from('TAG'), Buffer.alloc(125).fill(mark, 0, mark.length)])
}
