/** The outbox over real sockets: sent once, tried again, given up, in doubt; whatever receivers and the store do. */
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { createApi } from '../src/carrier/api/api.ts'
import { backOff } from '../src/outbox/back-off.ts'
import { callSender, smsSender } from '../src/outbox/by-carrier.ts'
import { mailSender } from '../src/outbox/by-mail.ts'
import { postSender, shownKey } from '../src/outbox/by-post.ts'
import { createDialGuard } from '../src/outbox/dial-guard.ts'
import { createOutbox, itemId } from '../src/outbox/outbox.ts'
import { openReach } from '../src/outbox/reachable.ts'
import type { Item } from '../src/run/effect.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { StoreError } from '../src/store/store-error.ts'
import type { ItemState, Store, StoredItem } from '../src/store/store.ts'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import type { Fault } from './outbox/carrier-api.ts'
import { mailServer } from './outbox/mail.ts'
import { until } from './serve/running.ts'
import type { Json } from './serve/running.ts'

type Test = import('tap').Test
const START = Date.UTC(2026, 10, 23, 10)
const [MINUTE, HOUR] = [60_000, 3_600_000]
const common = (key: string) => ({ key, item: 'sorry.send.0', flow: 'shop', call: 'c1', state: 'sorry' })
const sms = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'sms', to: '+46701740601', from: '+46846500400', text: 'Sorry, nobody was here.', ...more })
const email = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'email', to: 'desk@example.se', subject: 'A message', text: 'From +46701740601', ...more })
const call = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'call', to: '+46701740602', from: '+46846500400', runs: 'alarm', with: {}, ...more })

/** An outbox with doubles all around; its clock stands still until it is put on. */
async function house(t: Test, { account = true, mail = true, breaks = false, allow = [], limits = { caller: 0, day: 0 }, publicUrl = true }: { account?: boolean; mail?: boolean; breaks?: boolean; allow?: string[]; limits?: { caller: number; day: number }; publicUrl?: boolean } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'tonval-outbox-'))
  const clock = { now: START }
  const carrier = await carrierApi(() => clock.now)
  const smtp = await mailServer()
  const opened = await openSqliteStore(data)
  const trouble: { error: StoreError | undefined } = { error: undefined }
  const store = breaks ? new Proxy(opened, { get: (target, name: keyof Store) => (...args: never[]) => (trouble.error === undefined ? (target[name] as (...args: never[]) => unknown)(...args) : Promise.reject(trouble.error)) }) : opened
  const received: { headers: IncomingHttpHeaders; body: Buffer; url: string }[] = []
  const answers: (number | 'broken' | 'silent' | 'endless' | 'redirect')[] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks), url: request.url ?? '' })
      const answer = answers.shift() ?? 200
      const more = (): void => { if (!response.destroyed) response.write('x'.repeat(65_536), more) }
      if (answer === 'broken') response.destroy()
      else if (answer === 'endless') { response.writeHead(200); more() }
      else if (answer === 'redirect') response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
      else if (answer !== 'silent') response.writeHead(answer).end('thanks')
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const reach = openReach([host])
  const lines: Json[] = []
  const log = pino({ level: 'debug' }, new PassThrough().on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as Json)))
  const events: { state: string; id: string }[] = []
  const alarms: string[] = []
  const guard = createDialGuard({ allow: () => allow, limits, alarm: text => alarms.push(text) })
  const noFile = { file: async () => ({ forGood: false, why: 'the recording is still with the carrier' }) }
  const mailer = mailSender(mail ? { url: smtp.url, from: 'Shop <us@example.se>' } : undefined, noFile)
  const byCarrier = { api: account ? createApi({ base: carrier.base, username: USER, password: PASSWORD }) : undefined, store, addresses: () => (publicUrl ? { voiceStart: 'https://x.example/voice/alarm?key=1', whenhangup: 'https://x.example/hangup/1' } : undefined) }
  const key = Buffer.from('the key of this test')
  const start = () => createOutbox({
    store, guard, log, now: () => clock.now, random: () => 0.5, owner: 'this', isGone: () => false, publish: (_event, data) => void events.push(data as { state: string; id: string }),
    senders: { sms: smsSender(byCarrier), call: callSender(byCarrier), email: mailer, post: postSender({ reach, recordings: noFile, key, now: () => clock.now }) },
  })
  const outbox = start()
  t.teardown(async () => {
    trouble.error = undefined
    await outbox.stop()
    mailer.close()
    receiver.closeAllConnections()
    await Promise.all([opened.close(), carrier.close(), smtp.close(), reach.close(), receiver.close()])
    rmSync(data, { recursive: true, force: true })
  })
  const find = async (id: string): Promise<StoredItem | undefined> => (await opened.list(['waiting', 'sending', 'sent', 'failed', 'doubt', 'skipped', 'dropped'], 1000)).find(one => one.id === itemId(id))
  const becomes = (id: string, state: ItemState, attempts?: number): Promise<StoredItem> => until(`${id} is ${state}${attempts === undefined ? '' : ` after ${attempts}`}`, async () => {
    const item = await find(id)
    return item?.state === state && (attempts === undefined || item.attempts === attempts) ? item : undefined
  })
  const later = (milliseconds: number): void => {
    clock.now += milliseconds
    outbox.wake()
  }
  return { outbox, start, store: opened, carrier, smtp, received, answers, host, lines, events, alarms, guard, clock, trouble, key, find, becomes, later }
}

