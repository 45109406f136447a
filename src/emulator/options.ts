import type { Clock } from './clock.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import type { Direction, Person } from './person.ts'
import type { Readings } from './readings.ts'
import type { CallState } from './report.ts'
import type { TraceEvent } from './trace.ts'
import type { Action } from './validate-action.ts'
import type { Wire } from './wire.ts'

/** Limits of the emulator's own, so that a circle in an application ends. */
export interface Limits {
  /** Longest wait for a reply, in real milliseconds. */
  readonly answerMs: number
  /** Longest call, in seconds of its clock. */
  readonly seconds: number
  /** Most requests for an action in one call. */
  readonly requests: number
}

export const LIMITS: Limits = { answerMs: 10_000, seconds: 4 * 3600, requests: 1000 }

/** Nesting and size of a reply that are known to be safe. */
export const DEEPEST = 32
export const LARGEST = 64 * 1024

/** One call. Only `start` and `person` are required. */
export interface CallOptions {
  /** The `voice_start` of the number: an address, or an action as an object or as JSON text. */
  readonly start: string | Action
  readonly person: Person
  /** E.164; `null` for a caller who hides the number. */
  readonly from?: string | null
  readonly to?: string
  readonly direction?: Direction
  /** Outgoing calls: whether the callee answers. */
  readonly answered?: CallState
  /** Outgoing calls: the address that was given when the call was ordered. */
  readonly whenhangup?: string
  readonly callid?: string
  /** A virtual one by default. */
  readonly clock?: Clock
  readonly readings?: Readings
  /** One for many calls keeps connections and sounds; without it the call opens and closes its own. */
  readonly wire?: Wire
  /** Sent with every request to the application. */
  readonly headers?: Readonly<Record<string, string>>
  readonly limits?: Partial<Limits>
  readonly misbehave?: Misbehaviour
  /** Where the carrier would keep recordings; what `wav` begins with. */
  readonly recordingsBase?: string
  /** Told of everything as it happens. */
  readonly onEvent?: (event: TraceEvent) => void
  /** Ends the call at once, without `whenhangup`. */
  readonly signal?: AbortSignal
}
