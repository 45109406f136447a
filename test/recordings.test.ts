/** Recordings over real HTTP: noted before the carrier is answered, fetched with the account's password from nowhere else, kept and deleted. */
import { createRequire } from 'node:module'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { isRecordingKey, recordingPath } from '../src/carrier/recording-address.ts'
import { recordingId } from '../src/outbox/recordings.ts'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import type { Fault } from './outbox/carrier-api.ts'
import { ask, CALLID, run, SECRET, SOUND, until } from './serve/running.ts'
import type { Answer, Json } from './serve/running.ts'

type Test = import('tap').Test
const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const FLOW = 'start: voicemail\nstates:\n  voicemail: { record: sound.wav, next: bye }\n  bye: { play: sound.wav, next: end }\n'
const HOUR = 3_600_000
const ID = `${CALLID}-r0`
const ADDRESS = recordingPath(SECRET, ID)

async function house(t: Test, env: Record<string, string> = {}, args: string[] = []) {
  const clock = { now: Date.now() }
  const carrier = await carrierApi(() => clock.now)
  carrier.files.set(`${ID}.wav`, SOUND)
  const server = await run({ files: { 'shop.yaml': FLOW }, args, env: { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base, ...env }, now: () => clock.now })
  t.teardown(async () => {
    await server.stop()
    await carrier.close()
  })
  const first = await server.call('shop')
  const record = deep(first.json, 'record')
  const notice = (wav = `${carrier.base}/Recordings/${ID}.wav`, more = ''): Promise<Answer> => ask(record, { body: `callid=${CALLID}&duration=9&wav=${encodeURIComponent(wav)}${more}` })
  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> => ask(server.voice + path, { method: 'GET', headers })
  const said = (text: string): Promise<Json> => until(`the log says: ${text}`, () => server.lines.find(line => String(line['msg']).includes(text)))
  const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec((await ask(`${server.admin}/metrics`, { method: 'GET' })).text)?.[1])
  return { server, carrier, clock, first, notice, get, said, metric, data: join(server.root, 'data') }
}

function deep(action: Json, key: string): string {
  return typeof action[key] === 'string' ? action[key] : deep(action['next'] as Json, key)
}

void t.test('the name in an address', async t => {
  const rows: [address: string, id: string | undefined][] = [
    [`https://api.46elks.com/a1/Recordings/${ID}.wav`, ID], ['https://x.example/c1-r1.mp3?key=1#x', 'c1-r1'], ['https://x.example/c1-r1', 'c1-r1'], ['', undefined], ['https://x.example/', undefined],
    ['https://x.example/..%2f..%2fetc', undefined], ['https://x.example/a b.wav', undefined], [`https://x.example/${'x'.repeat(101)}.wav`, undefined],
  ]
  for (const [address, id] of rows) t.equal(recordingId(address), id, address)
  const key = ADDRESS.split('/')[2] ?? ''
  t.ok(isRecordingKey(['another secret of ours', SECRET], ID, key), 'any secret in rotation')
  t.notOk(isRecordingKey(['another secret of ours'], ID, key))
  t.notOk(isRecordingKey([SECRET], `${CALLID}-r1`, key))
})

