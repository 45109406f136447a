/** Calls in the store: steps in any order, each once; what a killed process left behind; an older file; retention; and a store that takes nothing. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { dayBegins } from '../src/compile/schedule/wall-clock.ts'
import { PART, writeEnd, writeSound, writeStep } from '../src/store/call-lines.ts'
import type { StepEntry, StepHead } from '../src/store/call-lines.ts'
import type { CallRecords } from '../src/store/call-record.ts'
import { createRecorder } from '../src/store/recorder.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { StoreError } from '../src/store/store-error.ts'
import { until } from './serve/running.ts'

const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const NOW = Date.UTC(2026, 2, 2, 13)
const DAY = 86_400_000

async function store(t: import('tap').Test) {
  const data = mkdtempSync(join(tmpdir(), 'tonval-calls-'))
  const opened = await openSqliteStore(data)
  t.teardown(async () => {
    await opened.close()
    rmSync(data, { recursive: true, force: true })
  })
  return { ...opened, data, path: join(data, 'tonval.db') }
}

const move = (from: string, event: string, to: string): string => [from, event, to].join(PART)
/** The line of a step; the first has who called. */
function line(step: number, { id = 'c1', version = 'v1', at = NOW + step * 1000, state = `s${step}`, ...head }: Partial<Omit<StepHead, 'at'>> & { version?: string; at?: number; state?: string } = {}, entry: Partial<StepEntry> = {}): string {
  const first = step === 1 ? { caller: '***0699', called: '+46846500400', direction: 'incoming' } : { caller: '', called: '', direction: '' }
  return writeStep({ id, flow: 'shop', begun: step === 1 ? NOW : NOW - 1000, ...first, at: state, leads: 'caller', closed: false, ...head }, { version, step, at, ms: 1.5, moves: move(`s${step - 1}`, 'next', `s${step}`), met: 'ivr', last: false, heard: '', more: '', ...entry })
}
const over = (how = 'success', id = 'c1'): string => writeEnd({ id, at: NOW + 60_000, how, seconds: how === 'unknown' ? undefined : 9, answered: '', talk: 0 })

void t.test('the same in whatever order it comes, however often, and in however many pieces', { timeout: 300_000 }, async t => {
  const s = await store(t)
  const lines = [line(1), line(2), line(3), line(4), line(2, { version: 'v2', at: NOW + 9000, state: 'rescued' }), over(), over('failed', 'other')]
  let count = 0
  await fc.assert(fc.asyncProperty(fc.shuffledSubarray(lines.slice(0, 5), { minLength: 5 }), fc.array(fc.nat(5), { maxLength: 6 }), fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), fc.nat(5), async (shuffled, again, cuts, end) => {
    const id = `c${++count}x`
    const all = [...shuffled, ...again.map(index => lines[index] as string)]
    all.splice(Math.max(1, end), 0, lines[5] as string)
    const mine = all.map(one => one.replace('\tc1\t', `\t${id}\t`))
    let text: string[] = []
    for (const [index, one] of mine.entries()) {
      text.push(one)
      if (cuts[index] !== true && index < mine.length - 1) continue
      await s.writeCalls(text.join('\n'), NOW)
      // some are settled between, and meet a row that is there
      if (index % 2 === 0) await s.call(id)
      text = []
    }
    const found = await s.call(id)
    return found?.steps.length === 5 && found.steps.map(one => `${one.version} ${one.moves[0]?.to}`).join() === 'v1 s1,v1 s2,v1 s3,v1 s4,v2 s2' && found.call.caller === '***0699' && found.call.begun === NOW
      && found.call.over === NOW + 60_000 && found.call.seconds === 9 && found.call.ended === 'caller' && found.call.at === 'rescued' && found.call.version === 'v2' && found.call.steps === 5
  }), { numRuns: 60 })
  t.equal(await s.call('other'), undefined, 'an end alone is no call')
})