void t.test('each kind is sent once, however often it is put', { timeout: 60_000 }, async t => {
  const h = await house(t)
  const post: Item = { ...common('p'), kind: 'post', url: `http://${h.host}/in?x=1`, json: { from: '+46701740601', n: 3 }, headers: { 'x-own': 'yes', 'webhook-id': 'forged', host: 'other.example' } }
  const items = [sms('a'), email('b', { subject: 'Evil\r\nBcc: all@example.se', to: 'desk@example.se' }), post, call('c', { timeout: 40 })]
  await Promise.all([h.outbox.put(items), h.outbox.put(items)])
  await h.outbox.put(items)
  for (const id of ['a', 'b', 'p', 'c']) await h.becomes(id, 'sent', 1)
  t.match(h.carrier.sent.map(one => [one.what, one.fields]).sort(), [
    ['calls', { from: '+46846500400', to: '+46701740602', voice_start: 'https://x.example/voice/alarm?key=1', whenhangup: 'https://x.example/hangup/1', timeout: '40' }],
    ['sms', { from: '+46846500400', to: '+46701740601', message: 'Sorry, nobody was here.' }],
  ])
  t.equal(h.smtp.messages.length, 1)
  const [mail] = h.smtp.messages
  t.equal(mail?.to, 'desk@example.se')
  t.match(mail?.text, new RegExp(`^Message-ID: <${itemId('b')}@example\\.se>`, 'im'))
  t.notMatch(mail?.text, /^Bcc:/im, 'a value makes no headers')
  t.equal(h.received.length, 1)
  const [got] = h.received
  t.match(got, { url: '/in?x=1', headers: { 'x-own': 'yes', 'webhook-id': itemId('p'), 'idempotency-key': itemId('p'), host: h.host, 'content-type': 'application/json' } })
  t.strictSame(JSON.parse(got?.body.toString() ?? ''), { from: '+46701740601', n: 3 })
  const signed = `${itemId('p')}.${String(got?.headers['webhook-timestamp'])}.${String(got?.body)}`
  t.equal(got?.headers['webhook-signature'], `v1,${createHmac('sha256', Buffer.from(shownKey(h.key).slice(6), 'base64')).update(signed).digest('base64')}`, 'as receivers\' libraries check it')
  t.match((await h.find('a'))?.ref, /^s[0-9a-f]{32}$/)
  t.strictSame(h.events.map(one => one.state), ['sent', 'sent', 'sent', 'sent'])
  t.notMatch(JSON.stringify(h.lines), /46701740601|nobody was here|desk@/, 'no number and no text in the log')
})

