/** What of the world a call meets while one request is answered: handed in, because a step knows values only. */
import type { Answer } from '../compile/asking.ts'
import type { Flip } from '../compile/switch.ts'

/** What may be rung. */
export interface Dial {
  /** Beginnings of numbers; none: every country's. */
  readonly allow: readonly string[]
  /** Whether so much has gone out, for this caller or in all, that no number out of a value is rung any more. */
  readonly spent: boolean
}

export interface World {
  /** Switches that somebody has set, by name; they are of the server, whichever flow asks. */
  readonly switches: ReadonlyMap<string, Flip>
  /** Left out: every country's. */
  readonly dial?: Dial
  /** What other programs have answered while this request is being answered, in the order in which they were asked. */
  readonly answers?: readonly Answer[]
  /** In a scripted call: what they answer, by the state that asks. */
  readonly fetch?: Readonly<Record<string, Answer>>
  /** The same: the number that every `chance` draws, and the digits that values get. */
  readonly chance?: number
  /** The same: what the flow is given by whoever places the call. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly random?: Readonly<Record<string, string>>
  /** The same, and in a test call: the language that the call begins in. */
  readonly language?: string
}

/** Nobody has flipped a switch. */
export const UNTOUCHED: World = { switches: new Map() }
