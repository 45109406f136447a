/** The outbox over real sockets: sent once, tried again, given up, in doubt; whatever receivers and the store do. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { backOff } from '../src/outbox/back-off.ts'
import { shownKey } from '../src/outbox/by-post.ts'
import { itemId } from '../src/outbox/incoming.ts'
import type { Item } from '../src/run/effect.ts'
import { StoreError } from '../src/store/store-error.ts'
import type { ItemState } from '../src/store/store.ts'
import type { Fault } from './outbox/carrier-api.ts'
import { call, common, email, HOUR, house, MINUTE, sms, START } from './outbox/house.ts'
import { SOUND, until } from './serve/running.ts'

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
  t.match(await h.becomes('a', 'waiting', 0), { why: /set ELKS_USERNAME and ELKS_PASSWORD/ })
  t.match(await h.becomes('b', 'waiting', 0), { why: /set TONVAL_SMTP_URL/ })
  t.match(await h.becomes('c', 'waiting', 0), { why: /ELKS_USERNAME/ })
  t.match(h.lines.filter(line => line['msg'] === 'not sent: it is tried again').map(line => line['why']), [/ELKS_USERNAME/, /TONVAL_SMTP_URL/, /ELKS_USERNAME/])
  t.strictSame(h.events.map(one => one.state), ['waiting', 'waiting', 'waiting'])
  const again = h.start()
  await h.becomes('a', 'waiting', 1)
  await h.becomes('b', 'waiting', 1)
  await again.stop()
  const nowhere = await house(t, { publicUrl: false })
  await nowhere.outbox.put([call('c')])
  t.match(await nowhere.becomes('c', 'waiting', 0), { why: /--public-url/ })
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

void t.test('what `once_per` keeps back does not count', { timeout: 60_000 }, async t => {
  const h = await house(t, { limits: { caller: 2, day: 0 } })
  for (let one = 0; one < 5; one++) await h.outbox.put([sms(`a${one}`, { oncePer: { hours: 24 } })], '+46701740601')
  for (let one = 1; one < 5; one++) await h.becomes(`a${one}`, 'skipped', 0)
  t.equal(h.guard.spent, 1)
  await h.outbox.put([sms('a1', { oncePer: { hours: 24 } })], '+46701740601')
  await h.outbox.put([sms('b')], '+46701740601')
  await h.becomes('b', 'sent')
  await h.outbox.put([sms('a5', { oncePer: { hours: 24 } }), sms('c')], '+46701740601')
  t.match(await h.becomes('c', 'failed'), { why: /2 have gone out/ })
  await h.becomes('a5', 'skipped')
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

void t.test('recordings go along', { timeout: 60_000 }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-attach-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'c1-r0.wav')
  writeFileSync(path, SOUND)
  const here = { path, name: 'c1-r0.wav', type: 'audio/wav', bytes: SOUND.length }
  const h = await house(t, { file: here })
  const post: Item = { ...common('p'), kind: 'post', url: `http://${h.host}/`, form: { from: '+46701740601' }, attach: 'recording', recording: { id: 'c1-r0' } }
  await h.store.noteRecording({ id: 'c1-r0', call: 'c1', flow: 'shop', place: 'voicemail', address: 'https://x.example/', seconds: 1, created: '', noticed: START })
  await h.outbox.put([post, email('b', { attach: 'recording', recording: {} })])
  t.match(await h.becomes('p', 'waiting', 0), { recording: 'c1-r0' }, 'until it is here')
  await h.store.settleRecording('c1-r0', 'here', { bytes: SOUND.length })
  h.outbox.wake()
  await h.becomes('p', 'sent', 1)
  await h.becomes('b', 'sent', 1)
  const [got] = h.received
  const form = await new Response(got?.body, { headers: { 'content-type': String(got?.headers['content-type']) } }).formData()
  t.equal(form.get('from'), '+46701740601')
  const file = form.get('file') as unknown as File
  t.match([file.name, file.type], ['c1-r0.wav', 'audio/wav'])
  t.strictSame(Buffer.from(await file.arrayBuffer()), SOUND)
  const mail = h.smtp.messages[0]?.text ?? ''
  t.match(mail, /^Content-Disposition: attachment; filename=c1-r0\.wav/im)
  t.ok(mail.replace(/\s/g, '').includes(SOUND.toString('base64').slice(0, 200)))

  truncateSync(path, 65 * 1024 * 1024)
  const large = await house(t, { file: { ...here, bytes: 65 * 1024 * 1024 } })
  await large.outbox.put([{ ...post, url: `http://${large.host}/`, recording: undefined }])
  t.match(await large.becomes('p', 'failed'), { why: /64 can be attached: send \{\{recording\.url\}\}/ })
  const gone = await house(t, { file: { forGood: true, why: 'the recording is lost' } })
  await gone.outbox.put([email('b', { attach: 'recording' })])
  t.match(await gone.becomes('b', 'failed'), { why: 'the recording is lost' })
})

void t.test('a stop sends what is due, and does not wait for ever', { timeout: 60_000 }, async t => {
  const h = await house(t)
  const items = Array.from({ length: 20 }, (_, index) => sms(`s${index}`))
  await h.outbox.put(items)
  await h.outbox.stop()
  t.equal(h.carrier.sent.length, 20)
  t.match(await h.store.counts(), [{ state: 'sent', count: 20 }])

  const slow = await house(t)
  slow.carrier.faults.push('silent-done')
  await slow.outbox.put([sms('a')])
  await until('it is under way', () => slow.carrier.sent.length > 0)
  const began = performance.now()
  await slow.outbox.stop()
  t.ok(performance.now() - began < 30_000)
  t.match(await slow.find('a'), { state: 'doubt', next: Number }, 'the next server asks whether it came')
})
