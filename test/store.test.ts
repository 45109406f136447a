/** The store: each key once, whatever happens to its file; what is wrong with it is told in words, and mended it goes on. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import t from 'tap'
import type { Item } from '../src/run/effect.ts'
import { createOpenCalls } from '../src/store/open-calls.ts'
import { readSecrets } from '../src/store/secret.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { StoreError, storeError } from '../src/store/store-error.ts'
import type { NewItem, Settled } from '../src/store/store.ts'
import { until } from './serve/running.ts'

type Database = typeof import('libsql')
const Database = createRequire(import.meta.url)('libsql') as Database

const NOW = Date.UTC(2026, 10, 23, 10)
const HOUR = 3_600_000
const sms = (key: string, more: Partial<Item> = {}): Item => ({ kind: 'sms', key, item: 'sorry.send.0', flow: 'shop', call: 'c1', state: 'sorry', to: '+46701740601', from: '+46846500400', text: 'Sorry', ...more }) as Item
const fresh = (key: string, more: Partial<Item> = {}, put: Partial<NewItem> = {}): NewItem => {
  const item = sms(key, more)
  return { id: key, item, receiver: 'to' in item ? item.to : 'host', caller: '+46701740601', next: NOW, deadline: NOW + 24 * HOUR, ...put }
}

async function store(t: import('tap').Test) {
  const data = mkdtempSync(join(tmpdir(), 'tonval-store-'))
  const opened = await openSqliteStore(data)
  t.teardown(async () => {
    await opened.close()
    rmSync(data, { recursive: true, force: true })
  })
  return { ...opened, data, path: join(data, 'tonval.db') }
}

void t.test('an item is kept once, sent once, and forgotten', async t => {
  const s = await store(t)
  t.strictSame(await s.put([fresh('a'), fresh('b'), fresh('a')], NOW), ['stored', 'stored', 'known'])
  t.strictSame(await s.put([fresh('a', { text: 'other' })], NOW + 1), ['known'])
  t.equal(statSync(s.path).mode & 0o777, 0o600, 'nobody else reads it')
  t.equal(await s.nextDue(), NOW)
  t.strictSame(await s.claim('me', NOW - 1, NOW + HOUR, 8), [], 'none before its time')
  const [first, ...others] = await s.claim('me', NOW, NOW + HOUR, 1)
  t.match(first, { id: 'a', state: 'sending', attempts: 1, claimed: NOW, next: null, item: sms('a') })
  t.strictSame(others, [])
  t.strictSame((await s.claim('you', NOW, NOW + HOUR, 8)).map(one => one.id), ['b'], 'nobody else gets it')
  t.strictSame([...await s.owners()].sort(), ['me', 'you'])
  t.equal(await s.settle('b', 'me', { is: 'sent' }, NOW), false, 'who does not send it cannot say what became of it')
  t.equal(await s.settle('a', 'me', { is: 'sent', ref: 's1' }, NOW + 5), true)
  t.equal(await s.hasRef('s1'), true)
  t.equal(await s.hasRef('s2'), false)
  t.equal(await s.settle('b', 'you', { is: 'waiting', next: NOW + 10, why: 'busy' }, NOW), true)
  t.match(await s.list(['sent'], 9), [{ id: 'a', ref: 's1', ended: NOW + 5, item: null }], 'its text is gone')
  t.match(await s.list(['waiting'], 9), [{ id: 'b', why: 'busy', next: NOW + 10, item: { text: 'Sorry' } }])
  t.strictSame(await s.counts(), [{ state: 'sent', kind: 'sms', count: 1, oldest: NOW }, { state: 'waiting', kind: 'sms', count: 1, oldest: NOW }])
  await s.prune(NOW + 5, NOW + 5)
  t.strictSame(await s.put([fresh('a')], NOW), ['known'], 'remembered for as long as the request may be repeated')
  await s.prune(NOW + 6, 0)
  t.strictSame(await s.put([fresh('a')], NOW), ['stored'])
})

void t.test('once per recipient and hours, over all calls', async t => {
  const s = await store(t)
  const once = (key: string, more: Partial<Item> = {}): NewItem => fresh(key, { oncePer: { hours: 24 }, ...more })
  t.strictSame(await s.put([once('a'), once('b')], NOW), ['stored', 'skipped'])
  t.strictSame(await s.put([once('b')], NOW + 25 * HOUR), ['known'], 'a repeated request does not send what was kept back')
  t.strictSame(await s.put([once('c', { call: 'c2' })], NOW + 24 * HOUR - 1), ['skipped'])
  t.strictSame(await s.put([once('d', { item: 'other.send.0' }), once('e', { flow: 'other' }), once('f', { to: '+46701740602' })], NOW), ['stored', 'stored', 'stored'], 'counted by flow, item and recipient')
  t.strictSame(await s.put([once('g')], NOW + 24 * HOUR), ['stored'])
  for (const one of await s.claim('me', NOW + 24 * HOUR, NOW + 25 * HOUR, 99)) await s.settle(one.id, 'me', { is: 'failed', why: 'no' }, NOW)
  t.strictSame(await s.put([once('h')], NOW + 24 * HOUR), ['stored'], 'what never came keeps nothing back')
  await s.drop('h', NOW)
  t.strictSame(await s.put([once('i')], NOW + 24 * HOUR), ['stored'], 'nor does what was dropped')
  t.strictSame(await s.put([once('j', { item: 'x' }), fresh('k', { item: 'y' }, { refused: 'premium' })], NOW), ['stored', 'refused'])
  t.match((await s.list(['failed'], 9)).find(one => one.id === 'k'), { why: 'premium', attempts: 0 })
})

void t.test('what was left behind', async t => {
  const s = await store(t)
  const post = { kind: 'post', url: 'https://x.example', json: 1 } as Partial<Item>
  await s.put([fresh('a'), fresh('b', post), fresh('c')], NOW)
  await s.claim('dead', NOW, NOW + HOUR, 2)
  await s.claim('slow', NOW, NOW + 10, 1)
  t.strictSame(await s.abandon(NOW + 5, [], NOW + 30), [])
  const lost = await s.abandon(NOW + 5, ['dead'], NOW + 30)
  t.match([...lost].sort((a, b) => (a.id < b.id ? -1 : 1)), [{ id: 'a', state: 'doubt', next: NOW + 30, why: /carrier is asked/ }, { id: 'b', state: 'doubt', next: null, why: /may have come, or not/ }])
  t.match(await s.abandon(NOW + 11, [], NOW + 30), [{ id: 'c' }], 'a lease that is over')
  t.equal(await s.settle('c', 'slow', { is: 'waiting', next: NOW, why: 'no' }, NOW), false, 'the slow one has nothing to say any more')
  t.equal(await s.settle('c', 'slow', { is: 'sent', ref: 's9' }, NOW), true, 'but that it was sent')
  t.strictSame(await s.claimDoubts('me', NOW + 29, NOW + HOUR, 9), [])
  t.match(await s.claimDoubts('me', NOW + 30, NOW + HOUR, 9), [{ id: 'a' }])
  t.strictSame(await s.claimDoubts('you', NOW + 31, NOW + HOUR, 9), [])
  t.equal(await s.nextDue(), NOW + HOUR, 'nobody need look before')
  t.equal(await s.settle('a', 'me', { is: 'waiting', next: NOW, why: 'it had not come' }, NOW), true)
  const rows: [verb: 'retry' | 'drop', id: string, was: string | undefined][] = [['retry', 'nobody', undefined], ['retry', 'b', 'doubt'], ['drop', 'b', 'waiting'], ['drop', 'b', 'dropped'], ['retry', 'b', 'dropped'], ['retry', 'c', 'sent'], ['drop', 'c', 'sent']]
  for (const [verb, id, was] of rows) t.equal(await (verb === 'retry' ? s.retry(id, NOW + 7, NOW + HOUR) : s.drop(id, NOW + 7)), was, `${verb} ${id}`)
  t.match([...await s.list(['waiting', 'sent'], 9)].sort((a, b) => (a.id < b.id ? -1 : 1)), [{ id: 'a' }, { id: 'b', next: NOW + 7, deadline: NOW + HOUR, item: { url: 'https://x.example' } }, { id: 'c', state: 'sent' }])
})

void t.test('recordings, and the items that wait for them', async t => {
  const s = await store(t)
  const recording = (id: string, noticed: number, call = 'c1') => ({ id, call, flow: 'shop', place: 'voicemail', address: `https://api.example/${id}.wav`, seconds: 9, created: '2026-11-23T10:00:00', noticed })
  await s.put([fresh('latest', { recording: {} }, { deadline: NOW + 96 * HOUR }), fresh('own', { recording: { id: 'c1-r0' } }, { deadline: NOW + 96 * HOUR })], NOW)
  t.equal(await s.nextDue(), undefined)
  t.strictSame(await s.claim('me', NOW, NOW + HOUR, 9), [])
  t.strictSame([await s.noteRecording(recording('c1-r0', NOW)), await s.noteRecording(recording('c1-r0', NOW + 5)), await s.noteRecording(recording('c1-r1', NOW + 1))], [true, false, true])
  t.strictSame((await s.claimRecordings('me', NOW + 1, NOW + HOUR, 9)).map(one => one.id), ['c1-r0', 'c1-r1'])
  t.strictSame(await s.claimRecordings('you', NOW + 1, NOW + HOUR, 9), [])
  await s.settleRecording('c1-r0', 'here', { bytes: 100 })
  t.match(await s.claim('me', NOW, NOW + HOUR, 9), [{ id: 'own', recording: 'c1-r0' }])
  await s.settleRecording('c1-r1', 'lost', { why: 'gone' })
  t.match(await s.claim('me', NOW, NOW + HOUR, 9), [{ id: 'latest', recording: 'c1-r1' }], 'one that never comes holds nothing up')
  await s.put([fresh('never', { call: 'c9', recording: {} }, { deadline: NOW + 5 })], NOW)
  t.match(await s.claim('me', NOW + 5, NOW + HOUR, 9), [{ id: 'never', recording: '*' }], 'at the end of its time')
  t.match(await s.recording('c1-r0'), { state: 'here', bytes: 100, seconds: 9, address: 'https://api.example/c1-r0.wav' })
  t.equal(await s.recording('c1-r7'), undefined)
  t.match(await s.recordingsOf('c1'), [{ id: 'c1-r0' }, { id: 'c1-r1', created: '2026-11-23T10:00:00' }])
  await s.noteEnd('c1', { state: 'success', seconds: 9, answeredBy: '', talkSeconds: 0 }, NOW)
  await s.noteEnd('c1', { state: 'failed', seconds: 0, answeredBy: '', talkSeconds: 0 }, NOW)
  t.strictSame(await s.endOf('c1'), { state: 'success', seconds: 9, answeredBy: '', talkSeconds: 0 }, 'as it was told first')
  t.equal(await s.endOf('c2'), undefined)
  await s.noteRecording(recording('c2-r0', NOW, 'c2'))
  t.match(await s.overdueRecordings(NOW + 1), [{ id: 'c2-r0' }])
  t.strictSame(await s.overdueRecordings(NOW + 1), [], 'told once')
  t.strictSame(await s.expireRecordings(NOW + 1), ['c1-r0'], 'those that are still coming stay')
  t.strictSame(await s.noteRecording(recording('c1-r0', NOW + HOUR)), false, 'a late notice brings none back')
  t.match((await s.recordingCounts()).map(one => [one.state, one.count]), [['coming', 1], ['deleted', 1], ['lost', 1]])
})

void t.test('law: however requests are mixed, each key is there once and goes to one owner at a time', async t => {
  const s = await store(t)
  let round = 0
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ key: fc.integer({ min: 0, max: 4 }), owner: fc.constantFrom('x', 'y'), end: fc.constantFrom('sent', 'failed', 'waiting') }), { minLength: 1, maxLength: 25 }), async steps => {
    const base = `r${++round}-`
    const results = await Promise.all(steps.map(({ key }) => s.put([fresh(`${base}${key}`)], NOW)))
    const stored = new Set(steps.map(one => one.key)).size
    t.equal(results.flat().filter(one => one === 'stored').length, stored)
    const taken = (await Promise.all(steps.map(({ owner }) => s.claim(owner, NOW, NOW + HOUR, 2).then(rows => rows.map(row => ({ owner, id: row.id })))))).flat()
    t.equal(new Set(taken.map(one => one.id)).size, taken.length, 'nothing is handed out twice')
    for (const [index, { owner, id }] of taken.entries()) {
      const end = steps[index % steps.length]?.end
      const settled: Settled = end === 'waiting' ? { is: 'waiting', next: NOW + 99 * HOUR, why: 'later' } : end === 'failed' ? { is: 'failed', why: 'no' } : { is: 'sent' }
      t.equal(await s.settle(id, owner, settled, NOW), true)
      t.equal(await s.settle(id, owner, settled, NOW), false)
    }
    for (const one of await s.claim('z', NOW, NOW + HOUR, 99)) await s.settle(one.id, 'z', { is: 'sent' }, NOW)
  }), { numRuns: 25 })
})

void t.test('a store that cannot be used says why, and is used again once it can', { timeout: 60_000 }, async t => {
  const s = await store(t)
  await s.put([fresh('a')], NOW)
  const other = new Database(s.path)
  other.exec('BEGIN IMMEDIATE')
  await t.rejects(s.put([fresh('b')], NOW), { name: 'StoreError', trouble: 'locked', message: /locked by another program/ })
  t.equal((await s.counts()).length, 1, 'what changes nothing is still answered')
  other.exec('ROLLBACK')
  t.strictSame(await s.put([fresh('b')], NOW), ['stored'])

  other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  other.close()
  const good = readFileSync(s.path)
  writeFileSync(s.path, Buffer.alloc(good.length, 'no database '))
  await t.rejects(s.put([fresh('c')], NOW), { trouble: 'damaged', message: /put a backup in its place, or move it away/ })
  for (const name of ['tonval.db', 'tonval.db-wal', 'tonval.db-shm']) if (existsSync(join(s.data, name))) renameSync(join(s.data, name), join(s.data, `${name}.old`))
  t.strictSame(await s.put([fresh('a')], NOW), ['stored'], 'moved away: a new one')

  const newer = await store(t)
  const db = new Database(newer.path)
  db.exec('PRAGMA user_version = 99')
  db.close()
  await t.rejects(newer.put([fresh('a')], NOW), { trouble: 'newer', message: /newer tonval/ })
  rmSync(newer.path)
  t.strictSame(await newer.put([fresh('a')], NOW), ['stored'])
  await newer.close()
  await t.rejects(newer.put([fresh('b')], NOW), { name: 'StoreError', message: /the server stops/ })
})

void t.test('the thread of the store ends: what was asked of it fails, and the next request has a new one', async t => {
  const threads = new Set<Worker>()
  const postMessage = Worker.prototype.postMessage as (this: Worker, ...args: unknown[]) => void
  Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
    threads.add(this)
    return Reflect.apply(postMessage, this, args)
  }
  t.teardown(() => { Worker.prototype.postMessage = postMessage as Worker['postMessage'] })
  const s = await store(t)
  await s.put([fresh('a')], NOW)
  const [first] = threads
  // it breaks on what is no request. To end it from outside, in the middle of a write, aborts the whole process now and then: SQLite is native code
  first?.postMessage(null)
  await t.rejects(s.put([fresh('b')], NOW), { name: 'StoreError', trouble: 'other', message: /the thread of the store broke/ })
  t.strictSame(await s.put([fresh('a'), fresh('b')], NOW), ['known', 'stored'], 'nothing was half done')
  t.equal(threads.size, 2)
  await Promise.all([s.put([fresh('c')], NOW), s.close()])
  t.strictSame(await Promise.allSettled([s.counts()]), [{ status: 'rejected', reason: new StoreError('closed', 'the server stops') }], 'but none after the end')
})

void t.test('what callers wait for goes first, and others have their turn', async t => {
  const s = await store(t)
  await s.put([fresh('first')], NOW)
  const done: string[] = []
  // whoever holds the file makes the thread wait until all are asked
  const other = new Database(s.path)
  other.exec('BEGIN IMMEDIATE')
  const asked = [
    // the thread stands still with this one, whatever it has met of the others
    s.put([fresh('held')], NOW).then(() => done.push('put')),
    ...Array.from({ length: 30 }, () => s.claim('me', 0, 1, 1).then(() => done.push('claim'))),
    ...Array.from({ length: 30 }, (_, index) => s.put([fresh(`k${index}`)], NOW).then(() => done.push('put'))),
  ]
  other.exec('ROLLBACK')
  other.close()
  await Promise.all(asked)
  const before = done.lastIndexOf('put') - 30
  t.ok(before <= 1, `${before} others were answered before the last put`)
  let going = true
  const puts = (async () => { for (let index = 0; going; index++) await Promise.all([0, 1, 2, 3].map(one => s.put([fresh(`m${index}-${one}`)], NOW))) })()
  t.match(await s.claim('me', NOW, NOW + HOUR, 1), [{ state: 'sending' }], 'while there is always a put')
  going = false
  await puts
})

void t.test('what the codes of SQLite mean', async t => {
  const rows: [code: string, message: string, trouble: string][] = [
    ['SQLITE_FULL', 'database or disk is full', 'full'], ['SQLITE_IOERR_WRITE', 'ENOSPC', 'full'], ['SQLITE_BUSY_SNAPSHOT', '', 'locked'], ['SQLITE_CORRUPT_INDEX', '', 'damaged'], ['SQLITE_NOTADB', '', 'damaged'],
    ['SQLITE_READONLY', '', 'refused'], ['EACCES', 'EACCES: permission denied, open', 'refused'], ['SQLITE_IOERR', 'disk I/O error', 'other'],
  ]
  for (const [code, message, trouble] of rows) t.match(storeError(code, message, '/data/tonval.db'), { trouble, message: /\/data\/tonval\.db/ }, code)
})

void t.test('calls that are open', async t => {
  const s = await store(t)
  const aged: string[] = []
  let fails = false
  const errors: string[] = []
  let now = NOW
  const start = NOW / 1000
  const noted: string[] = []
  const noteCalls: typeof s.noteCalls = (open, over) => (fails ? Promise.reject(new StoreError('full', 'the disk is full')) : s.noteCalls(open, over).then(() => void noted.push(...open.map(one => one.id), ...over.map(id => `-${id}`))))
  const calls = createOpenCalls({ store: { ...s, noteCalls }, now: () => now, aged: call => aged.push(`${call.id} ${call.token}`), failed: error => errors.push(error.message), look: 10 })
  const call = (id: string, more = {}) => ({ id, flow: 'shop', version: 'v', start, token: '', server: 'x', ...more })
  calls.seen(call('a'))
  calls.seen(call('b'))
  calls.seen(call('b', { token: 'newer' }))
  calls.seen(call('c', { start: start + 100 }))
  calls.seen(call('d'))
  calls.over('d')
  await until('they are noted', () => noted.includes('-d'))
  calls.over('a')
  await until('the end of one is', () => noted.includes('-a'))
  now = NOW + 24 * HOUR + 1000
  await until('what is too old is closed', () => aged.length > 0)
  t.strictSame(aged, ['b newer'])
  fails = true
  calls.seen(call('e', { start: start + 200 }))
  await until('it fails', () => errors.length > 0)
  fails = false
  await calls.stop()
  t.strictSame((await s.agedCalls(Infinity, 9)).map(one => one.id), ['c', 'e'], 'what could not be noted is noted later')
})

void t.test('the secret is made once, however many servers begin at once', async t => {
  const data = mkdtempSync(join(tmpdir(), 'tonval-secret-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  const made = new Set((await Promise.all(Array.from({ length: 20 }, () => readSecrets(data, undefined)))).flat())
  t.equal(made.size, 1)
  t.strictSame(await readSecrets(data, ' '), [...made], 'and stays')
  t.equal(statSync(join(data, 'secret')).mode & 0o777, 0o600)
  t.strictSame(readdirSync(data), ['secret'], 'nothing is left beside it')
  writeFileSync(join(data, 'secret'), '\n')
  t.equal((await readSecrets(data, undefined))[0]?.length, 43, 'an empty one is made anew')
  writeFileSync(join(data, 'secret'), 'short')
  await t.rejects(readSecrets(data, undefined), { message: /holds fewer than 16 characters; delete that file/ })
  t.strictSame(await readSecrets(data, 'first-secret-long, second-secret-long'), ['first-secret-long', 'second-secret-long'])
})
