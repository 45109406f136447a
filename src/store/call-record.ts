/** Calls as they are kept: what was asked and answered, step by step, and how they ended. Times are milliseconds since 1970. */

/**
 * Why a call is over: `end` (the flow had no more to say), `connected` (somebody answered, and the talk is over), `hangup`
 * (a `hangup` of the flow), `handover` (another application took it over), `caller` (it was hung up where the flow went on),
 * `error` (something of ours broke, and there was no way on), `unknown` (the end was never reported).
 */
export type CallEnd = 'end' | 'connected' | 'hangup' | 'handover' | 'caller' | 'error' | 'unknown'
export const CALL_ENDS: readonly CallEnd[] = ['end', 'connected', 'hangup', 'handover', 'caller', 'error', 'unknown']

/** What the carrier was asked for last in an answer; `handover`: another application goes on. */
export type Met = 'ivr' | 'play' | 'connect' | 'record' | 'hangup' | 'handover'

export interface CallRecord {
  /** The carrier's. */
  readonly id: string
  /** The flow that answered. */
  readonly flow: string
  /** The newest that it was on. */
  readonly version: string
  readonly begun: number
  /** When it was over; null while it goes on, and where nobody reported it. */
  readonly over: number | null
  /** As the carrier counts them, once it is over. */
  readonly seconds: number | null
  /** The last four digits of a caller's number, our own line whole; `hidden`; empty where the first request is not on record. */
  readonly caller: string
  /** The line that was called; in a call that we make the last four digits of whom we called. */
  readonly called: string
  readonly direction: string
  /** The state where it stands, or stood last; null where it never came to one. */
  readonly at: string | null
  /** Null while it goes on. */
  readonly ended: CallEnd | null
  /** Requests that were answered. */
  readonly steps: number
}

/** A sound as a record names it. Values that were spoken in it stand as they are written: `{{name}}`. */
export interface HeardSound {
  readonly name: string
  /** What is said in it, where the flow says so. */
  readonly text?: string
  /** `/audio/HASH/NAME` on the carrier's side, `sound/…` of the carrier, or an address without its query. */
  readonly address?: string
}

/** One state after the other. */
export interface RecordedMove {
  readonly from: string
  /** As the edges of the flow are named: a key, `2xx`, `any`, `noinput`, `sorry`, `silent`, `line 2`; `***` for keys that are not shown. */
  readonly event: string
  readonly to: string
}

/** One request of a call, and what it was answered. */
export interface RecordedStep {
  readonly version: string
  readonly at: number
  /** Milliseconds that the answer took. */
  readonly ms: number
  /** At least one. */
  readonly moves: readonly RecordedMove[]
  readonly met: Met
  /** The call ends with what was met. */
  readonly last: boolean
  readonly heard: readonly HeardSound[]
  /** The public holiday that a schedule said it was. */
  readonly holiday?: string
  /** Why a `fetch` failed, in a word. */
  readonly reason?: string
  /** A single key that was no key of the state. */
  readonly pressed?: string
  /** How many keys, where they were several. */
  readonly keys?: number
  /** Who was rung, last four digits each. */
  readonly numbers?: readonly string[]
  /** Something of ours broke; the log says what. */
  readonly broke?: true
}

/** An item of the outbox, as StoredItem has it. */
export interface CallSend {
  readonly id: string
  readonly kind: string
  readonly receiver: string
  readonly place: string
  readonly state: string
  readonly created: number
  readonly ended: number | null
  readonly why: string | null
}

/** As Recording has it. */
export interface CallRecording {
  readonly id: string
  readonly place: string
  readonly seconds: number
  readonly state: string
  readonly noticed: number
  readonly bytes: number
}

/** Everything that is known of a call. */
export interface CallTrace {
  readonly call: CallRecord
  /** In their order. */
  readonly steps: readonly RecordedStep[]
  /** What it sent, as the outbox still knows it. */
  readonly sends: readonly CallSend[]
  readonly recordings: readonly CallRecording[]
  /** How the carrier said that it ended: `success`, `failed`, `busy`; null where it did not. */
  readonly reported: string | null
  /** Who answered, last four digits, and the seconds of the talk, as the carrier told at the end. */
  readonly answered: { readonly number: string; readonly seconds: number } | null
}

/** Where a list goes on. */
export interface CallPlace {
  readonly begun: number
  readonly n: number
}

/** Which calls; what is left out counts for all. */
export interface CallQuery {
  /** Begun then or later. */
  readonly since?: number
  /** Begun before. */
  readonly until?: number
  readonly flow?: string
  readonly state?: string
  readonly end?: CallEnd
  /** Only those that go on. */
  readonly live?: boolean
  /** Only those before this place. */
  readonly before?: CallPlace
  readonly limit: number
}

/** Some calls, the newest first. A page may hold fewer than there are, and even none: `next` is null when there are no more. */
export interface CallPage {
  readonly calls: readonly CallRecord[]
  readonly next: CallPlace | null
}

/** What some calls of a flow did, added up. */
export interface CallFigures {
  readonly calls: number
  readonly live: number
  /** Begun, by the quarter of an hour since 1970. */
  readonly quarters: readonly (readonly [quarter: number, calls: number])[]
  readonly ends: readonly (readonly [end: CallEnd, calls: number])[]
  readonly edges: readonly (RecordedMove & { readonly count: number })[]
  /** Of each `ivr`: how often it asked, met silence, and got what it does not take; single keys of that, each with its count. */
  readonly menus: readonly MenuFigures[]
  /** For each call that somebody answered: milliseconds from its begin until that number was rung. */
  readonly human: readonly number[]
  /** Where to go on; null at the end. */
  readonly next: CallPlace | null
}

export interface MenuFigures {
  readonly state: string
  readonly asked: number
  readonly silence: number
  readonly wrong: number
  readonly keys: readonly (readonly [key: string, count: number])[]
}

/** The part of the store that keeps calls. Each method is one short transaction: callers' effects wait behind it. */
export interface CallRecords {
  /** Keeps lines as record-lines.ts writes them; a step that is known already, once. */
  writeCalls(lines: string, now: number): Promise<void>
  calls(query: CallQuery): Promise<CallPage>
  /** Undefined for one that is not on record. */
  call(id: string): Promise<CallTrace | undefined>
  /** Figures of the calls of a flow that began in a span, a part at a time. */
  callFigures(flow: string, since: number, until: number, after: CallPlace | null): Promise<CallFigures>
  /** Ends calls that began before `aged` and are not over, and forgets those that began before `before`: at most so many each. How many at most of either. */
  pruneCalls(before: number, aged: number, most: number): Promise<number>
}
