/** What is found out about a sound file by listening to it. */

/** How loud a sound is. Levels are decibels below the loudest that a file can hold (dBFS). */
export interface Levels {
  /** Where something is said: pauses do not count. -100 for a sound in which nothing is heard. */
  readonly level: number
  readonly peak: number
  /** Seconds in which the loudest parts were cut off. */
  readonly clipped: number
  /** Seconds of silence before and after what is heard. */
  readonly lead: number
  readonly tail: number
}

/** A sound as it was heard. */
export interface Heard extends Levels {
  readonly seconds: number
  readonly channels: number
  /** Samples a second. */
  readonly rate: number
}

/** What a sound is, or why the carrier would not play it: words that follow the file's name. */
export type Listened = Heard | { readonly trouble: string }
