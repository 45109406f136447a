/** `schedules:` → Schedules: hours by day of the week, and the days that differ from it. */
import type { ScheduleData } from '../../validate/document.ts'
import type { Path } from '../../parse/tree.ts'
import { alsoAt, guess, placeIn, tell } from '../context.ts'
import type { Context } from '../context.ts'
import { holidaysOf } from './holidays.ts'
import type { Calendar } from './holidays.ts'
import { readDates, readDays, readSpans } from './read-hours.ts'
import type { WrittenSpan } from './read-hours.ts'
import { dateOf, WEEKDAYS } from './schedule.ts'
import type { Schedule, Span, SpecialDays } from './schedule.ts'
import { isTimezone } from './wall-clock.ts'

/** All schedules of a file, in its order. */
export function compileSchedules(context: Context): Schedule[] {
  const { data } = context.document
  return Object.entries(data.schedules ?? {}).map(([name, schedule]) => {
    const path = ['schedules', name]
    checkTimezone(context, [...path, 'timezone'], schedule.timezone)
    const zone = schedule.timezone ?? data.timezone ?? 'UTC'
    const week = weekOf(context, path, schedule)
    const exceptions = exceptionsOf(context, path, schedule)
    if (Object.keys(schedule.open).length === 0 && !exceptions.some(one => one.spans.length > 0)) {
      tell(context, [...path, 'open'], { code: 'never-open', message: `\`${name}\` is never open`, effect: 'every caller would hear that it is closed', help: 'write hours, as in `mon-fri: 08:00-17:00`' }, 'key')
    }
    // a zone that does not exist has been told
    return { name, timezone: isTimezone(zone) ? zone : 'UTC', week, special: merge(holidaysIn(context, path, schedule), exceptions) }
  })
}

/** Tells of a time zone that does not exist. */
export function checkTimezone(context: Context, path: Path, zone: string | undefined): void {
  if (zone === undefined || isTimezone(zone)) return
  const word = guess(context, zone, Intl.supportedValuesOf('timeZone'))
  tell(context, path, {
    code: 'unknown-timezone', message: `there is no time zone \`${zone}\``,
    help: word === undefined ? 'write it as a continent and a city, as in Europe/Stockholm' : `did you mean \`${word}\`?`,
    ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, path).value, text: word }] } }),
  })
}

function weekOf(context: Context, path: Path, { open }: ScheduleData): Span[][] {
  const week: { span: WrittenSpan; at: Path }[][] = WEEKDAYS.map(() => [])
  for (const [days, text] of Object.entries(open)) {
    const at = [...path, 'open', days]
    const spans = spansOf(context, at, text)
    // of several days that clash the first is told: it is one mistake
    let told = false
    for (const day of readDays(days)) {
      const clash = week[day]?.find(one => spans.some(({ span }) => overlap(one.span.span, span)))
      if (clash === undefined) week[day]?.push(...spans.map(span => ({ span, at })))
      else if (!told) {
        told = true
        tell(context, at, {
          code: 'overlapping-hours', message: `the hours of \`${WEEKDAYS[day]}\` stand in two lines, and overlap`, label: `\`${clash.span.text}\` stands there`, help: 'write each day in one line',
          related: [alsoAt(context, clash.at, 'the other line is here')],
        })
      }
    }
  }
  return week.map(day => inOrder(day.map(one => one.span.span)))
}

/** The spans of a text that have a length and do not overlap; what does is told. */
function spansOf(context: Context, path: Path, text: string): WrittenSpan[] {
  const fine: WrittenSpan[] = []
  for (const one of readSpans(text)) {
    const other = fine.find(({ span }) => overlap(span, one.span))
    if (one.span[0] === one.span[1]) {
      tell(context, path, { code: 'never-open', message: `\`${one.text}\` begins and ends at the same time`, effect: 'it is open for no minute', help: 'the whole day is 00:00-24:00' })
    } else if (other !== undefined) {
      tell(context, path, { code: 'overlapping-hours', message: `\`${other.text}\` and \`${one.text}\` overlap`, help: 'correct one of the times, or join both' })
    } else fine.push(one)
  }
  return fine
}

