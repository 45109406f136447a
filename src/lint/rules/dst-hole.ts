import { FIRST_YEAR, LAST_YEAR } from '../../compile/schedule/holidays.ts'
import { readDates, readDays, readSpans, timeText } from '../../compile/schedule/read-hours.ts'
import { DAY, specialOn, weekdayOf } from '../../compile/schedule/schedule.ts'
import type { Schedule, Span } from '../../compile/schedule/schedule.ts'
import { clockChanges } from '../../compile/schedule/wall-clock.ts'
import type { ClockChange } from '../../compile/schedule/wall-clock.ts'
import type { Path } from '../../parse/tree.ts'
import { asksSchedule } from '../asks-schedule.ts'
import type { Linted, Rule } from '../rule.ts'

/** Whether hours that begin on a day lie in the hour of a change, or begin or end inside it. Those that hold all of it just last an hour more or less. */
function isCut([from, to]: Span, day: number, change: ClockChange): boolean {
  const start = change.from + (change.day - day) * DAY
  const end = change.to + (change.day - day) * DAY
  return (start < from && from < end) || (start < to && to < end) || (start <= from && to <= end)
}

function lookAt(schedule: Schedule, path: Path, text: string, applies: (day: number) => boolean, tell: Linted['tell']): void {
  for (const { text: written, span } of text === 'closed' ? [] : readSpans(text)) {
    // hours that begin the night before may end in the hour of the change
    const change = clockChanges(schedule.timezone, FIRST_YEAR, LAST_YEAR)
      .find(one => [one.day, one.day - 1].some(day => applies(day) && isCut(span, day, one)))
    if (change === undefined) continue
    tell(path, {
      message: `\`${written}\` meets the hour that the clocks skip in spring and show twice in autumn`,
      label: `in ${schedule.timezone} an hour from ${timeText(change.from)} to ${timeText(change.to)} is ${change.kind}`,
      effect: 'in one night these hours are shorter or missing, in another they come twice',
      help: 'begin and end outside of that hour, unless this is what you mean',
    })
    return
  }
}

export const dstHole: Rule = {
  name: 'dst-hole',
  severity: 'warning',
  why: 'Hours that begin or end while the clocks change are missing in one night of the year, and come twice in another.',
  valid: `
start: who
timezone: Europe/Stockholm
schedules:
  night: { open: { daily: 22:00-07:00 } }
${asksSchedule('night')}`,
  invalid: `
start: who
timezone: Europe/Stockholm
schedules:
  night: { open: { daily: 02:00-03:00 } }
${asksSchedule('night')}`,
  check({ flow, data, tell }) {
    for (const schedule of flow.schedules) {
      const written = data.schedules?.[schedule.name]
      for (const [days, text] of Object.entries(written?.open ?? {})) {
        const weekdays = readDays(days)
        lookAt(schedule, ['schedules', schedule.name, 'open', days], text, day => weekdays.includes(weekdayOf(day)) && specialOn(schedule, day) === undefined, tell)
      }
      for (const [dates, text] of Object.entries(written?.except ?? {})) {
        const { from = Infinity, to = -Infinity } = readDates(dates)
        lookAt(schedule, ['schedules', schedule.name, 'except', dates], text, day => from <= day && day <= to, tell)
      }
    }
  },
}
