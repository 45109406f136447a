/** The public holidays of a country, as plain data. */
import { createRequire } from 'node:module'
import type Holidays from 'date-holidays'
import { dateOf } from './schedule.ts'

/** The years whose holidays are known. Fixed, so that the same file is the same version whenever it is read. */
export const FIRST_YEAR = 2024
export const LAST_YEAR = 2039

/** Days since 1970, each with the holiday's name in a language of the country, in their order. */
export type Calendar = readonly (readonly [day: number, name: string])[]

// half a second of loading that flows without holidays need not wait for
const require = createRequire(import.meta.url)
const calendars = new Map<string, Calendar | undefined>()
let library: typeof Holidays | undefined

function load(): typeof Holidays {
  return library ??= (require('date-holidays') as { default?: typeof Holidays } & typeof Holidays).default ?? (require('date-holidays') as typeof Holidays)
}

/** The countries that have a calendar. */
export function holidayCountries(): readonly string[] {
  return Object.keys(new (load())().getCountries())
}

/** The public holidays of a country, found once; undefined for a country without a calendar. */
export function holidaysOf(country: string): Calendar | undefined {
  if (!calendars.has(country)) calendars.set(country, holidayCountries().includes(country) ? resolve(country) : undefined)
  return calendars.get(country)
}

const HOUR = 3_600_000
const NOON = 12

function resolve(country: string): Calendar {
  const holidays = new (load())(country, { types: ['public'] })
  const days = new Map<number, Set<string>>()
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    for (const { date, start, end, name, type } of holidays.getHolidays(year)) {
      if (type !== 'public') continue
      // `2026-03-20 00:00:00 -0600`: six hours earlier, in local time; some last from one evening to another
      const match = /^(\d{4}-\d\d-\d\d) (\d\d):\d\d:\d\d(?: ([+-]\d\d))?/.exec(date)
      if (match === null) continue
      const first = Date.parse(match[1] as string) / (24 * HOUR)
      const from = Number(match[2]) + Number(match[3] ?? 0)
      const hours = (end.getTime() - start.getTime()) / HOUR
      // a half day off leaves the morning to work in: a holiday is a day that is free at noon
      for (let day = Math.floor(from / 24); day * 24 < from + hours; day++) {
        if (from >= day * 24 + NOON || from + hours <= day * 24 + NOON) continue
        const names = days.get(first + day) ?? new Set()
        days.set(first + day, names.add(name))
      }
    }
  }
  return [...days].sort((a, b) => a[0] - b[0]).filter(([day]) => isKnown(day)).map(([day, names]) => [day, [...names].join(', ')])
}

function isKnown(day: number): boolean {
  const year = Number(dateOf(day).slice(0, 4))
  return year >= FIRST_YEAR && year <= LAST_YEAR
}