function overlap(one: Span, other: Span): boolean {
  return one[0] < other[1] && other[0] < one[1]
}

function inOrder(spans: readonly Span[]): Span[] {
  return [...spans].sort((a, b) => a[0] - b[0])
}

interface Exception {
  readonly from: number
  readonly to: number
  readonly isRange: boolean
  readonly spans: readonly Span[]
}

function exceptionsOf(context: Context, path: Path, schedule: ScheduleData): Exception[] {
  const found: (Exception & { at: Path })[] = []
  for (const [dates, text] of Object.entries(schedule.except ?? {})) {
    const at = [...path, 'except', dates]
    const spans = text === 'closed' ? [] : spansOf(context, at, text)
    const { from, to, isRange, texts } = readDates(dates)
    if (from === undefined || to === undefined) {
      tell(context, at, { code: 'impossible-date', message: `there is no ${from === undefined ? texts[0] : texts[1]} in any calendar`, help: 'correct the date' }, 'key')
    } else if (from > to) {
      tell(context, at, { code: 'impossible-date', message: `\`${dates}\` ends before it begins`, help: `write ${texts[1]}..${texts[0]}` }, 'key')
    } else found.push({ from, to, isRange, spans: inOrder(spans.map(one => one.span)), at })
  }
  found.sort((a, b) => a.from - b.from)
  let last: (typeof found)[number] | undefined
  for (const one of found.filter(({ isRange }) => isRange)) {
    if (last !== undefined && one.from <= last.to) {
      tell(context, one.at, {
        code: 'overlapping-hours', message: `${dateOf(one.from)} stands in two ranges of dates`, help: 'let one of them end before the other begins; a single date may stand inside a range, and wins',
        related: [alsoAt(context, last.at, 'the other range is here')],
      }, 'key')
    }
    if (last === undefined || one.to > last.to) last = one
  }
  return found
}

function holidaysIn(context: Context, path: Path, { holidays }: ScheduleData): Calendar {
  if (holidays === undefined) return []
  const calendar = context.surroundings.holidays?.get(holidays) ?? holidaysOf(holidays)
  if (calendar !== undefined) {
    context.holidaysUsed.set(holidays, calendar)
    return calendar
  }
  tell(context, [...path, 'holidays'], {
    code: 'bad-value', message: `the holidays of \`${holidays}\` are not known`, help: 'write the two letters of a country, as in SE or NO, or each day under `except:`',
  })
  return []
}

/** One list in which no day stands twice: a single date wins over a range, and both over a holiday. */
function merge(holidays: Calendar, exceptions: readonly Exception[]): SpecialDays[] {
  const names = new Map(holidays)
  const singles = new Map(exceptions.filter(one => !one.isRange).map(one => [one.from, one]))
  const ranges = exceptions.filter(one => one.isRange)
  const edges = new Set([...ranges, ...[...names.keys(), ...singles.keys()].map(day => ({ from: day, to: day }))].flatMap(({ from, to }) => [from, to + 1]))
  const sorted = [...edges].sort((a, b) => a - b)
  const found: SpecialDays[] = []
  let range = 0
  sorted.slice(0, -1).forEach((from, index) => {
    while ((ranges[range]?.to ?? Infinity) < from) range++
    const inRange = (ranges[range]?.from ?? Infinity) <= from ? ranges[range] : undefined
    const exception = singles.get(from) ?? inRange
    const name = names.get(from)
    if (exception === undefined && name === undefined) return
    found.push({
      from, to: (sorted[index + 1] as number) - 1, spans: exception?.spans ?? [], by: exception === undefined ? 'holiday' : 'exception',
      ...(name === undefined ? {} : { holiday: name }),
    })
  })
  return found
}
