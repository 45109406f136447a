/** How schedules stand, what becomes part of a version, and what a route's log says of a holiday. */
import t from 'tap'
import { check, rebuild } from '../src/check.ts'
import { stepLine } from '../src/cli/logger.ts'
import { FIRST_YEAR, holidayCountries, holidaysOf, LAST_YEAR } from '../src/compile/schedule/holidays.ts'
import { dateOf } from '../src/compile/schedule/schedule.ts'
import { isSo, standsAt } from '../src/compile/schedule/stands.ts'
import { clockChanges, wallMinutes } from '../src/compile/schedule/wall-clock.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { start, step } from '../src/run/step.ts'
import { checkText, eventOf, FIRST, linkedIn } from './flow-in-text.ts'

const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }

/** A flow with one schedule, called `s`. */
function flowWith(schedule: string, rest = ''): string {
  return `start: a\n${rest}schedules: { s: { ${schedule} } }\nstates:\n  a:\n    route:\n      - { when: { schedule: s }, goto: b }\n      - { when: { schedule: s, is: holiday }, goto: c }\n      - { when: { not: { schedule: s, is: closed } }, goto: d }\n      - { goto: e }\n${'bcde'.split('').map(name => `  ${name}: { play: ${name}.mp3, next: end }\n`).join('')}`
}

/** How it stands: `open`, `holiday` or `closed`. */
function standOf(schedule: string, time: string): string {
  const stand = standsAt(linkedIn(flowWith(schedule)).schedules[0] as never, Date.parse(time))
  return isSo(stand, 'open') ? 'open' : isSo(stand, 'holiday') ? 'holiday' : isSo(stand, 'closed') ? 'closed' : 'nothing'
}

const OFFICE = 'timezone: Europe/Stockholm, open: { mon-thu: "08:00-12:00, 13:00-17:00", fri: "08:00-15:00" }, holidays: SE, except: { 2026-12-23: 08:00-12:00, 2026-12-27..2026-12-30: closed, 2026-12-29: 10:00-11:00, 2026-12-26: 09:00-10:00 }'
const NIGHT = 'timezone: Europe/Stockholm, open: { fri-sun: 22:00-07:00 }, except: { 2026-03-07: closed }'
const APIA = 'timezone: Pacific/Apia, open: { mon: 00:00-24:00 }'