void t.test('what an operator sees of them, hears, and asks for anew', { timeout: 120_000 }, async t => {
  const h = await house(t)
  const shown = async (): Promise<Json[]> => (await ask(`${h.server.admin}/api/recordings`, { method: 'GET' })).json['recordings'] as Json[]
  const file = `${h.server.admin}/api/recordings/${ID}.wav`
  const retry = (id: string): Promise<Answer> => ask(`${h.server.admin}/api/recordings/${id}/retry`, { body: '{}', headers: { 'content-type': 'application/json' } })
  t.strictSame(await shown(), [])
  t.match(await ask(file, { method: 'GET' }), { status: 404, json: { detail: 'there is no such recording' } })
  t.match(await retry(ID), { status: 404, json: { detail: `there is no recording \`${ID}\`` } })
  h.carrier.files.delete(`${ID}.wav`)
  t.equal((await h.notice()).status, 204)
  const [coming] = await until('it was asked for', async () => (await shown()).filter(one => one['why'] !== undefined).length > 0 && shown()) as Json[]
  t.match(coming, { id: ID, call: CALLID, flow: 'shop', item: 'voicemail', seconds: 9, noticed: /^20/ })
  if (coming?.['state'] === 'coming') t.match(await ask(file, { method: 'GET' }), { status: 503, json: { detail: 'the recording is still with the carrier' } })
  h.carrier.files.set(`${ID}.wav`, SOUND)
  t.match(await retry(ID), { status: 200, json: { id: ID, was: coming?.['state'], state: 'coming' } })
  await until('the file is here', async () => (await ask(file, { method: 'GET' })).status === 200)
  t.match(await shown(), [{ id: ID, state: 'here', bytes: SOUND.length, why: undefined }])
  t.match(await ask(file, { method: 'GET', headers: { range: 'bytes=0-3' } }), { status: 206, text: 'RIFF', headers: { 'content-type': 'audio/wav', 'content-disposition': `inline; filename="${ID}.wav"` } })
  t.match(await retry(ID), { status: 409, json: { detail: 'this recording is here already' } })
  t.equal((await ask(`${h.server.admin}/api/recordings/..%2f..%2fsecret.wav`, { method: 'GET' })).status, 404)
})

void t.test('fetched, kept and handed out', { timeout: 120_000 }, async t => {
  const h = await house(t)
  t.equal((await h.get(ADDRESS)).status, 404, 'nobody has told of it')
  t.equal((await h.notice()).status, 204)
  await until('the file is here', async () => (await h.get(ADDRESS)).status === 200)
  t.strictSame(readFileSync(join(h.data, 'recordings', `${ID}.wav`)), SOUND)
  t.equal(statSync(join(h.data, 'recordings', `${ID}.wav`)).mode & 0o777, 0o600)
  const whole = await h.get(ADDRESS)
  t.match(whole.headers, { 'content-type': 'audio/wav', 'cache-control': 'private, no-store', 'x-content-type-options': 'nosniff', 'accept-ranges': 'bytes', 'content-length': String(SOUND.length) })
  t.match(await h.get(ADDRESS, { range: 'bytes=0-3' }), { status: 206, text: 'RIFF' })
  for (const [path, status] of [[ADDRESS.replace(/KEY|[^/](?=\/c)/, 'x'), 403], [`/recordings/${'A'.repeat(22)}/${ID}.wav`, 403], [ADDRESS.replace('-r0', '-r1'), 403], [ADDRESS.replace('.wav', '.mp3'), 403], ['/recordings/x/..%2f..%2fsecret', 403]] as const) t.equal((await h.get(path)).status, status, path)
  t.equal((await ask(h.server.voice + ADDRESS)).status, 405)
  t.equal((await h.notice()).status, 204, 'the carrier tells again')
  t.equal((await ask(deep(h.first.json, 'whenhangup'), { body: `id=${CALLID}&state=success` })).status, 204)
  t.equal((await h.notice()).status, 204, 'and once more, long after the call')
  t.equal(h.carrier.authorizations.length, 1, 'fetched once')
  t.match(h.server.lines.filter(line => line['msg'] === 'recording fetched'), [{ recording: ID, call: CALLID, flow: 'shop', bytes: SOUND.length }])
  t.equal(await h.metric('tonval_recordings{state="here"}'), 1)
  h.clock.now += 29 * 24 * HOUR
  await h.notice()
  t.equal((await h.get(ADDRESS)).status, 200)
})

void t.test('whatever the carrier answers, it is here in the end', { timeout: 120_000 }, async t => {
  const faults: Fault[] = [500, 404, 'broken-done', 'half-done', 'odd-done']
  const h = await house(t)
  h.carrier.reads.push(...faults)
  const db = new Database(join(h.data, 'tonval.db'))
  t.teardown(() => { db.close() })
  for (const fault of faults) {
    const before = h.carrier.authorizations.length
    t.equal((await h.notice()).status, 204)
    await until(`it was asked, and answered with ${fault}`, () => h.carrier.authorizations.length > before)
    t.match(await h.get(ADDRESS), { status: 503, headers: { 'retry-after': '60' } }, String(fault))
    await until('that it will be asked again is noted', () => (db.prepare('SELECT owner FROM recordings').all() as { owner: string | null }[])[0]?.owner === null)
    h.clock.now += HOUR
  }
  await until('it is here', async () => { h.clock.now += 20_000; await h.notice(); return (await h.get(ADDRESS)).status === 200 })
  t.strictSame(readdirSync(join(h.data, 'recordings')), [`${ID}.wav`], 'nothing half is left')
})