void t.test('how a call ends', async t => {
  const s = await store(t)
  await s.writeCalls([line(1), over('unknown')].join('\n'), NOW)
  t.match((await s.call('c1'))?.call, { ended: 'unknown', over: null, seconds: null })
  await s.writeCalls(over(), NOW)
  t.match((await s.call('c1'))?.call, { ended: 'caller', over: NOW + 60_000 }, 'a notice that comes all the same')
  await s.writeCalls(over('unknown'), NOW)
  t.match((await s.call('c1'))?.call, { ended: 'caller' })
  await s.writeCalls([line(1, { id: 'c2', leads: 'hangup', closed: true }), over('unknown', 'c2')].join('\n'), NOW)
  t.match((await s.call('c2'))?.call, { ended: 'hangup', over: NOW + 1000 }, 'we hung up ourselves: nobody needs to tell')
  await s.writeCalls(line(3, { id: 'c3' }), NOW)
  t.match((await s.call('c3'))?.call, { caller: '', begun: NOW - 1000, steps: 1 }, 'whose beginning is lost')
  const found = await s.calls({ limit: 10, live: true })
  t.strictSame(found.calls.map(one => one.id), ['c3'])
})

void t.test('what a killed process left behind is read by the next, and by its neighbour', async t => {
  const s = await store(t)
  await s.writeCalls([writeSound({ id: 'x', name: 'hello.wav', text: 'Hello' }), line(1, {}, { heard: 'x,y' }), line(2)].join('\n'), NOW)
  const db = new Database(s.path)
  t.equal((db.prepare('SELECT count(*) AS count FROM records').all()[0] as { count: number }).count, 0, 'it is on the disk as it came')
  db.close()
  const neighbour = await openSqliteStore(s.data)
  t.match(await neighbour.call('c1'), { steps: [{ heard: [{ name: 'hello.wav', text: 'Hello' }, { name: 'a sound that is not on record' }] }, {}] })
  await neighbour.close()
  await s.writeCalls([line(3), over()].join('\n'), NOW)
  t.match((await s.call('c1'))?.call, { steps: 3, ended: 'caller' }, 'and nothing of it counts twice')
})

void t.test('a store of the version before', async t => {
  const s = await store(t)
  await s.noteCalls([{ id: 'open', flow: 'shop', version: 'v1', start: 1, token: '', server: 'x' }], [])
  const db = new Database(s.path)
  db.exec('DROP INDEX outbox_call; DROP TABLE records; DROP TABLE trail; DROP TABLE sounds; DROP TABLE ends; ALTER TABLE recordings DROP COLUMN created; PRAGMA user_version = 1')
  db.close()
  const again = await openSqliteStore(s.data)
  t.teardown(() => again.close())
  await again.writeCalls(line(1), NOW)
  t.match((await again.call('c1'))?.call, { steps: 1 })
  t.match(await again.agedCalls(2, 9), [{ id: 'open' }], 'what was in it still is')
})

void t.test('kept for so many days, and ended by age', async t => {
  const s = await store(t)
  const at = (id: string, begun: number): string => line(1, { id, begun })
  await s.writeCalls([...Array.from({ length: 25 }, (_, i) => at(`old${i}`, NOW - 31 * DAY)), at('yesterday', NOW - 25 * 3_600_000), at('now', NOW)].join('\n'), NOW)
  const gone: number[] = []
  for (let more = true; more;) {
    gone.push(await s.pruneCalls(NOW - 30 * DAY, NOW - DAY, 10))
    more = gone.at(-1) === 10
  }
  t.ok(gone.length >= 3, 'in small bites')
  t.match((await s.calls({ limit: 9 })).calls, [{ id: 'now', ended: null }, { id: 'yesterday', ended: 'unknown', over: null }])
  t.equal((await s.calls({ limit: 9 })).calls.length, 2)
})

