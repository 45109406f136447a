import type { Event } from '../compile/verb.ts'

/** What became of one action of the carrier. */
export interface Performed {
  /** Undefined where the caller has hung up. */
  readonly event: Event | undefined
  /** The carrier's words for it: `ok`, `failed (noinput)`. */
  readonly result: string
  readonly seconds: number
  /** Lines of the transcript. */
  readonly lines: readonly string[]
  /** How many of the acts found their place; those after it did not suit. */
  readonly used: number
  /** Seconds that a connect was talked on; undefined where nobody answered. */
  readonly talked?: number
}
