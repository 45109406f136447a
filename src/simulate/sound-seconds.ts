/** How long sounds are in a scripted call, and the carrier's own sounds anywhere. */
import type { Sound } from '../compile/sound.ts'

/** Every sound that is fetched. */
export const SOUND_SECONDS = 3
const BEEP_SECONDS = 0.5
/** Seconds of a sign in `sound/dtmf/…`: a pause of 50 or 500 ms, or a tone, whose length the carrier does not document. */
const SIGN_SECONDS: Readonly<Record<string, number>> = { p: 0.05, P: 0.5 }
const TONE_SECONDS = 0.1

/** The length of a sound in seconds: whatever is fetched counts as equally long, so that a script holds wherever it is played. */
export function soundSeconds(sound: Sound): number {
  return (sound.kind === 'given' ? builtInSeconds(sound.address) : undefined) ?? SOUND_SECONDS
}

/** The length of a carrier's own sound; undefined for an address. */
export function builtInSeconds(address: string): number | undefined {
  if (!address.startsWith('sound/')) return undefined
  if (address === 'sound/beep') return BEEP_SECONDS
  const signs = [...address.slice('sound/dtmf/'.length)]
  return Math.round(signs.reduce((sum, sign) => sum + (SIGN_SECONDS[sign] ?? TONE_SECONDS), 0) * 1000) / 1000
}
