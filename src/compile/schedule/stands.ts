/** How a schedule stands at some time: by the clock on the wall, and nothing else. */
import { DAY, spansOn, specialOn } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { wallMinutes } from './wall-clock.ts'

export interface Stand {
  readonly open: boolean
  /** The day is a public holiday, or closed by an exception. */
  readonly holiday: boolean
  /** The name of that public holiday. */
  readonly name?: string
}

/** `now`: milliseconds since 1970. Hours belong to the day on which they begin: those of the night before a holiday run to their end. */
export function standsAt(schedule: Schedule, now: number): Stand {
  const wall = wallMinutes(schedule.timezone, now)
  const day = Math.floor(wall / DAY)
  const minute = wall - day * DAY
  const special = specialOn(schedule, day)
  const open = spansOn(schedule, day).some(([from, to]) => from <= minute && minute < to)
    || spansOn(schedule, day - 1).some(([, to]) => minute + DAY < to)
  const holiday = special?.spans.length === 0
  return { open, holiday, ...(holiday && special.holiday !== undefined ? { name: special.holiday } : {}) }
}

/** Whether `is: open`, `is: closed` or `is: holiday` holds. */
export function isSo(stand: Stand, is: 'open' | 'closed' | 'holiday'): boolean {
  return is === 'open' ? stand.open : is === 'closed' ? !stand.open : !stand.open && stand.holiday
}
