/**
 * What must outlive the process: items of the outbox, recordings, calls that are open. Every method is one transaction,
 * on the disk when it resolves (records of calls: at the next of the others), and safe beside other servers that share the store. Rejects with a StoreError.
 */
import type { Ended } from '../run/afterwards.ts'
import type { Item } from '../run/effect.ts'
import type { CallRecords } from './call-record.ts'
import type { ItemState, RecordingState } from './states.ts'

export { ITEM_STATES } from './states.ts'
export type { ItemState, RecordingState } from './states.ts'

/** An item on its way in. Times are milliseconds since 1970. */
export interface NewItem {
  readonly id: string
  readonly item: Item
  /** Who it goes to: a number, an address, a host. */
  readonly receiver: string
  /** The number of the caller in whose call it arose; empty for a hidden one. */
  readonly caller: string
  /** When it is first tried. */
  readonly next: number
  /** When it is given up. */
  readonly deadline: number
  /** Why it must never be sent: it is kept as failed at once. */
  readonly refused?: string
  /** What it waits for, where that is known before any attempt. */
  readonly waits?: string
}

/** What became of one that was put: `known` has been there before. */
export type Put = 'stored' | 'known' | 'skipped' | 'refused'

export interface StoredItem {
  readonly id: string
  readonly kind: Item['kind']
  readonly receiver: string
  readonly flow: string
  readonly call: string
  readonly place: string
  readonly state: ItemState
  readonly created: number
  readonly deadline: number
  /** When it is tried, or asked for, next; null for one that is over, or waits for somebody. */
  readonly next: number | null
  readonly attempts: number
  /** When the last attempt began. */
  readonly claimed: number | null
  /** The recording that it waits for or takes along. */
  readonly recording: string | null
  readonly why: string | null
  /** The receiver's own name for what was sent. */
  readonly ref: string | null
  /** When it was sent, failed or dropped. */
  readonly ended: number | null
  /** Null once it was sent, skipped or dropped: texts are kept no longer than they are needed. */
  readonly item: Item | null
}

/** How an attempt ended. */
export type Settled =
  | { readonly is: 'sent'; readonly ref?: string }
  | { readonly is: 'waiting'; readonly next: number; readonly why: string }
  | { readonly is: 'failed'; readonly why: string }
  /** `next`: when the receiver is asked; without it, only people can tell. */
  | { readonly is: 'doubt'; readonly next?: number; readonly why: string }

export interface ItemCount {
  readonly state: ItemState
  readonly kind: Item['kind']
  readonly count: number
  /** When the oldest of them was stored. */
  readonly oldest: number
}

export interface Recording {
  /** The carrier's name of it, without the ending: `c0123…-r0`. */
  readonly id: string
  readonly call: string
  readonly flow: string
  readonly place: string
  /** Where the carrier keeps it. */
  readonly address: string
  readonly seconds: number
  /** When it was made, as the carrier says it. */
  readonly created: string
  readonly state: RecordingState
  /** When it was reported. */
  readonly noticed: number
  readonly attempts: number
  readonly next: number
  readonly bytes: number
  readonly why: string | null
}

export type NewRecording = Pick<Recording, 'id' | 'call' | 'flow' | 'place' | 'address' | 'seconds' | 'created' | 'noticed'>

/** A call that has begun and is not known to be over. */
export interface OpenCall {
  readonly id: string
  readonly flow: string
  readonly version: string
  /** When it began. */
  readonly start: number
  /** The newest of the call as its token carries it, where something is to be done when it is over; else empty. */
  readonly token: string
  /** The server that saw it begin. */
  readonly server: string
}

