/** Opening hours, compiled: plain data that answers for any minute without a search through the file. */

/** Minutes of a day, the end not included: from 0 to 1439, to 1 to 2880, where more than 1440 is the next day. */
export type Span = readonly [from: number, to: number]

/** One date or several in a row that differ from the week. */
export interface SpecialDays {
  /** Days since 1970 by the schedule's own calendar, both included. */
  readonly from: number
  readonly to: number
  /** Empty: closed all day. */
  readonly spans: readonly Span[]
  /** What makes them differ. An exception wins over a holiday. */
  readonly by: 'holiday' | 'exception'
  /** The name of the public holiday that they are, exception or not. */
  readonly holiday?: string
}

export interface Schedule {
  readonly name: string
  readonly timezone: string
  /** The hours of the seven days of the week, Sunday first. */
  readonly week: readonly (readonly Span[])[]
  /** In their order; no two hold the same day. */
  readonly special: readonly SpecialDays[]
}

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export const DAY = 1440

/** The place of a day in WEEKDAYS. `day`: days since 1970, which began on a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7
}

/** A day's date as in 2026-03-02. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

/** The entry of a day that differs from the week; undefined for all others. */
export function specialOn({ special }: Schedule, day: number): SpecialDays | undefined {
  let low = 0
  let high = special.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((special[middle] as SpecialDays).to < day) low = middle + 1
    else high = middle
  }
  const found = special[low]
  return found !== undefined && found.from <= day ? found : undefined
}

/** The hours that begin on a day. */
export function spansOn(schedule: Schedule, day: number): readonly Span[] {
  return (specialOn(schedule, day)?.spans ?? schedule.week[weekdayOf(day)]) as readonly Span[]
}
