/** The flow at the other end of a test call: served for it alone, with nothing that leaves the house. Opened by cli/, where the parts meet. */
import type { CheckSettings } from '../../check.ts'
import type { Flow } from '../../compile/flow.ts'
import type { Given } from '../../emulator/script/replies.ts'
import type { AddedCall } from '../../reload/add-call.ts'
import type { Item } from '../../run/effect.ts'
import type { Step } from '../../run/step.ts'

export interface LineWanted {
  readonly flow: Flow
  /** The time that the flow believes it is, in milliseconds since 1970. */
  readonly now: () => number
  /** The language that the call begins in; the flow's own where it is left out. */
  readonly language?: string | undefined
}

/** Told of what happens behind the answers, before they leave. */
export interface LineTold {
  step(step: Step): void
  /** Another program was asked, or would have been. */
  asked(reply: Given & { readonly method: string; readonly host: string }): void
  /** What would be sent. */
  sends(items: readonly Item[]): void
}

export interface Line {
  /** What every address of its answers begins with. */
  readonly base: string
  /** What the carrier would have as `voice_start`. */
  readonly start: string
  close(): Promise<void>
}

export type OpenLine = (wanted: LineWanted, told: LineTold) => Promise<Line>

export interface PhoneParts {
  readonly openLine: OpenLine
  /** Those that flows are checked with. */
  readonly settings: CheckSettings
  /** Puts a text that `change` makes of it in the place of a flow's scripted calls, once it has been checked. */
  readonly addCall: (flow: string, change: (text: string | undefined) => string | undefined) => Promise<AddedCall>
}