/** Monday the 2nd of March 2026 is an ordinary week. */
const ROWS: readonly (readonly [schedule: string, is: string, ...times: string[]])[] = [
  [OFFICE, 'open', '2026-03-02T08:00+01:00', '2026-03-02T11:59:59.999+01:00', '2026-03-02T13:00+01:00', '2026-03-02T16:59+01:00', '2026-03-06T14:59+01:00', '2026-07-01T08:00+02:00', '2026-07-01T06:00Z'],
  [OFFICE, 'closed', '2026-03-02T07:59:59.999+01:00', '2026-03-02T12:00+01:00', '2026-03-02T12:59+01:00', '2026-03-02T17:00+01:00', '2026-03-06T15:00+01:00', '2026-03-07T10:00+01:00', '2026-07-01T05:59Z'],
  [OFFICE, 'holiday', '2026-12-25T10:00+01:00', '2026-12-25T00:00+01:00', '2026-12-25T23:59+01:00', '2026-05-14T09:00+02:00', '2026-04-05T09:00+02:00', '2026-12-27T10:00+01:00', '2026-12-28T10:00+01:00', '2026-12-30T10:00+01:00', '2027-01-01T10:00+01:00'],
  // an exception wins over a holiday, and a single date over a range; eves are no holidays
  [OFFICE, 'open', '2026-12-23T11:59+01:00', '2026-12-29T10:30+01:00', '2026-12-26T09:00+01:00', '2026-12-24T10:00+01:00', '2026-12-31T16:00+01:00'],
  [OFFICE, 'closed', '2026-12-23T12:00+01:00', '2026-12-23T14:00+01:00', '2026-12-29T11:00+01:00', '2026-12-26T10:00+01:00', '2026-12-25T00:00+02:00'],
  // over midnight: hours belong to the day on which they begin
  [NIGHT, 'open', '2026-03-06T22:00+01:00', '2026-03-07T06:59+01:00', '2026-03-08T22:00+01:00', '2026-03-09T06:59+01:00', '2026-03-07T00:00+01:00', '2026-03-08T23:59+01:00'],
  [NIGHT, 'closed', '2026-03-06T21:59+01:00', '2026-03-08T06:00+01:00', '2026-03-09T07:00+01:00', '2026-03-09T22:00+01:00', '2026-03-06T06:00+01:00'],
  [NIGHT, 'holiday', '2026-03-07T07:00+01:00', '2026-03-07T22:00+01:00'],
  ['timezone: Europe/Stockholm, open: { daily: 00:00-24:00 }', 'open', '2026-03-29T01:59+01:00', '2026-03-29T03:00+02:00', '2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00', '2026-03-02T00:00Z'],
  ['timezone: Europe/Stockholm, open: { "mon,wed": 16:00-24:00, sun-mon: 09:00-10:00 }', 'open', '2026-03-02T23:59+01:00', '2026-03-04T16:00+01:00', '2026-03-01T09:00+01:00', '2026-03-02T09:30+01:00'],
  ['timezone: Europe/Stockholm, open: { "mon,wed": 16:00-24:00 }', 'closed', '2026-03-03T00:00+01:00', '2026-03-03T16:00+01:00'],
  // the night in which 02:00 becomes 03:00, and the one in which it comes twice
  ['timezone: Europe/Stockholm, open: { daily: 22:00-07:00 }', 'open', '2026-03-28T21:00Z', '2026-03-29T00:59Z', '2026-03-29T01:00Z', '2026-03-29T04:59Z', '2026-10-25T00:30Z', '2026-10-25T01:30Z', '2026-10-25T05:59Z'],
  ['timezone: Europe/Stockholm, open: { daily: 22:00-07:00 }', 'closed', '2026-03-28T20:59Z', '2026-03-29T05:00Z', '2026-10-25T06:00Z', '2026-10-24T19:59Z'],
  ['timezone: Europe/Stockholm, open: { sun: 02:00-03:00 }', 'open', '2026-10-25T00:00Z', '2026-10-25T00:59Z', '2026-10-25T01:00Z', '2026-10-25T01:59Z'],
  ['timezone: Europe/Stockholm, open: { sun: 02:00-03:00 }', 'closed', '2026-03-29T00:59Z', '2026-03-29T01:00Z', '2026-10-25T02:00Z', '2026-10-24T23:59Z'],
  ['timezone: America/New_York, open: { sun: 01:00-04:00 }', 'open', '2026-03-08T06:59Z', '2026-03-08T07:59Z', '2026-11-01T05:00Z', '2026-11-01T06:59Z', '2026-11-01T08:59Z'],
  ['timezone: America/New_York, open: { sun: 01:00-04:00 }', 'closed', '2026-03-08T05:59Z', '2026-03-08T08:00Z', '2026-11-01T04:59Z', '2026-11-01T09:00Z'],
  // half an hour
  ['timezone: Australia/Lord_Howe, open: { sun: 01:30-02:00 }', 'open', '2026-04-04T14:30Z', '2026-04-04T14:59Z', '2026-04-04T15:00Z', '2026-04-04T15:29Z', '2026-10-03T15:00Z'],
  ['timezone: Australia/Lord_Howe, open: { sun: 01:30-02:00 }', 'closed', '2026-04-04T14:29Z', '2026-04-04T15:30Z', '2026-10-03T15:30Z'],
  [APIA, 'open', '2026-03-01T11:00Z', '2026-03-02T10:59Z'],
  [APIA, 'closed', '2026-03-01T10:59Z', '2026-03-02T11:00Z'],
  ['timezone: UTC, open: { tue: 00:00-24:00 }', 'open', '2028-02-29T00:00Z', '2028-02-29T23:59Z'],
  ['timezone: UTC, open: {}, except: { 2028-02-29: 22:00-03:00 }', 'open', '2028-02-29T22:00Z', '2028-03-01T02:59Z'],
  ['timezone: UTC, open: {}, except: { 2028-02-29: 22:00-03:00 }', 'closed', '2028-02-29T02:00Z', '2028-03-01T03:00Z', '2027-03-01T01:00Z'],
  ['timezone: UTC, open: { daily: 09:00-10:00 }, holidays: US', 'holiday', '2026-07-03T09:30Z', '2026-11-26T09:30Z'],
]

void t.test('how a schedule stands', async t => {
  for (const [schedule, is, ...times] of ROWS) for (const time of times) t.equal(standOf(schedule, time), is, `${time}: ${schedule}`)
})

void t.test('the zone of a schedule is its own, else the flow\'s', async t => {
  const zones = (text: string) => linkedIn(text).schedules.map(one => one.timezone)
  t.same(zones(flowWith('open: { daily: 08:00-17:00 }', 'timezone: Asia/Tokyo\n')), ['Asia/Tokyo'])
  t.same(zones(flowWith('open: { daily: 08:00-17:00 }, timezone: UTC', 'timezone: Asia/Tokyo\n')), ['UTC'])
  t.same(zones(flowWith('open: { daily: 08:00-17:00 }')), ['UTC'])
})

