/** A compiled flow: frozen, linked, plain data, so that a worker can make it and hand it over. States are known by index. */
import type { Path } from '../parse/tree.ts'
import type { InputType } from '../validate/document.ts'
import type { Action } from './action.ts'
import type { JsonPart, ReplyPath } from './asking.ts'
import type { Schedule } from './schedule/schedule.ts'
import type { NumberList } from './number-list.ts'
import type { Outgoing } from './outgoing.ts'
import type { Voice } from './recipe.ts'
import type { Sound, Template } from './sound.ts'
import type { Switch } from './switch.ts'
import type { Table } from './table.ts'
import type { Test } from './test.ts'

export type { Ref, Sound, Template } from './sound.ts'
export type { Compare, Test } from './test.ts'

/** The target that ends a call. */
export const END = -1

/** Where a report leads, and the word of `on` (or `next`) that took it: none where nobody wrote one. */
export interface Edge {
  readonly to: number
  readonly word: string | undefined
  /** Written under the file's `defaults`, for every state of the verb. */
  readonly shared?: true
}

interface Common {
  /** The state's name; of one written in place, the way to it: `menu.on.2`. */
  readonly name: string
  readonly path: Path
  /** Its place in `Flow.visits`, where a test asks for it. */
  readonly visit?: number
}

export interface IvrState extends Common {
  readonly verb: 'ivr'
  readonly action: Action
  /** Its bit among the prompts heard, and the action with the shorter wording. */
  readonly again?: { readonly bit: number; readonly action: Action }
  readonly sorry?: Action
  /** Silence is ours: `words` is played before the state asks again. */
  readonly silent?: { readonly words?: Action }
  readonly attempts: number
  readonly digits: number
  readonly min: number
  readonly valid?: string
  readonly equals?: Template
  readonly save?: number
  readonly sensitive: boolean
  readonly keys: Readonly<Record<string, number>>
  /** Keys of the file that this state does not list itself. */
  readonly fileKeys: Readonly<Record<string, number>>
  /** Fewest `x` first. */
  readonly patterns: readonly { readonly pattern: string; readonly to: number }[]
  readonly any?: number
  /** Takes every accepted input of a state without digit keys. */
  readonly next?: number
  readonly edges: { readonly noinput: Edge; readonly failed: Edge; readonly nomatch: Edge }
}

export interface PlayState extends Common {
  readonly verb: 'play'
  readonly action: Action
  readonly edges: { readonly success: Edge; readonly failed: Edge }
  /** Success and failure lead to the same play or ivr, which then goes out nested in this one. */
  readonly joins?: number
}

export interface ConnectState extends Common {
  readonly verb: 'connect'
  readonly numbers: readonly Template[]
  readonly order: 'together' | 'in-turn' | 'random'
  /** Played before each number but the first. */
  readonly between?: Action
  readonly timeout: number | Template
  readonly callerid?: Template
  readonly timelimit?: number
  /** The action of a single fixed number or a fixed list rung together, the usual case. */
  readonly action?: Action
  readonly answeredBit?: number
  /** What is sent when the recording of the talk is there; undefined where it is not recorded. */
  readonly deliver?: readonly Outgoing[]
  readonly edges: { readonly success: Edge; readonly busy: Edge; readonly failed: Edge }
}

export interface RecordState extends Common {
  readonly verb: 'record'
  readonly actions: readonly Action[]
  /** Its bit beside those of connects: that it gave a recording. */
  readonly answeredBit?: number
  /** What is sent when the recording is there. */
  readonly deliver: readonly Outgoing[]
  readonly edges: { readonly success: Edge; readonly failed: Edge }
}

export interface HangupState extends Common {
  readonly verb: 'hangup'
  readonly action: Action & { readonly do: 'hangup' }
}

export interface RouteState extends Common {
  readonly verb: 'route'
  readonly lines: readonly { readonly when?: Test; readonly to: number }[]
}

export interface SetState extends Common {
  readonly verb: 'set'
  readonly values: readonly ({ readonly index: number; readonly text: Template } | { readonly index: number; readonly random: number })[]
  /** The language that the call goes on in. */
  readonly language?: Template
  readonly edges: { readonly next: Edge }
}

export interface LookupState extends Common {
  readonly verb: 'lookup'
  /** Its name in `Flow.tables`. */
  readonly table: string
  readonly key: Template
  /** For each column the place of its value; -1 where nothing reads it. */
  readonly columns: readonly number[]
  readonly edges: { readonly success: Edge; readonly missing: Edge }
}

export interface FetchState extends Common {
  readonly verb: 'fetch'
  readonly method: string
  readonly address: Template
  /** Names in small letters. */
  readonly headers: readonly (readonly [name: string, text: Template])[]
  readonly query: readonly (readonly [name: string, text: Template])[]
  readonly body?: { readonly kind: 'json'; readonly parts: readonly JsonPart[] } | { readonly kind: 'form'; readonly pairs: FetchState['query'] }
  /** Seconds. */
  readonly timeout: number
  /** Where in the reply each value stands. */
  readonly save: readonly { readonly index: number; readonly path: ReplyPath }[]
  readonly answer?: ReplyPath
  /** By status code and by the text of the answer. */
  readonly keys: Readonly<Record<string, number>>
  readonly edges: { readonly success: Edge; readonly failed: Edge }
}

