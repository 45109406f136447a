/** What espeak-child.ts answers with. */
export const DONE = 0
/** It has no such voice; the body names it. */
export const NO_VOICE = 1
/** The text cannot be spoken; the body says why. */
export const REFUSED = 2
/** Samples a second of what it makes. */
export const ESPEAK_RATE = 22_050