void t.test('the clock on the wall', async t => {
  const shown = (zone: string, time: string) => new Date(wallMinutes(zone, Date.parse(time)) * 60_000).toISOString().slice(0, 16)
  t.equal(shown('Europe/Stockholm', '2026-03-29T00:59:59.999Z'), '2026-03-29T01:59')
  t.equal(shown('Europe/Stockholm', '2026-03-29T01:00Z'), '2026-03-29T03:00')
  t.equal(shown('Asia/Kathmandu', '2026-03-29T01:00Z'), '2026-03-29T06:45')
  t.equal(shown('Pacific/Kiritimati', '2026-12-31T23:00Z'), '2027-01-01T13:00')
  const told = (zone: string) => clockChanges(zone, 2026, 2026).map(({ day, from, to, kind }) => `${dateOf(day)} ${from}-${to} ${kind}`)
  t.same(told('Europe/Stockholm'), ['2026-03-29 120-180 skipped', '2026-10-25 120-180 doubled'])
  t.same(told('America/New_York'), ['2026-03-08 120-180 skipped', '2026-11-01 60-120 doubled'])
  t.same(told('Australia/Lord_Howe'), ['2026-04-05 90-120 doubled', '2026-10-04 120-150 skipped'])
  t.same(told('America/Santiago'), ['2026-04-04 1380-1440 doubled', '2026-09-06 0-60 skipped'])
  t.same(told('UTC'), [])
})

void t.test('public holidays, and only those', async t => {
  const days = (country: string, year: number) => (holidaysOf(country) ?? []).map(([day, name]) => `${dateOf(day)} ${name}`).filter(text => text.startsWith(String(year)))
  t.same(days('SE', 2026), [
    '2026-01-01 nyårsdagen', '2026-01-06 trettondedag jul', '2026-04-03 långfredagen', '2026-04-05 påskdagen', '2026-04-06 annandag påsk', '2026-05-01 första maj', '2026-05-14 Kristi himmelsfärdsdag',
    '2026-05-24 pingstdagen', '2026-06-06 nationaldagen', '2026-06-20 midsommardagen', '2026-10-31 alla helgons dag', '2026-12-25 juldagen', '2026-12-26 annandag jul',
  ])
  t.same(days('CN', 2026).filter(text => text.includes('2026-03-08')), [], 'half a day off leaves the morning')
  t.same(days('TR', 2026).filter(text => text.endsWith('Ramazan Bayramı')).map(text => text.slice(0, 10)), ['2026-03-20', '2026-03-21', '2026-03-22'], 'what begins in the evening counts from the next day')
  for (const country of ['SE', 'US', 'TR', 'CN']) {
    const calendar = holidaysOf(country) ?? []
    t.ok(calendar.every(([day], index) => index === 0 || day > (calendar[index - 1]?.[0] as number)), `${country}: in order`)
    t.same([dateOf(calendar[0]?.[0] as number).slice(0, 4), dateOf(calendar.at(-1)?.[0] as number).slice(0, 4)], [String(FIRST_YEAR), String(LAST_YEAR)], `${country}: the years that are known`)
  }
  t.ok(holidayCountries().length > 100)
  t.equal(holidaysOf('XX'), undefined)
})

void t.test('the calendar of holidays is part of the version, and a version keeps its own', async t => {
  const text = flowWith('timezone: Europe/Stockholm, open: { daily: 08:00-17:00 }, holidays: SE')
  const { flow, source } = checkText(text).served.get('test') ?? (() => { throw new Error('no flow') })()
  t.same(source.holidays?.map(([country]) => country), ['SE'])
  const stored = JSON.parse(JSON.stringify(source)) as typeof source
  t.equal(rebuild(stored, SETTINGS)?.version, flow.version)
  // as if a newer library knew of one holiday less
  const other = { ...stored, holidays: [['SE', (stored.holidays?.[0]?.[1] ?? []).filter(([, name]) => name !== 'nationaldagen')] as const] }
  const again = rebuild(other, SETTINGS)
  t.not(again?.version, flow.version)
  const day = Date.parse('2026-06-06T10:00+02:00')
  t.equal(standsAt(flow.schedules[0] as never, day).holiday, true)
  t.equal(standsAt(again?.schedules[0] as never, day).holiday, false, 'the stored calendar holds')
  t.equal(checkText(flowWith('timezone: UTC, open: { daily: 08:00-17:00 }')).served.get('test')?.source.holidays, undefined, 'nothing is stored where nothing is asked')
})

