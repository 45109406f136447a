/** Schedules held, minute by minute, against a computation of another kind: a calendar drawn by hand, and Intl for the time on the wall. */
import fc from 'fast-check'
import t from 'tap'
import type { Schedule } from '../src/compile/schedule/schedule.ts'
import { isSo, standsAt } from '../src/compile/schedule/stands.ts'
import { linkedIn } from './flow-in-text.ts'

const MINUTE = 60_000
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
type Letter = 'o' | 'h' | 'c'

/** What the oracle knows of a schedule. */
interface Written {
  readonly zone: string
  /** Spans by day of the week, each day written out. */
  readonly open: Readonly<Record<string, string>>
  readonly swedish: boolean
  readonly except: Readonly<Record<string, string>>
}

function scheduleOf({ zone, open, swedish, except }: Written): Schedule {
  const map = (entries: Readonly<Record<string, string>>) => `{ ${Object.entries(entries).map(([key, value]) => `${key}: "${value}"`).join(', ')} }`
  const text = `start: a\nschedules: { s: { timezone: ${zone}, open: ${map(open)}${swedish ? ', holidays: SE' : ''}${Object.keys(except).length === 0 ? '' : `, except: ${map(except)}`} } }\nstates:\n  a: { play: a.mp3, next: end }\n`
  return linkedIn(text).schedules[0] as Schedule
}

/** Sweden's public holidays by the law (1989:253) and the computus of Meeus. */
function swedishHolidays(year: number): string[] {
  const a = year % 19, b = Math.floor(year / 100), c = year % 100
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const easter = Date.UTC(year, Math.floor((h + l - 7 * m + 114) / 31) - 1, ((h + l - 7 * m + 114) % 31) + 1)
  const iso = (time: number) => new Date(time).toISOString().slice(0, 10)
  const saturday = (from: number) => iso(from + ((6 - new Date(from).getUTCDay() + 7) % 7) * 1440 * MINUTE)
  return [
    ...['01-01', '01-06', '05-01', '06-06', '12-25', '12-26'].map(day => `${year}-${day}`), ...[-2, 0, 1, 39, 49].map(days => iso(easter + days * 1440 * MINUTE)),
    saturday(Date.UTC(year, 5, 20)), saturday(Date.UTC(year, 9, 31)),
  ]
}

/** Every minute of a local date from midnight to midnight and on to the next one. */
type Drawn = (date: string, minute: number) => Letter

function draw({ open, swedish, except }: Written, years: readonly number[]): Drawn {
  const holidays = new Set(swedish ? years.flatMap(swedishHolidays) : [])
  interface Day { readonly hours: string; readonly begins: Uint8Array; before?: Day }
  const days = new Map<string, Day>()
  const before = (date: string, by: number) => new Date(Date.parse(`${date}T00:00Z`) + by * 1440 * MINUTE).toISOString().slice(0, 10)
  const dayOf = (date: string): Day => {
    let day = days.get(date)
    if (day === undefined) {
      const range = Object.keys(except).find(key => key.includes('..') && key.slice(0, 10) <= date && date <= key.slice(12))
      const hours = except[date] ?? (range === undefined ? undefined : except[range]) ?? (holidays.has(date) ? 'closed' : (open[DAYS[new Date(`${date}T00:00Z`).getUTCDay()] as string] ?? ''))
      const begins = new Uint8Array(2880)
      for (const span of hours === 'closed' || hours === '' ? [] : hours.split(', ')) {
        const [from, to] = span.split('-').map(time => Number(time.split(':')[0]) * 60 + Number(time.split(':')[1])) as [number, number]
        begins.fill(1, from, to > from ? to : to + 1440)
      }
      days.set(date, (day = { hours, begins }))
    }
    return day
  }
  return (date, minute) => {
    const today = dayOf(date)
    today.before ??= dayOf(before(date, -1))
    if (today.begins[minute] === 1 || today.before.begins[minute + 1440] === 1) return 'o'
    return today.hours === 'closed' ? 'h' : 'c'
  }
}

/** The time on the wall in a zone, by Intl alone. */
function wallOf(zone: string): (time: number) => readonly [date: string, minute: number] {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return time => {
    const parts = Object.fromEntries(format.formatToParts(time).map(part => [part.type, part.value]))
    return [`${parts['year']}-${parts['month']}-${parts['day']}`, Number(parts['hour']) * 60 + Number(parts['minute'])]
  }
}

function letterOf(schedule: Schedule, time: number): Letter {
  const stand = standsAt(schedule, time)
  const open = isSo(stand, 'open')
  if (open === isSo(stand, 'closed') || (open && isSo(stand, 'holiday'))) throw new Error('open and closed at once')
  return open ? 'o' : isSo(stand, 'holiday') ? 'h' : 'c'
}

const week = (hours: string) => Object.fromEntries(DAYS.map(day => [day, hours]))

