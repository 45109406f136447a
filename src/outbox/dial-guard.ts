/** How much may be rung and written: numbers that are refused, a cap for each caller and hour, and one for the day. */
import { refusal } from '../compile/dialable.ts'
import { masked } from '../run/masked.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** The share of a cap at which somebody is told. */
const ALARM = 0.8

export interface DialLimits {
  /** For a caller in an hour, and for all in a day; 0: no limit. */
  readonly caller: number
  readonly day: number
}

export interface DialGuard {
  /** Beginnings of numbers that are allowed; none: every country's. */
  readonly allow: readonly string[]
  readonly limits: DialLimits
  /** What was spent in the last 24 hours, and how often something was refused since the start. */
  readonly spent: number
  readonly refused: number
  /** Why a number must never be rung, in words. */
  refuses(number: string): string | undefined
  /** Counts one that goes out; or says why not. Each id counts once; an empty one always. A hidden caller has no cap of his own. */
  spend(id: string, caller: string, now: number): string | undefined
  /** One that was counted does not go out after all; it is not counted anew. */
  takeBack(id: string, caller: string): void
  /** Whether nothing more may go out for this caller. */
  isSpent(caller: string, now: number): boolean
  /** Counts what went out before this server started. */
  remember(rows: readonly { readonly id: string; readonly caller: string; readonly at: number }[]): void
}

interface Parts {
  readonly allow: () => readonly string[]
  readonly limits: DialLimits
  /** Told when a cap is near, and when it is reached: once for each caller and hour, and day. */
  readonly alarm: (text: string, what: { readonly caller?: string; readonly count: number; readonly limit: number }) => void
}

/** Times in their order, and only those that still count. */
class Window {
  readonly #span: number
  #times: number[] = []
  #first = 0
  told = -Infinity

  constructor(span: number) {
    this.#span = span
  }

  add(at: number): void {
    this.#times.push(at)
  }

  remove(at: number): void {
    const index = this.#times.lastIndexOf(at)
    if (index >= this.#first) this.#times.splice(index, 1)
  }

  count(now: number): number {
    while (this.#first < this.#times.length && (this.#times[this.#first] as number) <= now - this.#span) this.#first++
    if (this.#first > 1000 && this.#first * 2 > this.#times.length) {
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
    return this.#times.length - this.#first
  }
}

export function createDialGuard({ allow, limits, alarm }: Parts): DialGuard {
  const day = new Window(DAY)
  const callers = new Map<string, Window>()
  const known = new Map<string, number>()
  let refused = 0
  let swept = -Infinity
  let latest = 0

  function ofCaller(caller: string): Window {
    let window = callers.get(caller)
    if (window === undefined) callers.set(caller, window = new Window(HOUR))
    return window
  }

  /** What is over is forgotten. */
  function sweep(now: number): void {
    latest = Math.max(latest, now)
    if (now - swept < HOUR / 4) return
    swept = now
    for (const [caller, window] of callers) if (window.count(now) === 0) callers.delete(caller)
    for (const [id, at] of known) if (at < now - DAY) known.delete(id)
  }

  /** What says no, in words. */
  function over(caller: string, now: number): string | undefined {
    if (limits.day > 0 && day.count(now) >= limits.day) return `${limits.day} have gone out in 24 hours, the most that TONVAL_DIAL_DAY allows`
    const own = hasNumber(caller) && limits.caller > 0 ? callers.get(caller) : undefined
    return own === undefined || own.count(now) < limits.caller ? undefined : `${limits.caller} have gone out for this caller in an hour, the most that TONVAL_DIAL_CALLER allows`
  }

  function near(window: Window, limit: number, span: number, now: number, text: string, caller?: string): void {
    const count = window.count(now)
    if (limit === 0 || count < Math.ceil(limit * ALARM) || now - window.told < span) return
    window.told = now
    alarm(text, { count, limit, ...(caller === undefined ? {} : { caller: masked(caller) }) })
  }

  return {
    get allow() { return allow() },
    limits,
    get spent() { return day.count(latest) },
    get refused() { return refused },

    refuses(number) {
      const why = refusal(number, allow())
      if (why === undefined) return undefined
      refused++
      if (why === 'emergency') return 'this is an emergency number: no menu ever rings or writes to one'
      if (why === 'premium') return 'this is a premium number: tonval never rings or writes to one'
      return `its country is not among ${allow().join(', ')}: add its beginning to TONVAL_DIAL_ALLOW`
    },

    spend(id, caller, now) {
      sweep(now)
      if (id !== '' && known.has(id)) return undefined
      const hit = over(caller, now)
      if (hit !== undefined) {
        refused++
        return hit
      }
      if (id !== '') known.set(id, now)
      day.add(now)
      near(day, limits.day, DAY, now, 'most of what may go out in 24 hours has gone out (TONVAL_DIAL_DAY); then nothing more is rung or written')
      if (hasNumber(caller)) {
        const own = ofCaller(caller)
        own.add(now)
        near(own, limits.caller, HOUR, now, 'most of what may go out for one caller in an hour has gone out (TONVAL_DIAL_CALLER)', caller)
      }
      return undefined
    },

    takeBack(id, caller) {
      const at = known.get(id)
      if (at === undefined) return
      day.remove(at)
      callers.get(caller)?.remove(at)
    },

    isSpent(caller, now) {
      return over(caller, now) !== undefined
    },

    remember(rows) {
      for (const { id, caller, at } of [...rows].sort((a, b) => a.at - b.at)) {
        // put since the start, and counted then
        if (known.has(id)) continue
        latest = Math.max(latest, at)
        known.set(id, at)
        day.add(at)
        if (hasNumber(caller)) ofCaller(caller).add(at)
      }
    },
  }
}

/** Those who hide their number share one: a cap on it would be one on all of them. */
function hasNumber(caller: string): boolean {
  return /^\+?\d{4,}$/.test(caller)
}
