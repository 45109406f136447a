/** What the carrier's side is made of: everything that it needs from outside is handed in here. */
import type { Logger } from 'pino'
import type { Dialled } from '../carrier/dial-token.ts'
import type { Tokens } from '../carrier/recent.ts'
import type { Flow } from '../compile/flow.ts'
import type { Recipe } from '../compile/recipe.ts'
import type { Call } from '../run/call.ts'
import type { Ended } from '../run/afterwards.ts'
import type { Item } from '../run/effect.ts'
import type { Step } from '../run/step.ts'
import type { World } from '../run/world.ts'
import type { AskOutside } from './ask-outside.ts'
import type { Memory } from './prepare-end.ts'
import type { RecordingParts } from './recordings.ts'

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
  /** What the carrier reported: it may hold digits that no log shows. */
  readonly result?: string | undefined
}

/** What the carrier told, for the log; nothing of it is secret. */
export type NoticeLog = Readonly<Record<string, string | number | undefined>>

/** Makes the sounds of calls whose words hold values. */
export interface Speech {
  /** Which engine speaks: another one has other addresses. */
  readonly engine: string
  make(recipe: Recipe): Promise<{ readonly hash: string } | { readonly trouble: string }>
  /** Whether the first words are made as fast as any; absent where nobody asks. */
  isReady?(): boolean
}

/** What the carrier told of a recording. */
export interface Told {
  readonly id: string
  readonly address: string
  readonly seconds: number
  /** When it was made, as the carrier says it. */
  readonly created: string
  readonly call: Call
  /** Undefined where the version is not in memory. */
  readonly flow: Flow | undefined
}

/** What is kept and sent beside the answers. */
export interface SendingParts {
  /** Keeps what a call sends, before its answer leaves; never rejects. `caller`: the number of whoever is in the call. */
  readonly send: (items: readonly Item[], caller: string) => Promise<void>
  /** Reads the token of a call that we make. */
  readonly openDial: (token: string) => Dialled | undefined
  /** A call that we made is over, and nobody answered it. */
  readonly unanswered: (dialled: Dialled) => void
  /** A number was rung that comes from a value. */
  readonly rang: (caller: string) => void
  /** Keeps what is known of a recording; rejects where it cannot, and the carrier tells again. */
  readonly recorded: (told: Told) => Promise<void>
  readonly recordings: RecordingParts
  readonly memory: Memory
  /** Notes that a call goes on, with its token where something is sent at its end, and that it is over; nobody waits for it. */
  readonly calls: { readonly seen: (call: Call, flow: Flow, token: string) => void; readonly over: (call: Call, flow: Flow | undefined, ended: Ended) => void }
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
  /** How switches stand and what may be rung; without it nobody has flipped one, and everything may. In memory: it is asked at every request. `caller`: whoever is in the call. */
  readonly world?: (caller: string) => World
  /** Asks what `fetch` asks; without it nobody answers. */
  readonly askOutside?: AskOutside
  /** Told of everything that was asked: the entry of TONVAL_FETCH_HOSTS, what became of it in a word, milliseconds. */
  readonly countOutside?: (entry: string, outcome: string, ms: number) => void
  readonly version: string
  /** Left out where nothing leaves the house: a flow is tried. */
  readonly sending?: SendingParts
  /** Milliseconds for a body to arrive, where other than usual. */
  readonly patience?: number
}
