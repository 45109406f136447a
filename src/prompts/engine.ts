/** What turns words into a sound. */

/** Words to be spoken. */
export interface Words {
  readonly text: string
  /** A language as flows name it: `sv`, `en-GB`. */
  readonly language: string
  /** One of the engine's voices; without it, the usual one of the language. */
  readonly voice?: string
}

export interface Engine {
  /** Which engine this is, and of what version: another one makes other sounds of the same words. */
  readonly name: string
  /** The bytes of a sound file. Rejects with a SpeechError where the words cannot be spoken. */
  speak(words: Words): Promise<Buffer>
  /** Whether it speaks its first words slower than others, and may be asked for words that nobody hears. */
  readonly practises?: true
  /** Ends whatever it has started. */
  close(): Promise<void>
}

/** Why words cannot be spoken, as a sentence that follows "the text cannot be spoken:". */
export class SpeechError extends Error {
  /** Whether it may go better at another time: the engine broke, or is not there; the words are not to blame. */
  readonly passes: boolean

  constructor(message: string, passes = true, options?: ErrorOptions) {
    super(message, options)
    this.passes = passes
  }
}

/** Milliseconds that an engine has for one text. */
export const PATIENCE = 20_000
/** Bytes of one answer: five minutes at the highest rate that engines use. */
export const MOST_BYTES = 32 * 1024 * 1024
