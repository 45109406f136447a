import type { Direction, Ended } from './call-words.ts'
import type { Sound } from './sounds.ts'

export type { Direction } from './call-words.ts'

/** What the caller meets. One `ivr` stands for all its repeats; a `connect` is put to `Person.line`. */
export type Met =
  | { readonly kind: 'start'; readonly callid: string; readonly direction: Direction; readonly from: string; readonly to: string }
  | { readonly kind: 'ivr'; readonly sound: Sound; readonly digits: number; readonly timeout: number; readonly repeat: number; readonly keys: readonly string[] }
  | { readonly kind: 'play'; readonly sound: Sound; readonly skippable: boolean }
  | { readonly kind: 'record'; readonly record: string; readonly timelimit: number; readonly silencedetection: boolean }
  | { readonly kind: 'hangup'; readonly reason: string }
  | { readonly kind: 'end'; readonly ended: Ended }

/** A connect that rings; `timeout` in seconds. */
export interface Ringing {
  readonly kind: 'connect'
  readonly numbers: readonly string[]
  readonly callerid: string
  readonly timeout: number
}

/** What the connected party does. */
export interface LineAnswer {
  readonly result: 'success' | 'busy' | 'failed'
  /** Which of the numbers answered; the first if absent. */
  readonly number?: string
  /** Seconds that it rings before; 0 if absent, and for `failed` until the timeout. */
  readonly after?: number
  /** Seconds of talk; until somebody hangs up if absent. */
  readonly talk?: number
  /** Who ends the talk after `talk` seconds: the callee if absent. */
  readonly ends?: 'caller' | 'callee'
}

/** The caller's hands and mouth; usable at any time, without effect after the call. */
export interface Phone {
  /** Presses keys one after the other, in no time: digits, `*`, `#`; anything else is refused with a TypeError. */
  press(keys: string): void
  /** Talks for this many seconds from now. */
  speak(seconds: number): void
  hangUp(): void
  /** The party that a connect reached hangs up. */
  calleeHangsUp(): void
  /** The sound that plays, or the recording that runs, breaks. */
  fail(): void
  /** Lets time pass; false if the call ended meanwhile. */
  wait(seconds: number): Promise<boolean>
  /** Seconds since the call began. */
  elapsed(): number
}

/**
 * Whoever holds the telephone: a human at a terminal or a program. Under a virtual clock time stands still until a
 * promise returned here settles, except while it waits with `phone.wait`. What it throws ends the call and is thrown on.
 */
export interface Person {
  meet(met: Met, phone: Phone): void | Promise<void>
  line(ringing: Ringing, phone: Phone): LineAnswer | Promise<LineAnswer>
}
