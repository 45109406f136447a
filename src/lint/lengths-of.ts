/** Lengths of what callers hear. */
import type { SoundFile } from '../compile/context.ts'
import type { Sound } from '../compile/sound.ts'
import { builtInSeconds } from '../simulate/sound-seconds.ts'

/** Tells the length of a sound in seconds: of files, and of the carrier's own sounds; undefined for whatever is fetched from elsewhere. */
export function lengthsOf(files: ReadonlyMap<string, SoundFile>): (sound: Sound) => number | undefined {
  const byHash = new Map([...files.values()].map(({ hash, seconds }) => [hash, seconds]))
  return sound => (sound.kind === 'file' ? byHash.get(sound.hash) : sound.kind === 'given' ? builtInSeconds(sound.address) : undefined)
}