void t.test('days of a time zone, the short and the long one too', async t => {
  const day = (text: string): string => new Date(dayBegins('Europe/Stockholm', Date.parse(text) / DAY)).toISOString()
  t.strictSame(['2026-03-02', '2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26'].map(day), ['2026-03-01T23:00:00.000Z', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'])
  t.equal(new Date(dayBegins('Pacific/Auckland', Date.parse('2026-09-27') / DAY)).toISOString(), '2026-09-26T12:00:00.000Z')
})

void t.test('figures and pages of many calls', { timeout: 120_000 }, async t => {
  const s = await store(t)
  for (let i = 0; i < 1500; i += 100) {
    await s.writeCalls(Array.from({ length: 100 }, (_, j) => line(1, { id: `m${i + j}`, begun: NOW + i + j, state: i + j === 3 ? 'rare' : 'usual' }, { moves: move('', 'start', 'menu') })).join('\n'), NOW)
  }
  let [counted, parts] = [0, 0]
  for (let after: { begun: number; n: number } | null | undefined; after !== null;) {
    const part = await s.callFigures('shop', NOW, NOW + DAY, after ?? null)
    counted += part.calls
    parts++
    t.strictSame(part.edges.map(one => [one.from, one.event, one.to]), part.calls === 0 ? [] : [['', 'start', 'menu']])
    after = part.next
  }
  t.ok(parts > 4, `${parts} parts`)
  t.equal(counted, 1500)
  const first = await s.calls({ state: 'rare', limit: 5 })
  t.strictSame(first.calls, [], 'the first part has none of them')
  t.match(await s.calls({ state: 'rare', limit: 5, before: first.next as { begun: number; n: number } }), { calls: [{ id: 'm3', at: 'rare' }], next: null })
})

/** Ends of calls are lines of their own, which need no flow. */
function recorder(records: CallRecords, more: object = {}) {
  const told: string[] = []
  const made = createRecorder({ store: records, now: () => NOW, keepDays: 30, failed: error => told.push(error.message), losing: () => told.push('losing'), watched: () => false, told: () => undefined, ...more })
  return { ...made, told, lines: (count: number) => { for (let i = 0; i < count; i++) made.over({ id: `e${i}`, version: 'v1' }, 'shop', { state: 'success', seconds: 1, answered: '', talkSeconds: 0 }) }, state: () => [made.waiting, made.lost] }
}

void t.test('a locked store: nobody waits, and nothing is lost', { timeout: 60_000 }, async t => {
  const s = await store(t)
  await s.writeCalls(line(1, { id: 'e0' }), NOW)
  const { lines, told, state, stop } = recorder(s)
  const db = new Database(s.path)
  db.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE')
  lines(150)
  await until('it is told', () => told.length > 0)
  t.match(told, [/locked by another program/])
  lines(50)
  t.strictSame(state(), [200, 0])
  db.exec('ROLLBACK')
  db.close()
  await until('all is written', () => state()[0] === 0)
  t.equal(told.length, 1, 'told once')
  t.match((await s.call('e0'))?.call, { ended: 'caller' })
  await stop()
})

void t.test('a store that takes nothing for long: memory is bounded, and the oldest go first', async t => {
  let trouble: Error | undefined = new StoreError('full', 'the disk is full')
  const written: string[] = []
  const double = { writeCalls: async (text: string) => { if (trouble !== undefined) throw trouble; written.push(...text.split('\n')) }, pruneCalls: async () => 0 } as unknown as CallRecords
  const { lines, told, state, stop } = recorder(double)
  lines(25_000)
  await until('it is told', () => told.includes('the disk is full'))
  t.strictSame([...told].sort(), ['losing', 'the disk is full'])
  t.strictSame(state(), [20_000, 5000])
  trouble = undefined
  await until('the rest is written', () => state()[0] === 0)
  t.equal(written.length, 20_000)
  t.match(written[0], /^e\te5000\t/, 'the oldest are lost')
  lines(1)
  await stop()
  t.equal(written.length, 20_001, 'what is left when the server stops is written')
})

void t.test('no records are wanted', async t => {
  const double = { writeCalls: async () => t.fail('it is written'), pruneCalls: async () => 0 } as unknown as CallRecords
  const { lines, state, stop } = recorder(double, { keepDays: 0 })
  lines(10)
  t.strictSame(state(), [0, 0])
  await stop()
})