void t.test('what the carrier does with an SMS', { timeout: 120_000 }, async t => {
  const rows: [fault: Fault, state: ItemState, why: RegExp, sent: number, refusal?: string][] = [
    ['broken', 'doubt', /broke off/, 0], ['broken-done', 'doubt', /broke off/, 1], ['half-done', 'doubt', /broke off|something else/, 1], ['odd-done', 'doubt', /something else than JSON/, 1],
    ['no-id-done', 'doubt', /without an id/, 1], ['endless-done', 'doubt', /broke off: TOO_LONG/, 1], [500, 'doubt', /answered 500/, 0],
    [401, 'waiting', /does not accept/, 0], [403, 'waiting', /403 Forbidden/, 0], [403, 'failed', /403 Invalid to number/, 0, 'Invalid to number'], [400, 'failed', /400/, 0], [404, 'waiting', /404/, 0], [429, 'waiting', /429/, 0],
  ]
  for (const [fault, state, why, sent, refusal] of rows) {
    const h = await house(t)
    h.carrier.faults.push(fault)
    if (refusal !== undefined) h.carrier.refusal = refusal
    await h.outbox.put([sms('a')])
    t.match(await h.becomes('a', state, 1), { why }, String(fault))
    t.equal(h.carrier.sent.length, sent, String(fault))
    if (state === 'failed') continue
    // in the end it has come exactly once, whatever happened
    h.later(HOUR)
    t.match(await h.becomes('a', 'sent'), { ref: h.carrier.sent[0]?.id ?? /^s/ }, `${fault}: and an hour later`)
    t.equal(h.carrier.sent.length, 1, `${fault}: once`)
    await h.outbox.stop()
  }
})

void t.test('in doubt: the history decides, and an entry counts for one item only', { timeout: 60_000 }, async t => {
  const h = await house(t)
  h.carrier.add('sms', { from: '+46846500400', to: '+46701740601', message: 'Sorry, nobody was here.' })
  h.clock.now += 10 * MINUTE
  for (let one = 0; one < 7; one++) h.carrier.add('sms', { from: '+46846500400', to: '+46701740699', message: 'another' })
  await h.outbox.put([sms('before')])
  await h.becomes('before', 'sent')
  h.carrier.faults.push('broken')
  await h.outbox.put([sms('a')])
  await h.becomes('a', 'doubt')
  h.carrier.reads.push(500, 'odd-done')
  h.later(MINUTE)
  t.match(await until('the history cannot be read', async () => { const item = await h.find('a'); return item?.why?.includes('history') === true ? item : undefined }), { state: 'doubt' })
  h.later(HOUR)
  await until('nor the second time', async () => (await h.find('a'))?.why?.includes('something else') === true)
  h.later(HOUR)
  await h.becomes('a', 'sent', 2)
  t.equal(h.carrier.sent.filter(one => one.fields['message'] === 'Sorry, nobody was here.').length, 3, 'neither an older one nor that of another item was taken for it')

  const silent = await house(t)
  silent.carrier.faults.push('broken')
  silent.carrier.reads.push(...Array<number>(50).fill(500))
  await silent.outbox.put([call('c')])
  await silent.becomes('c', 'doubt')
  silent.later(25 * HOUR)
  await until('only people can tell', async () => { const item = await silent.find('c'); return item?.state === 'doubt' && item.next === null })
  t.equal(silent.carrier.asked.filter(one => one.startsWith('POST')).length, 1, 'not sent again blindly')
  t.equal(await silent.outbox.retry(itemId('c')), 'doubt')
  await silent.becomes('c', 'sent', 2)
})