export interface SendState extends Common {
  readonly verb: 'send'
  readonly items: readonly Outgoing[]
  readonly edges: { readonly next: Edge }
}

/** Runs another flow, or goes on in it for good. */
export interface FlowState extends Common {
  readonly verb: 'flow'
  /** The other flow's name, and its place in `Flow.sections`. */
  readonly runs: string
  readonly section: number
  /** Whether the call never comes back. */
  readonly jump: boolean
  readonly inputs: readonly Given[]
  /** Values that are kept of the other flow, both by their places in `Flow.values`. */
  readonly saves: readonly { readonly index: number; readonly from: number }[]
  /** The same values by their names there. */
  readonly keeps: readonly string[]
  /** By the exits of the other flow; and `failed`. */
  readonly edges: Readonly<Record<string, Edge>>
}

/** What an input is given: a text, an address to be played, or one of `Flow.given`. */
export type Given = { readonly index: number; readonly name: string; readonly type: InputType } & ({ readonly text: Template } | { readonly address: Template } | { readonly sound: number })

/** Leaves a flow that another one runs. */
export interface ExitState extends Common {
  readonly verb: 'exit'
  readonly exit: string
}

/** Another 46elks application takes the call over. */
export interface HandoverState extends Common {
  readonly verb: 'handover'
  readonly address: string
}

export type State = IvrState | PlayState | ConnectState | RecordState | HangupState | RouteState | SetState | LookupState | FetchState | SendState | FlowState | ExitState | HandoverState

/** A flow's part of the tables: the flow itself, and each one that can be reached from it. */
export interface Section {
  readonly name: string
  /** Its first state; its states end where the next section's begin. */
  readonly from: number
  readonly start: number
  /** Undefined where the flow says nothing of what breaks. */
  readonly onError: number | undefined
  /** Its values in `Flow.values`. */
  readonly values: { readonly from: number; readonly count: number }
  /** How many of `Flow.schedules` stand before its own. */
  readonly schedules: number
  /** Those that it says it has: the first stands in for the others. */
  readonly languages: readonly [string, ...string[]]
  readonly timezone: string
  readonly country: string
}

export interface Flow {
  readonly name: string
  /** The content hash of everything that the answers depend on. */
  readonly version: string
  readonly title: string
  readonly file: string
  readonly numbers: readonly string[]
  readonly language: string
  /** The languages that a call can be in, that in which it begins first; this one alone where nothing depends on it. */
  readonly languages: readonly string[]
  readonly timezone: string
  readonly country: string
  readonly start: number
  /** Where a call goes when something of ours breaks, or that has gone on for too long. */
  readonly onError: number
  readonly states: readonly State[]
  /** The flow itself, then each that it can run or go on in. */
  readonly sections: readonly [Section, ...Section[]]
  /** Sounds that are given to inputs. */
  readonly given: readonly Sound[]
  /** The voices that words of its calls are spoken in: whoever speaks them had better be ready. */
  readonly speaks?: readonly Voice[]
  /** Whether the carrier can begin a call in it: not where it has exits, or inputs that must be given. */
  readonly answers: boolean
  readonly schedules: readonly Schedule[]
  /** Where a call goes once that has lasted so long; `taken` is its place in `visits`, where it is counted. */
  readonly longest?: { readonly seconds: number; readonly to: number; readonly taken: number }
  /** Names that the flow can set, in the order that tokens keep. */
  readonly values: readonly string[]
  /** For each counted state the most arrivals that a test asks for: more need not be remembered. */
  readonly visits: readonly number[]
  readonly heardBits: number
  readonly answeredBits: number
  /** Built-in values that the flow reads: only these travel in tokens. */
  readonly reads: readonly string[]
  /** Those that its states ask for, by name; those of a flow that it runs behind that one's name, as in `pin/staff`. */
  readonly lists: Readonly<Record<string, NumberList>>
  readonly tables: Readonly<Record<string, Table>>
  /** By name, those of the flows that it runs among them: one flip sets all of a name. */
  readonly switches: Readonly<Record<string, Switch>>
  /** What a call that begins in it can be given; those of type `text` may be left out. */
  readonly inputs: Readonly<Record<string, InputType>>
  /** What is sent when a call that began in this flow is over. */
  readonly onHangup: readonly Outgoing[]
  /** What is sent when the recording of such a call is there; undefined where it is not recorded. */
  readonly recordcall?: readonly Outgoing[]
  /** Whether anything may be sent because such a call is over. */
  readonly atEnd: boolean
  /** Hosts that an address made of values may lead to. */
  readonly hosts: readonly string[]
  /** The silent sound, for those who say nothing and for handovers. */
  readonly silence: Sound
}
