import type { CallState, Direction, Ended, Purpose } from './call-words.ts'
import type { Finding } from './facts.ts'
import type { Readings } from './readings.ts'
import type { TraceEvent } from './trace.ts'

export type { CallState, Ended, Purpose } from './call-words.ts'

/** One request to the application; a copy of another one (misbehaviour, a retry) says so. */
export interface RequestRecord {
  readonly purpose: Purpose
  readonly address: string
  readonly form: Readonly<Record<string, string>>
  /** Seconds since the call began. */
  readonly at: number
  /** The number of the request that this one repeats. */
  readonly repeats?: number
  /** What came back: absent while under way, and where nothing did. */
  status?: number
  body?: string
  /** Why nothing came back. */
  trouble?: string
  /** Real time until the whole reply was there. */
  milliseconds?: number
}

/** A leg of a connect, as `whenhangup` shows it. */
export interface Leg {
  readonly to: string
  readonly from: string
  readonly state: CallState
  /** Whole seconds of talk; only where it was answered. */
  readonly duration?: number
}

/** A recording as it was reported; `local` ones are not. */
export interface Recording {
  readonly name: string
  readonly seconds: number
  readonly of: 'record' | 'recordcall'
}

/** Everything about one call that is over. */
export interface CallReport {
  readonly callid: string
  readonly direction: Direction
  readonly from: string
  readonly to: string
  /** When it began, in milliseconds since 1970 of the call's clock. */
  readonly began: number
  /** Its length in seconds, ringing included. */
  readonly seconds: number
  /** Whole seconds since it was answered; absent where it never was. */
  readonly duration?: number
  readonly state: CallState
  readonly ended: Ended
  /** True where no finding is an error. */
  readonly ok: boolean
  readonly findings: readonly Finding[]
  readonly requests: readonly RequestRecord[]
  readonly recordings: readonly Recording[]
  readonly legs: readonly Leg[]
  readonly readings: Readings
  readonly trace: readonly TraceEvent[]
}
