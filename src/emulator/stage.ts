import type { Audience } from './audience.ts'
import type { Clock } from './clock.ts'
import type { Mailbox } from './mailbox.ts'
import type { Readings } from './readings.ts'
import type { Leg, Purpose } from './report.ts'
import type { Sound } from './sounds.ts'
import type { Trace } from './trace.ts'
import type { Action, Complain } from './validate-action.ts'

/** What an action is given to be performed with; it holds nothing of the call beyond this. */
export interface Stage {
  readonly clock: Clock
  readonly mailbox: Mailbox
  readonly audience: Audience
  readonly trace: Trace
  readonly readings: Readings
  /** The caller's number, as the application sees it. */
  readonly from: string
  readonly legs: Leg[]
  /** Recordings that stay inside of the call: name to seconds. */
  readonly locals: Map<string, number>
  readonly complain: Complain
  /** Whether the call has been answered; the first media action does. */
  readonly isAnswered: () => boolean
  readonly answer: () => void
  /** Time stands still while a sound is fetched. */
  readonly load: (address: string) => Promise<Sound>
}

/** How an action came out, and what its keys say follows. */
export interface Outcome {
  readonly result: string
  readonly why?: string
  /** Which kind of key leads on, so that a request can be named. */
  readonly purpose: Purpose
  /** What stands at that key. */
  readonly go: unknown
  /** A recording that is done and has an address to be reported to. */
  readonly recording?: { readonly address: string; readonly seconds: number }
}

export type Perform = (action: Action, stage: Stage) => Promise<Outcome>

/** Seconds from now, as a time of the clock. */
export function fromNow(stage: Stage, seconds: number): number {
  return stage.clock.now() + seconds * 1000
}
