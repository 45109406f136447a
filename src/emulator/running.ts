import type { Audience } from './audience.ts'
import type { Clock } from './clock.ts'
import type { Mailbox } from './mailbox.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import type { Notices } from './notices.ts'
import type { Limits } from './options.ts'
import type { Direction } from './person.ts'
import type { Readings } from './readings.ts'
import type { CallState, Leg } from './report.ts'
import type { Requests } from './requests.ts'
import type { Sounds } from './sounds.ts'
import type { Trace } from './trace.ts'

/** A `recordcall` that runs until the call ends. */
export interface RecordedCall {
  readonly address: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** What changes while a call runs. */
export interface CallMemory {
  /** Milliseconds since 1970; absent while nobody has answered. */
  answeredAt?: number
  /** The latest address that was given. */
  whenhangup?: string
  /** How the line or a hangup turned out last, for the state of a call that was never answered. */
  turnedOut?: CallState
  /** A hangup was the very first action. */
  refused: boolean
  /** Requests for an action so far. */
  asked: number
  /** The number of the request whose reply is being performed. */
  request?: number
  /** What `whenhangup` will list. */
  readonly actions: unknown[]
  readonly recordcalls: RecordedCall[]
  /** Recordings that stay inside of the call: name to seconds. */
  readonly locals: Map<string, number>
}

/** A call under way: what it was begun with, and its memory. Only the loop and the end of a call hold it; actions do not. */
export interface Running {
  readonly callid: string
  readonly party: Readonly<{ from: string; to: string; direction: Direction }>
  /** Milliseconds since 1970. */
  readonly began: number
  readonly clock: Clock
  readonly mailbox: Mailbox
  readonly audience: Audience
  readonly trace: Trace
  readonly readings: Readings
  readonly requests: Requests
  readonly notices: Notices
  readonly sounds: Sounds
  readonly legs: Leg[]
  readonly limits: Limits
  readonly misbehave: Misbehaviour
  readonly memory: CallMemory
}