export interface Store extends CallRecords {
  /** Keeps items, each key once. */
  put(items: readonly NewItem[], now: number): Promise<readonly Put[]>
  /** Takes items that are due, and marks that they are being sent until `lease`; none of them is handed to anybody else. */
  claim(owner: string, now: number, lease: number, most: number): Promise<readonly StoredItem[]>
  /** Takes items in doubt whose receiver can be asked. */
  claimDoubts(owner: string, now: number, lease: number, most: number): Promise<readonly StoredItem[]>
  /** Writes down how an attempt ended; false where it was no longer ours. */
  settle(id: string, owner: string, end: Settled, now: number): Promise<boolean>
  /** Who is sending now. */
  owners(): Promise<readonly string[]>
  /** Items that were being sent by owners who are gone, or whose lease is over, come into doubt; those that can be asked for, at `ask`. */
  abandon(now: number, gone: readonly string[], ask: number): Promise<readonly StoredItem[]>
  /** When the next item is due. */
  nextDue(): Promise<number | undefined>
  /** Whether an item was sent that the receiver knows by this name. */
  hasRef(ref: string): Promise<boolean>
  item(id: string): Promise<StoredItem | undefined>
  /** The newest first. */
  list(states: readonly ItemState[], most: number): Promise<readonly StoredItem[]>
  counts(): Promise<readonly ItemCount[]>
  /** Items that ring or write to numbers, since a time, by caller. */
  dialled(since: number): Promise<readonly { readonly id: string; readonly caller: string; readonly at: number }[]>
  /** Sends a failed, dropped or doubtful item anew. What it was before; undefined for an unknown one. */
  retry(id: string, now: number, deadline: number): Promise<ItemState | undefined>
  /** Gives an item up that is not on its way and was not sent. */
  drop(id: string, now: number): Promise<ItemState | undefined>
  /** Makes items due that wait for one of these reasons. */
  hurry(whys: readonly string[], now: number): Promise<void>
  /** Forgets items that ended before these times. */
  prune(done: number, failed: number): Promise<void>

  /** Keeps what was reported of a recording; false where it was known. */
  noteRecording(recording: NewRecording): Promise<boolean>
  claimRecordings(owner: string, now: number, lease: number, most: number): Promise<readonly Recording[]>
  settleRecording(id: string, state: RecordingState, more: { readonly next?: number; readonly bytes?: number; readonly why?: string }): Promise<void>
  recording(id: string): Promise<Recording | undefined>
  /** Those of a call, in the order in which they were reported. */
  recordingsOf(call: string): Promise<readonly Recording[]>
  /** Those that were reported before a time and are still with the carrier; each is told once. */
  overdueRecordings(before: number): Promise<readonly Recording[]>
  /** Marks those as deleted that were reported before a time. */
  expireRecordings(before: number): Promise<readonly string[]>
  /** The newest first, without those that were deleted. */
  recordings(most: number): Promise<readonly Recording[]>
  /** Asks for one anew that is lost or still with the carrier. What it was before; undefined for an unknown one. */
  retryRecording(id: string, now: number): Promise<RecordingState | undefined>
  recordingCounts(): Promise<readonly { readonly state: RecordingState; readonly count: number; readonly oldest: number }[]>

  /** Notes calls that go on, and that are over. */
  noteCalls(open: readonly OpenCall[], over: readonly string[]): Promise<void>
  /** Keeps how a call went, as it is told first. */
  noteEnd(call: string, ended: Ended, now: number): Promise<void>
  endOf(call: string): Promise<Ended | undefined>
  /** Takes calls out that began before a time. */
  agedCalls(before: number, most: number): Promise<readonly OpenCall[]>
}

/** What `Store` promises, for those who do it at once. */
export type AtOnce<T> = { readonly [K in keyof T]: T[K] extends (...args: infer A) => Promise<infer R> ? (...args: A) => R : never }

/** Methods that change nothing. */
export const READS: readonly (keyof Store)[] = ['owners', 'nextDue', 'hasRef', 'item', 'list', 'counts', 'dialled', 'recording', 'recordingsOf', 'recordings', 'recordingCounts', 'endOf', 'calls', 'call', 'callFigures']