void t.test('the route that asks says which holiday it is', async t => {
  const flow = linkedIn(flowWith('timezone: Europe/Stockholm, open: { daily: 08:00-17:00 }, holidays: SE, except: { 2026-12-24: closed, 2026-12-26: 08:00-12:00 }'))
  const trace = (time: string) => start(flow, FIRST, Date.parse(time)).trace.map(({ from, event, to, holiday }) => [from, event, to, holiday])
  t.same(trace('2026-12-25T10:00+01:00'), [['', 'start', 'a', undefined], ['a', 'line 2', 'c', 'juldagen']])
  const line = (time: string) => JSON.parse(stepLine({ flow, step: start(flow, FIRST, Date.parse(time)), ms: 1, reqId: 'r' }).join('')) as Record<string, unknown>
  t.equal(line('2026-12-25T10:00+01:00')['holiday'], 'juldagen', 'in the log, too')
  t.notOk('holiday' in line('2026-12-24T10:00+01:00'))
  t.same(trace('2026-12-24T10:00+01:00').at(-1), ['a', 'line 2', 'c', undefined], 'a day that we closed has no name')
  t.same(trace('2026-12-26T10:00+01:00').at(-1), ['a', 'line 1', 'b', undefined], 'it is open')
  t.same(trace('2026-03-02T20:00+01:00').at(-1), ['a', 'line 4', 'e', undefined])
})

void t.test('longest: looked at on each request, taken once', async t => {
  const text = (goto: string) => `start: m\nlongest: { seconds: 60, goto: ${goto} }\nstates:\n  m: { ivr: m.mp3, on: { 1: m, noinput: m, nomatch: m, failed: m } }\n  late: { connect: "+46846500410", on: { success: m, failed: m } }\n`
  const flow = linkedIn(text('late'))
  const at = (seconds: number) => (FIRST.start + seconds) * 1000
  const words = (one: ReturnType<typeof step>) => one.trace.map(({ from, event, to }) => `${from} ${event} ${to}`)
  const first = start(flow, FIRST, at(100))
  t.same(words(first), [' start m'], 'a call that begins has not lasted')
  const before = step(flow, first.call, eventOf('1'), at(59) + 999)
  t.same(words(before), ['m 1 m'])
  const taken = step(flow, before.call, eventOf('1'), at(60))
  t.same(words(taken), ['m longest late'], 'whatever is reported')
  t.same(words(step(flow, before.call, eventOf('failed'), at(60))), ['m longest late'])
  const read = JSON.parse(JSON.stringify(taken.call)) as typeof taken.call
  t.same(words(step(flow, read, eventOf('success'), at(61))), ['late success m'], 'once')
  t.same(taken.call.visits, [1], 'it is one number in the addresses')
  t.same(step(linkedIn(text('end')), start(linkedIn(text('end')), FIRST, at(0)).call, eventOf('1'), at(60)).reply, { actions: [{ do: 'hangup', cause: 'reject' }], then: 'nothing' })
  const inPlace = linkedIn(text('{ play: late.mp3, next: end }'))
  t.same(words(step(inPlace, start(inPlace, FIRST, at(0)).call, eventOf('1'), at(60))), ['m longest longest.goto'])
  const counted = linkedIn(`${text('late')}  r: { route: [{ when: { visited: m, times: 3 }, goto: late }, { goto: m }] }\n`)
  t.same([counted.visits, counted.longest], [[3, 1], { seconds: 60, to: 1, taken: 1 }])
})

void t.test('scripted calls walk longest', async t => {
  const flow = 'start: m\nlongest: { seconds: 60, goto: late }\nstates:\n  m: { connect: "+46846500410", on: { success: m, failed: late } }\n  late: { play: sound/beep, next: end }\n'
  const calls = 'calls:\n  - name: long\n    steps: [{ connect: "+46846500410" }, { line: success }, { wait: 60 }, { play: sound/beep }, end]\n'
  const { problems, served } = check({ flows: [{ name: 'a', path: 'a.yaml', text: flow }], calls: [{ name: 'a', path: 'a.calls.yaml', text: calls }], sounds: new Map(), others: ['a.calls.yaml'] }, SETTINGS)
  t.same(problems.filter(problem => problem.severity !== 'info').map(problem => `${problem.code} ${problem.message}`), [])
  t.ok(served.has('a'))
})
