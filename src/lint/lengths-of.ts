/** Lengths of what callers hear. */
import type { SoundFile } from '../compile/context.ts'
import { soundsWithin } from '../compile/sound.ts'
import type { Sound } from '../compile/sound.ts'
import { builtInSeconds } from '../simulate/sound-seconds.ts'

/** Tells the length of a sound in seconds: of files, and of the carrier's own sounds; undefined for whatever is fetched from elsewhere. Of several that a call chooses from, the longest. */
export function lengthsOf(files: ReadonlyMap<string, SoundFile>): (sound: Sound) => number | undefined {
  const byHash = new Map([...files.values()].map(({ hash, seconds }) => [hash, seconds]))
  const lengthOf = (sound: Sound): number | undefined => (sound.kind === 'file' ? byHash.get(sound.hash) : sound.kind === 'given' ? builtInSeconds(sound.address) : undefined)
  return sound => soundsWithin(sound).map(lengthOf).reduce((longest, one) => (one === undefined || (longest ?? 0) > one ? longest : one), undefined)
}
