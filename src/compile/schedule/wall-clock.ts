/** What the clock on the wall shows in a time zone. */

const MINUTE = 60_000
/** Every zone of our days changes its clocks at a quarter of an hour: within one, one question is enough. */
const QUARTER = 15 * MINUTE

interface Clock {
  readonly format: Intl.DateTimeFormat
  /** The quarter asked for last, in quarters since 1970, and the minutes that local time is ahead of UTC in it. */
  quarter: number
  offset: number
}

const clocks = new Map<string, Clock>()

/** Whether a time zone exists. */
export function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Minutes since 1970 as the wall clock counts them. `now`: milliseconds since 1970, UTC. Throws for a zone that does not exist. */
export function wallMinutes(zone: string, now: number): number {
  return Math.floor(now / MINUTE) + offsetMinutes(zone, now)
}

/** How many minutes local time is ahead of UTC. */
export function offsetMinutes(zone: string, now: number): number {
  let clock = clocks.get(zone)
  if (clock === undefined) {
    // the Swedish form is ISO's: 2026-03-02 14:05
    clock = { format: new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }), quarter: NaN, offset: 0 }
    clocks.set(zone, clock)
  }
  const quarter = Math.floor(now / QUARTER)
  if (quarter !== clock.quarter) {
    clock.offset = (Date.parse(`${clock.format.format(quarter * QUARTER).replace(' ', 'T')}Z`) - quarter * QUARTER) / MINUTE
    clock.quarter = quarter
  }
  return clock.offset
}

/** A change of clocks. */
export interface ClockChange {
  /** The day on which the hour stands that is skipped or doubled, in days since 1970, and that hour in minutes of the day. */
  readonly day: number
  readonly from: number
  readonly to: number
  readonly kind: 'skipped' | 'doubled'
}

const DAY = 1440
const changes = new Map<string, readonly ClockChange[]>()

/** The changes of clocks in the years from `first` to `last`, in their order. */
export function clockChanges(zone: string, first: number, last: number): readonly ClockChange[] {
  const key = `${zone} ${first} ${last}`
  let found = changes.get(key)
  if (found === undefined) {
    found = findChanges(zone, Date.UTC(first, 0, 1), Date.UTC(last + 1, 0, 1))
    changes.set(key, found)
  }
  return found
}

/** No zone changes its clocks twice in two weeks and back. */
const STRIDE = 14 * DAY * MINUTE

function findChanges(zone: string, from: number, to: number): ClockChange[] {
  const found: ClockChange[] = []
  for (let start = from; start < to; start += STRIDE) {
    const before = offsetMinutes(zone, start)
    const after = offsetMinutes(zone, start + STRIDE)
    if (before === after) continue
    let low = start / QUARTER
    let high = (start + STRIDE) / QUARTER
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetMinutes(zone, middle * QUARTER) === before) low = middle
      else high = middle
    }
    const at = (high * QUARTER) / MINUTE
    const earlier = at + Math.min(before, after)
    const day = Math.floor(earlier / DAY)
    found.push({ day, from: earlier - day * DAY, to: earlier - day * DAY + Math.abs(after - before), kind: after > before ? 'skipped' : 'doubled' })
  }
  return found
}

/** When a day begins, in milliseconds since 1970. `day`: days since 1970, as the wall clock counts them. */
export function dayBegins(zone: string, day: number): number {
  const wall = day * DAY * MINUTE
  // the offset then is the one to take off: asked for once more, because the first guess may lie behind a change of clocks
  const guess = wall - offsetMinutes(zone, wall) * MINUTE
  return wall - offsetMinutes(zone, guess) * MINUTE
}
