/** Lengths of what callers hear. */
import type { MadeSound, SoundFile } from '../compile/context.ts'
import { soundsWithin } from '../compile/sound.ts'
import type { Sound } from '../compile/sound.ts'
import { builtInSeconds } from '../simulate/sound-seconds.ts'

/** Of speech that nobody has measured: letters and what stands between them, a second; and the gap between the parts of a list. */
const CHARACTERS_A_SECOND = 14
const GAP = 0.25

/**
 * Tells the length of a sound in seconds: of files, of the carrier's own sounds, and, as far as it can be guessed from the
 * words, of what is spoken; undefined for whatever is fetched from elsewhere. Of several that a call chooses from, the longest.
 */
export function lengthsOf(files: ReadonlyMap<string, SoundFile>, made: ReadonlyMap<string, MadeSound> = new Map()): (sound: Sound) => number | undefined {
  const spoken = [...made.values()].filter(one => 'hash' in one)
  const byHash = new Map([...files.values(), ...spoken].map(({ hash, seconds }) => [hash, seconds]))
  const lengthOf = (sound: Sound): number | undefined => {
    switch (sound.kind) {
      case 'file': return byHash.get(sound.hash) ?? (sound.of !== undefined ? together(sound.of) : sound.recipe === undefined ? undefined : guessed(sound.text))
      case 'given': return builtInSeconds(sound.address)
      case 'spoken': return guessed(sound.text)
      case 'joined': return together(sound.of)
      case 'translated': case 'picked': return longest(sound)
      default: return undefined
    }
  }
  const longest = (sound: Sound): number | undefined => soundsWithin(sound).map(lengthOf).reduce((most, one) => (one === undefined || (most ?? 0) > one ? most : one), undefined)
  const together = (of: readonly Sound[]): number => of.reduce((sum, one) => sum + (longest(one) ?? 0), GAP * (of.length - 1))
  return longest
}

function guessed(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === '' ? undefined : Math.max(0.5, text.trim().length / CHARACTERS_A_SECOND)
}