void t.test('tried for a day, then given up and shown; and anew when somebody says so', { timeout: 60_000 }, async t => {
  const h = await house(t)
  t.strictSame([1, 2, 3, 20].map(attempt => [backOff(attempt, () => 0), backOff(attempt, () => 1)]), [[7500, 12_500], [15_000, 25_000], [30_000, 50_000], [2_700_000, 4_500_000]])
  h.answers.push(...Array<number>(60).fill(503))
  const post: Item = { ...common('p'), kind: 'post', url: `http://${h.host}/`, form: { a: 'å & b' } }
  await h.outbox.put([post])
  let attempts = 1
  for (let item = await h.becomes('p', 'waiting', attempts); item.state === 'waiting'; attempts++) {
    t.ok(item.next !== null && item.next > h.clock.now && item.next - h.clock.now <= HOUR * 1.25)
    h.later((item.next ?? 0) - h.clock.now)
    item = await until('the next attempt', async () => { const one = await h.find('p'); return one !== undefined && one.attempts > attempts && one.state !== 'sending' ? one : undefined })
  }
  const item = await h.find('p')
  t.match(item, { state: 'failed', why: /answered 503; given up after 24 hours and \d+ attempts/ })
  t.ok((item?.attempts ?? 0) >= 25 && (item?.attempts ?? 0) < 45, `${item?.attempts} attempts`)
  t.equal(new Set(h.received.map(one => one.headers['webhook-id'])).size, 1, 'always the same id')
  t.equal(h.received[0]?.body.toString(), 'a=%C3%A5+%26+b')
  h.answers.length = 0
  t.equal(await h.outbox.retry(itemId('p')), 'failed')
  await h.becomes('p', 'sent')
  t.equal(await h.outbox.retry(itemId('p')), 'sent')
  t.equal(await h.outbox.drop('nobody'), undefined)
})

void t.test('receivers of POST', { timeout: 120_000 }, async t => {
  const h = await house(t)
  const post = (key: string, url: string): Item => ({ ...common(key), kind: 'post', url, json: {} })
  const rows: [key: string, answer: 'broken' | 'redirect' | 'endless' | 404, state: ItemState, why: RegExp | null][] = [
    ['a', 'broken', 'waiting', /cannot be reached/], ['b', 'redirect', 'waiting', /answered 307: redirects are not followed/], ['c', 'endless', 'sent', null], ['d', 404, 'waiting', /answered 404/],
  ]
  for (const [key, answer, state, why] of rows) {
    h.answers.push(answer)
    await h.outbox.put([post(key, `http://${h.host}/${key}`)])
    t.match(await h.becomes(key, state, 1), { why }, key)
  }
  await h.outbox.put([post('e', 'http://169.254.169.254/latest'), post('f', 'ftp://x.example/'), post('g', `http://${h.host.replace(/\d+$/, '1')}/`)])
  t.match(await h.becomes('e', 'waiting', 1), { why: /TONVAL_FETCH_HOSTS does not list 169\.254\.169\.254/, receiver: '169.254.169.254' })
  t.match(await h.becomes('f', 'failed'), { why: /is none/ })
  t.match(await h.becomes('g', 'waiting', 1), { why: /does not list/ })
  t.equal(h.received.length, 4, 'nothing else was asked')
})

void t.test('e-mail servers', { timeout: 120_000 }, async t => {
  const h = await house(t)
  const rows: [key: string, fault: number, state: ItemState, why: RegExp][] = [['a', 451, 'waiting', /answered 451/], ['b', 550, 'failed', /answered 550/]]
  for (const [key, fault, state, why] of rows) {
    h.smtp.faults.push(fault)
    await h.outbox.put([email(key)])
    t.match(await h.becomes(key, state, 1), { why })
  }
  h.later(HOUR)
  await h.becomes('a', 'sent', 2)
  const down = await house(t)
  await down.smtp.close()
  await down.outbox.put([email('a')])
  t.match(await down.becomes('a', 'waiting', 1), { why: /e-mail server cannot be used/ })
})

