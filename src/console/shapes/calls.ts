/** Calls as the API shows them: `GET /api/calls` and `GET /api/calls/ID`. */
import type { CallRecord, HeardSound, Met, RecordedMove } from '../../store/call-record.ts'

export type { RecordedMove } from '../../store/call-record.ts'

/** A call as the API shows it; times are ISO 8601 in UTC. */
export interface CallShown extends Omit<CallRecord, 'begun' | 'over'> {
  readonly start: string
  /** Null while it goes on, and where nobody reported it. */
  readonly end: string | null
  /** The flow's, so that a time can be told as callers know it. */
  readonly timezone: string
}

/** One request of a call. */
export interface StepShown {
  readonly at: string
  /** Milliseconds that the answer took. */
  readonly ms: number
  readonly from: string
  readonly event: string
  readonly to: string
  /** States that were passed on the way, and the moves one by one. */
  readonly via?: readonly string[]
  readonly moves?: readonly RecordedMove[]
  readonly holiday?: string
  readonly reason?: string
  readonly version: string
  readonly heard: readonly HeardSound[]
  readonly met: Met
  /** The call ends with what was met. */
  readonly last?: true
  /** A single key that the state does not take; of several only how many. */
  readonly pressed?: string
  readonly keys?: number
  readonly numbers?: readonly string[]
  readonly broke?: true
}

export interface CallsShown {
  readonly version: 1
  readonly calls: readonly CallShown[]
  /** For `before`: where the list goes on. */
  readonly next: string | null
}

export interface TraceShown extends Omit<CallShown, 'version'> {
  /** The newest version of the flow that the call was on. */
  readonly version: string
  /** How the carrier said that it ended. */
  readonly reported: string | null
  readonly answered: { readonly number: string; readonly seconds: number } | null
  readonly trace: readonly StepShown[]
  readonly sends: readonly { readonly id: string; readonly kind: string; readonly to: string; readonly item: string; readonly state: string; readonly created: string; readonly ended?: string; readonly why?: string }[]
  readonly recordings: readonly { readonly id: string; readonly item: string; readonly seconds: number; readonly state: string; readonly noticed: string; readonly bytes: number }[]
}