void t.test('the password goes to the carrier alone', { timeout: 120_000 }, async t => {
  const asked: (string | undefined)[] = []
  const thief = createServer((request, response) => { asked.push(request.headers.authorization); response.end(SOUND) })
  thief.listen(0, '127.0.0.1')
  await once(thief, 'listening')
  const h = await house(t)
  t.teardown(() => { thief.close() })
  t.equal((await h.notice(`http://127.0.0.1:${(thief.address() as AddressInfo).port}/a1/recordings/${ID}.wav`)).status, 204)
  t.match(await h.said('a recording is not fetched'), { level: 50, why: /only http:\/\/127\.0\.0\.1:\d+ is asked/ })
  t.strictSame(asked, [])
  t.equal((await h.get(ADDRESS)).status, 404)
  t.equal(await h.metric('tonval_recordings{state="lost"}'), 1)
  for (const wav of ['', 'nonsense', 'file:///etc/passwd']) t.equal((await h.notice(wav)).status, 204, `wav=${wav}`)
})

void t.test('an alarm before the carrier deletes it', { timeout: 120_000 }, async t => {
  const h = await house(t, {}, ['--keep-recordings', '3'])
  h.carrier.reads.push(...Array<number>(50).fill(500))
  t.equal((await h.notice()).status, 204)
  await h.said('a recording could not be fetched: it is tried again')
  h.clock.now += 47 * HOUR
  await h.notice()
  t.notOk(h.server.lines.some(line => String(line['msg']).includes('48 hours')))
  t.ok(await h.metric('tonval_recordings_oldest_coming_seconds') >= 47 * 3600)
  h.clock.now += 2 * HOUR
  await h.notice()
  t.match(await h.said('has not been fetched for 48 hours'), { level: 50, recording: ID })
  h.clock.now += 24 * HOUR
  await h.notice()
  t.match(await h.said('a recording is lost'), { level: 50, why: /answered 500/ })
  t.equal((await h.get(ADDRESS)).status, 404)
})

void t.test('deleted when it was kept long enough', { timeout: 120_000 }, async t => {
  const h = await house(t, {}, ['--keep-recordings', '1'])
  await h.notice()
  await until('it is here', async () => (await h.get(ADDRESS)).status === 200)
  h.clock.now += 25 * HOUR
  await h.notice()
  await until('it is deleted', () => !existsSync(join(h.data, 'recordings', `${ID}.wav`)))
  t.equal((await h.get(ADDRESS)).status, 404)
})

void t.test('a store that takes nothing: the carrier is to tell again', { timeout: 120_000 }, async t => {
  const h = await house(t)
  const other = new Database(join(h.data, 'tonval.db'))
  other.exec('BEGIN IMMEDIATE')
  t.equal((await h.notice()).status, 503)
  t.match(await h.said('could not be noted down'), { level: 50, recording: ID })
  t.match(await h.server.call('shop'), { status: 200, json: { whenhangup: String } }, 'calls go on')
  other.exec('ROLLBACK')
  other.close()
  t.equal((await h.notice()).status, 204)
  await until('it is here', async () => (await h.get(ADDRESS)).status === 200)
})

void t.test('without an account it stays with the carrier, and says so', { timeout: 120_000 }, async t => {
  const h = await house(t, { ELKS_USERNAME: '', ELKS_PASSWORD: '' })
  t.equal((await h.notice()).status, 204)
  t.match(await h.said('a recording could not be fetched'), { why: /set ELKS_USERNAME and ELKS_PASSWORD/ })
  t.equal((await h.get(ADDRESS)).status, 503)
  t.strictSame(h.carrier.authorizations, [])
})