void t.test('without settings items wait, say why, and go when there are some', { timeout: 60_000 }, async t => {
  const h = await house(t, { account: false, mail: false })
  await h.outbox.put([sms('a'), email('b'), call('c')])
  t.match(await h.becomes('a', 'waiting', 1), { why: /set ELKS_USERNAME and ELKS_PASSWORD/ })
  t.match(await h.becomes('b', 'waiting', 1), { why: /set TONVAL_SMTP_URL/ })
  t.match(await h.becomes('c', 'waiting', 1), { why: /ELKS_USERNAME/ })
  const again = h.start()
  await h.becomes('a', 'waiting', 2)
  await h.becomes('b', 'waiting', 2)
  await again.stop()
  const nowhere = await house(t, { publicUrl: false })
  await nowhere.outbox.put([call('c')])
  t.match(await nowhere.becomes('c', 'waiting', 1), { why: /--public-url/ })
})

void t.test('what must not be rung or written to, and how much may', { timeout: 60_000 }, async t => {
  const h = await house(t, { allow: ['+46'], limits: { caller: 5, day: 8 } })
  const rows: [to: string, why: RegExp][] = [['+46900123456', /premium/], ['+4479112345678', /not among \+46/], ['+460112', /emergency|not among/], ['+46090000', /emergency/], ['+88213123456', /premium/]]
  for (const [index, [to, why]] of rows.entries()) {
    await h.outbox.put([sms(`r${index}`, { to })])
    t.match(await h.becomes(`r${index}`, 'failed'), { why, attempts: 0 }, to)
  }
  for (let one = 0; one < 6; one++) await h.outbox.put([sms(`a${one}`)], '+46701740601')
  await h.outbox.put([sms('a0')], '+46701740601')
  t.match(await h.becomes('a5', 'failed'), { why: /5 have gone out for this caller in an hour/ })
  t.strictSame(h.alarms.length, 1, 'told before it bites, once')
  for (let one = 0; one < 4; one++) await h.outbox.put([sms(`b${one}`)], 'anonymous')
  t.match(await h.becomes('b3', 'failed'), { why: /8 have gone out in 24 hours/ })
  t.equal(h.alarms.length, 2)
  for (const id of ['a0', 'a1', 'a2', 'a3', 'a4', 'b0', 'b1', 'b2']) await h.becomes(id, 'sent')
  t.equal(h.carrier.sent.length, 8)
  h.clock.now += 25 * HOUR
  await h.outbox.put([sms('c')], '+46701740601')
  await h.becomes('c', 'sent')
})

void t.test('a store that takes nothing: the call goes on, and what it sends is not lost', { timeout: 60_000 }, async t => {
  const h = await house(t, { breaks: true })
  h.trouble.error = new StoreError('full', 'the disk with /data is full: make room')
  await h.outbox.put([sms('a')])
  await h.outbox.put([sms('b')])
  t.match(h.outbox.holding, { held: 2, lost: 0, trouble: /full/ })
  t.equal(h.lines.filter(line => String(line['msg']).includes('stores nothing: the disk with /data is full')).length, 1, 'told once')
  h.trouble.error = undefined
  await h.becomes('a', 'sent')
  await h.becomes('b', 'sent')
  t.match(h.outbox.holding, { held: 0, trouble: undefined })
  t.equal(h.carrier.sent.length, 2)
})

void t.test('calls that are placed later', { timeout: 60_000 }, async t => {
  const h = await house(t)
  await h.outbox.put([call('c', { after: 60 })])
  t.match(await h.becomes('c', 'waiting', 0), { next: START + MINUTE, deadline: START + MINUTE + 24 * HOUR })
  h.later(MINUTE)
  await h.becomes('c', 'sent', 1)
})
