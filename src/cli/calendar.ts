/** The calendar of a flow's schedules for one year, for people and for programs. */
import type { Flow } from '../compile/flow.ts'
import { spanText, timeText } from '../compile/schedule/read-hours.ts'
import { dateOf, spansOn, specialOn, WEEKDAYS, weekdayOf } from '../compile/schedule/schedule.ts'
import type { Schedule, Span } from '../compile/schedule/schedule.ts'
import { clockChanges } from '../compile/schedule/wall-clock.ts'

type Weekday = (typeof WEEKDAYS)[number]

interface CalendarDay {
  readonly date: string
  readonly day: Weekday
  /** `08:00-12:00`; empty where it is closed all day. One that ends before it begins ends the next day. */
  readonly open: readonly string[]
  /** Why it differs from the week. */
  readonly by?: 'holiday' | 'exception'
  /** The name of the public holiday that it is, also where an exception gives it hours. */
  readonly holiday?: string
  /** The clocks change: local time goes from the one to the other. */
  readonly clocks?: { readonly from: string; readonly to: string }
}

/** From Monday on, as people read a week. */
const WEEK = [1, 2, 3, 4, 5, 6, 0]

/** Every day of the year of every schedule; the form of version 1 only ever gets more keys. */
export function calendarJson(flow: Flow, year: number) {
  return {
    version: 1, flow: flow.name, file: flow.file, year,
    schedules: flow.schedules.map(schedule => ({
      name: schedule.name, timezone: schedule.timezone,
      week: Object.fromEntries(WEEK.map(day => [WEEKDAYS[day] as Weekday, texts(schedule.week[day])])),
      days: daysOf(schedule, year),
    })),
  }
}

/** A table for each schedule: its week, and the days of the year that differ from it. */
export function calendarTable(flow: Flow, year: number): string {
  return flow.schedules.map(schedule => {
    const special = daysOf(schedule, year).filter(day => day.by !== undefined || day.clocks !== undefined)
    const rows = special.map(day => [day.date, day.day, hoursText(day.open), marks(day)])
    return [
      `${schedule.name} in ${year}, ${schedule.timezone}`, '',
      ...aligned(weekRows(schedule)), '',
      ...(rows.length === 0 ? ['  no day differs from the week'] : aligned(rows)),
    ].join('\n')
  }).join('\n\n') + '\n'
}

/** The rows of the week; days in a row with the same hours share one. */
function weekRows(schedule: Schedule): string[][] {
  const rows: { first: number; last: number; hours: string }[] = []
  for (const day of WEEK) {
    const hours = hoursText(texts(schedule.week[day]))
    const before = rows.at(-1)
    if (before?.hours === hours) before.last = day
    else rows.push({ first: day, last: day, hours })
  }
  return rows.map(({ first, last, hours }) => [first === last ? WEEKDAYS[first] as Weekday : `${WEEKDAYS[first]}-${WEEKDAYS[last]}`, hours])
}

function marks({ by, holiday, clocks }: CalendarDay): string {
  const parts = by === undefined ? [] : by === 'holiday' ? [`holiday: ${holiday}`] : [holiday === undefined ? 'exception' : `exception (${holiday})`]
  if (clocks !== undefined) parts.push(`clocks: ${clocks.from} becomes ${clocks.to}`)
  return parts.join('; ')
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] as string).length)))
  return rows.map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ')}`.trimEnd())
}

function daysOf(schedule: Schedule, year: number): CalendarDay[] {
  const first = Date.UTC(year, 0, 1) / 86_400_000
  const last = Date.UTC(year, 11, 31) / 86_400_000
  const changes = clockChanges(schedule.timezone, year - 1, year + 1)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const day = first + index
    const special = specialOn(schedule, day)
    const change = changes.find(one => one.day === day)
    return {
      date: dateOf(day), day: WEEKDAYS[weekdayOf(day)] as Weekday, open: texts(spansOn(schedule, day)),
      ...(special === undefined ? {} : { by: special.by }), ...(special?.holiday === undefined ? {} : { holiday: special.holiday }),
      ...(change === undefined ? {} : { clocks: change.kind === 'skipped' ? { from: timeText(change.from), to: timeText(change.to) } : { from: timeText(change.to), to: timeText(change.from) } }),
    }
  })
}

function texts(spans: readonly Span[] = []): string[] {
  return spans.map(spanText)
}

function hoursText(open: readonly string[]): string {
  return open.length === 0 ? 'closed' : open.join(', ')
}
