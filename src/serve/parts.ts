/** What the carrier's side is made of: everything that it needs from outside is handed in here. */
import type { Logger } from 'pino'
import type { Tokens } from '../carrier/recent.ts'
import type { Flow } from '../compile/flow.ts'
import type { Recipe } from '../compile/recipe.ts'
import type { Step } from '../run/step.ts'
import type { World } from '../run/world.ts'

/** The flows in force, as a request looks them up. */
export interface Flows {
  readonly live: { readonly flows: ReadonlyMap<string, Flow>; readonly numbers: ReadonlyMap<string, Flow> }
  version(version: string): Flow | undefined
  fetch(version: string): Promise<Flow | undefined>
  /** A call began, or is over, with this version; left out where nobody counts. */
  began?(version: string): void
  over?(version: string): void
}

export interface Sounds {
  sound(hash: string): { readonly path: string; readonly format: 'wav' | 'mp3' | 'ogg' } | undefined
  readonly folder: string
}

/** One answer, for the log: what happened, how long it took in milliseconds, and whose request it was. */
export interface StepLog {
  readonly flow: Flow
  readonly step: Step
  readonly ms: number
  readonly reqId: string
  /** Of the first request of a call. */
  readonly first?: { readonly caller: string; readonly called: string; readonly direction: string }
}

/** What the carrier told, for the log; nothing of it is secret. */
export type NoticeLog = Readonly<Record<string, string | number | undefined>>

/** Makes the sounds of calls whose words hold values. */
export interface Speech {
  /** Which engine speaks: another one has other addresses. */
  readonly engine: string
  make(recipe: Recipe): Promise<{ readonly hash: string } | { readonly trouble: string }>
}

export interface ServeParts {
  readonly flows: Flows
  readonly sounds: Sounds
  /** Without it, what has to be spoken for a call is not heard. */
  readonly speech?: Speech
  readonly tokens: Tokens
  /** Whether a key is that of a flow; `''` stands for the address without a flow. */
  readonly isKey: (flow: string, given: string | undefined) => boolean
  readonly log: Logger
  /** Writes the one line of a step. */
  readonly logStep: (line: StepLog) => void
  /** Writes the line of a notice, which every call has one of. */
  readonly logNotice: (fields: NoticeLog, message: string) => void
  /** `https://host` that callers' addresses begin with; undefined: taken from each request. */
  readonly publicUrl: string | undefined
  /** Addresses and ranges whose forwarded headers count; none: nobody's. */
  readonly trustProxy: readonly string[]
  /** Addresses and ranges that may ask; none: everybody. */
  readonly allowFrom: readonly string[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** How switches stand; without it nobody has flipped one. In memory: it is asked at every request. */
  readonly world?: () => World
  readonly version: string
  /** Milliseconds for a body to arrive, where other than usual. */
  readonly patience?: number
}
