/** The texts of a schedule → numbers: `mon-fri`, `08:00-12:00, 13:00-17:00`, `2026-12-27..2026-12-30`. The schema has looked at their form. */
import { DAY, WEEKDAYS } from './schedule.ts'
import type { Span } from './schedule.ts'

/** Places in WEEKDAYS, each once. `fri-mon` goes over the weekend. */
export function readDays(text: string): readonly number[] {
  if (text === 'daily') return WEEKDAYS.map((_, index) => index)
  const days = new Set<number>()
  for (const part of text.split(',')) {
    const [first, last = first] = part.trim().split('-').map(name => (WEEKDAYS as readonly string[]).indexOf(name))
    for (let day = first as number; ; day = (day + 1) % 7) {
      days.add(day)
      if (day === last) break
    }
  }
  return [...days]
}

/** A span, and how it is written. One whose start and end are equal has no length. */
export interface WrittenSpan {
  readonly text: string
  readonly span: Span
}

/** The spans of a text, in its order; one that ends before it starts ends the next day. */
export function readSpans(text: string): readonly WrittenSpan[] {
  return text.split(',').map(part => {
    const written = part.trim()
    const [from, to] = written.split('-').map(minutes) as [number, number]
    return { text: written, span: [from, to < from ? to + DAY : to] }
  })
}

function minutes(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** Minutes of a day as they are written; those of the next day as that day's. */
export function spanText([from, to]: Span): string {
  return `${timeText(from)}-${timeText(to > DAY ? to - DAY : to)}`
}

/** A minute of the day as in 08:00. */
export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** A date, or the first and the last of several, in days since 1970; undefined for a day that no calendar has. */
export interface WrittenDates {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly isRange: boolean
  readonly texts: readonly string[]
}

export function readDates(text: string): WrittenDates {
  const texts = text.split('..')
  const days = texts.map(dayOf)
  return { from: days[0], to: days.at(-1), isRange: texts.length > 1, texts }
}

/** A date as in 2026-03-02 in days since 1970; undefined for a day that no calendar has. */
export function dayOf(date: string): number | undefined {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  const time = new Date(0)
  time.setUTCFullYear(year, month - 1, day)
  return time.toISOString().slice(0, 10) === date ? time.getTime() / 86_400_000 : undefined
}