/** 2027 and 2028 hold every kind of day: a leap day, four changes of clocks in most zones, every holiday twice. */
const FROM = Date.UTC(2027, 0, 1)
const TO = Date.UTC(2029, 0, 1)
const SCHEDULES: readonly Written[] = [
  { zone: 'Europe/Stockholm', swedish: true, open: { mon: '08:00-12:00, 13:00-17:00', tue: '08:00-12:00, 13:00-17:00', wed: '08:00-12:00, 13:00-17:00', thu: '08:00-12:00, 13:00-17:00', fri: '08:00-15:00' }, except: { '2027-12-23': '08:00-12:00', '2027-12-27..2027-12-30': 'closed', '2027-12-28': '10:00-11:00', '2028-02-29': '00:00-24:00', '2028-06-06': '12:00-13:00' } },
  { zone: 'Europe/Stockholm', swedish: true, open: week('22:00-07:00'), except: { '2027-03-28': '02:30-02:45', '2027-10-31': '02:00-03:00, 23:30-02:30', '2028-12-31..2029-01-02': 'closed' } },
  { zone: 'America/New_York', swedish: false, open: { ...week('01:30-02:30'), sat: '23:00-01:30', sun: '02:15-02:20, 06:00-24:00' }, except: { '2028-02-29': 'closed' } },
  { zone: 'Australia/Lord_Howe', swedish: true, open: { ...week('01:45-02:15, 20:00-01:40'), wed: '00:00-24:00' }, except: {} },
  { zone: 'America/Santiago', swedish: false, open: { sat: '12:00-23:30', sun: '00:30-01:30, 23:30-00:30' }, except: { '2027-04-03': '22:00-23:15' } },
  { zone: 'UTC', swedish: true, open: { mon: '00:00-24:00', sun: '23:59-00:01' }, except: { '2028-02-28..2028-03-01': '06:00-05:59' } },
]

for (const written of SCHEDULES) {
  void t.test(`every minute of two years in ${written.zone}`, async t => {
    const schedule = scheduleOf(written)
    const drawn = draw(written, [2026, 2027, 2028, 2029])
    const wall = wallOf(written.zone)
    const seen = { o: 0, h: 0, c: 0 }
    const wrong: string[] = []
    for (let hour = FROM; hour < TO; hour += 60 * MINUTE) {
      const [date, minute] = wall(hour)
      const [lastDate, lastMinute] = wall(hour + 59 * MINUTE)
      // in an hour in which nothing changes the minutes follow each other; in all others the wall is asked for each
      const isPlain = date === lastDate && lastMinute === minute + 59
      for (let passed = 0; passed < 60; passed++) {
        const time = hour + passed * MINUTE
        const [onDate, atMinute] = isPlain ? [date, minute + passed] : wall(time)
        const letter = letterOf(schedule, time + (passed * 997) % MINUTE)
        seen[letter]++
        if (letter !== drawn(onDate, atMinute)) wrong.push(`${new Date(time).toISOString()} ${onDate} ${atMinute}: ${letter}`)
      }
    }
    t.same(wrong.slice(0, 10), [])
    t.equal(seen.o + seen.h + seen.c, (TO - FROM) / MINUTE)
    t.ok(seen.o > 0 && seen.c > 0 && (seen.h > 0 || !written.swedish), JSON.stringify(seen))
  })
}

/** Days around which calendars go wrong. */
const NEAR = ['2027-03-28', '2027-10-31', '2027-03-14', '2027-11-07', '2027-04-04', '2027-10-03', '2028-02-29', '2027-12-31', '2027-12-25', '2027-06-26']
const ZONES = ['Europe/Stockholm', 'America/New_York', 'Australia/Lord_Howe', 'UTC', 'Asia/Kathmandu', 'Africa/Casablanca', 'Pacific/Kiritimati']

/** Spans of one day that do not overlap: an even number of times in their order, perhaps with the last one over midnight. */
const someHours = fc.uniqueArray(fc.nat(95), { minLength: 2, maxLength: 6 }).map(quarters => {
  const text = (quarter: number) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`
  const times = quarters.sort((a, b) => a - b).slice(quarters.length % 2)
  const spans: string[] = []
  for (let at = 0; at + 1 < times.length; at += 2) spans.push(`${text(times[at] as number)}-${text(times[at + 1] as number)}`)
  return times.length > 2 && (times[0] as number) > 4 ? [...spans.slice(0, -1), `${text(times.at(-2) as number)}-00:30`].join(', ') : spans.join(', ')
})

void t.test('any hours, near the days on which calendars go wrong', async () => {
  const some = fc.record({
    zone: fc.constantFrom(...ZONES), near: fc.constantFrom(...NEAR), swedish: fc.boolean(),
    open: fc.dictionary(fc.constantFrom(...DAYS), someHours, { minKeys: 1 }),
    except: fc.array(fc.tuple(fc.integer({ min: -2, max: 2 }), fc.oneof(someHours, fc.constant('closed'))), { maxLength: 3 }),
  })
  fc.assert(fc.property(some, ({ zone, near, swedish, open, except }) => {
    const middle = Date.parse(`${near}T00:00Z`)
    const exceptions = Object.fromEntries(except.map(([days, hours]) => [new Date(middle + days * 1440 * MINUTE).toISOString().slice(0, 10), hours]))
    const written = { zone, swedish, open, except: exceptions }
    const schedule = scheduleOf(written)
    const drawn = draw(written, [2026, 2027, 2028])
    const wall = wallOf(zone)
    for (let time = middle - 1440 * MINUTE; time < middle + 2 * 1440 * MINUTE; time += 5 * MINUTE) {
      const [date, minute] = wall(time)
      if (letterOf(schedule, time) !== drawn(date, minute)) throw new Error(`${new Date(time).toISOString()} in ${zone}: ${letterOf(schedule, time)}`)
    }
  }), { numRuns: 60 })
})
