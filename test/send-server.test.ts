/** Calls that send, against a server over real sockets: what is stored when, what a repeated, late or forged notice does, and what callers notice. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import { place, serve } from './serve/process.ts'
import { ask, CALLID, FIRST, run, SECRET, until } from './serve/running.ts'
import type { Answer, Json, Running } from './serve/running.ts'

type Test = import('tap').Test
const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const HOUR = 3_600_000
interface Kept { readonly id: string; readonly call: string; readonly kind: string; readonly state: string; readonly item: string; readonly to: string; readonly why: string | null }

const NOTICE = `callid=${CALLID}&from=%2B46701740699&to=%2B46846500400&direction=incoming`
const OVER = `id=${CALLID}&from=%2B46701740699&to=%2B46846500400&direction=incoming&state=success&duration=95&legs=${encodeURIComponent('[{"to":"+46701740605","state":"success","duration":40},{"to":"+46701740606","state":"failed","duration":1}]')}`
const RECORDED = `${NOTICE}&duration=9&created=2026-11-22T10:00:20.5&wav=${encodeURIComponent(`https://api.46elks.com/a1/Recordings/${CALLID}-r0.wav`)}`

/** A server, and a program that it posts to. */
async function house(t: Test, flow: (host: string) => string, more: Readonly<Record<string, string>> = {}) {
  const posted: Json[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => { body += text }).on('end', () => {
      posted.push(JSON.parse(body) as Json)
      response.writeHead(200).end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const server = await run({ files: { 'line.yaml': flow(host), ...more }, env: { TONVAL_FETCH_HOSTS: host } })
  t.teardown(async () => {
    await server.stop()
    receiver.close()
  })
  t.same(server.first.refused, {})
  return { server, posted, kept: () => keptBy(server) }
}

async function keptBy(server: Running): Promise<readonly Kept[]> {
  const { json } = await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })
  return json['items'] as Kept[]
}

const address = ({ json }: Answer, key: string): string => String(json[key])

void t.test('stored before the answer leaves, once however often it is asked for', async t => {
  const { server, kept } = await house(t, () => `start: menu
states:
  menu: { ivr: sound.wav, on: { 1: tell, noinput: end, nomatch: end, failed: end } }
  tell: { send: { sms: { to: ["{{caller}}", "+46701740605"], from: Example, text: "Hi" } }, next: bye }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  t.same(await kept(), [])
  const answers = [await ask(address(first, 'next'), { body: `${NOTICE}&result=1` })]
  t.same((await kept()).map(one => [one.kind, one.item]), [['sms', 'tell.send.0'], ['sms', 'tell.send.0']])
  answers.push(...await Promise.all([1, 2, 3].map(() => ask(address(first, 'next'), { body: `${NOTICE}&result=1` }))))
  t.equal(new Set(answers.map(one => one.text)).size, 1, 'the same answer, byte for byte')
  t.equal((await kept()).length, 2)
  await ask(address(first, 'next'), { body: `${NOTICE}&result=failed&why=noinput` })
  t.equal((await kept()).length, 2, 'another report of the same action sends nothing that is there')
})

void t.test('the end of a call: with the newest values, once', async t => {
  const { server, posted, kept } = await house(t, host => `start: ask
on_hangup: { post: { url: "http://${host}/", json: { word: "{{word}}", by: "{{call.answered_by}}", talk: "{{call.talk_seconds}}", took: "{{call.seconds}}", state: "{{call.state}}" } } }
states:
  ask: { ivr: sound.wav, save: word, next: bye, on: { noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  const second = await ask(address(first, 'next'), { body: `${NOTICE}&result=7` })
  t.not(address(first, 'whenhangup'), address(second, 'whenhangup'), 'each action has its own')
  t.equal((await ask(address(second, 'whenhangup'), { body: OVER })).status, 204)
  await until('it was posted', () => posted.length > 0)
  t.same(posted, [{ word: '7', by: '+46701740605', talk: '40', took: '95', state: 'success' }])
  for (const one of [second, first, second]) t.equal((await ask(address(one, 'whenhangup'), { body: OVER })).status, 204, 'told again')
  t.equal((await kept()).length, 1)
  t.equal((await ask(address(second, 'whenhangup'), { body: OVER.replace(CALLID, 'cother') })).status, 403, 'another call')
  const late = await ask(address(first, 'next'), { body: `${NOTICE}&result=8` })
  t.equal(late.status, 200, 'a request after the end is answered')
  t.equal((await ask(address(late, 'whenhangup'), { body: OVER })).status, 204)
  t.equal((await kept()).length, 1)
})

void t.test('recordings: before the end of the call and after it, repeated, of a state and of the whole call', async t => {
  const { server, kept } = await house(t, () => `start: voicemail
recordcall: { deliver: { email: { to: all@example.com, subject: "All of {{caller}}" } } }
states:
  voicemail: { record: sound.wav, deliver: { email: { to: desk@example.com, subject: "{{recording.seconds}} s", attach: recording } }, next: end }
`)
  const first = await server.call('line')
  const [whole, record] = [address(first, 'recordcall'), String((function find(json: Json): unknown { return json['record'] ?? find(json['next'] as Json) })(first.json))]
  t.match(whole, /\/recording\//)
  t.match(record, /\/recording\//)
  t.not(whole, record)
  t.equal((await ask(record, { body: RECORDED })).status, 204)
  t.equal((await ask(address(first, 'whenhangup'), { body: OVER })).status, 204)
  t.equal((await ask(whole, { body: RECORDED.replace('-r0', '-r1') })).status, 204, 'after the end')
  for (const one of [record, record]) t.equal((await ask(one, { body: RECORDED })).status, 204)
  t.same((await kept()).map(one => [one.kind, one.item]).sort(), [['email', 'recordcall.deliver.0'], ['email', 'voicemail.deliver.0']])
  t.equal((await ask(record, { body: RECORDED.replace(encodeURIComponent('https://api.46elks.com'), encodeURIComponent('https://elsewhere.example')) })).status, 204, 'an address that is not the carrier\'s is heard')
  t.equal((await kept()).filter(one => one.item.startsWith('voicemail')).length, 1)
})

void t.test('the recording of the whole call says how it went: whichever is told first', async t => {
  const { server, kept } = await house(t, () => `start: ask
recordcall: { deliver: { email: { to: "{{call.state}}-{{call.talk_seconds}}@example.com", subject: "{{recording.seconds}}" } } }
on_hangup: { email: { to: "{{recording.seconds}}-{{call.seconds}}@example.com", subject: "{{recording.url}}" } }
states:
  ask: { ivr: sound.wav, on: { 1: end, noinput: end, nomatch: end, failed: end } }
`)
  const to = async (call: string): Promise<string[]> => (await kept()).filter(one => one.call === call).map(one => one.to).sort()
  const of = (body: string, id: string): { body: string } => ({ body: body.replaceAll(CALLID, id) })
  const [one, two] = [await server.call('line', FIRST.replaceAll(CALLID, 'c1')), await server.call('line', FIRST.replaceAll(CALLID, 'c2'))]
  t.equal((await ask(address(one, 'recordcall'), of(RECORDED, 'c1'))).status, 204)
  t.same(await to('c1'), [], 'it waits for the end')
  for (const _again of [1, 2]) t.equal((await ask(address(one, 'whenhangup'), of(OVER, 'c1'))).status, 204)
  t.same(await to('c1'), ['9-95@example.com', 'success-40@example.com'])
  t.equal((await ask(address(two, 'whenhangup'), of(OVER, 'c2'))).status, 204)
  t.same(await to('c2'), ['-95@example.com'], 'of no recording nothing is known')
  for (const _again of [1, 2]) t.equal((await ask(address(two, 'recordcall'), of(RECORDED, 'c2'))).status, 204)
  t.same(await to('c2'), ['-95@example.com', 'success-40@example.com'])
  t.equal((await ask(address(one, 'recordcall'), of(RECORDED, 'c1'))).status, 204, 'and once more')
  t.equal((await to('c1')).length, 2)
})

void t.test('what a sensitive ivr saved is in no log line and no listing', async t => {
  const { server, kept } = await house(t, () => `start: ask
states:
  ask: { ivr: sound.wav, digits: 4, save: pin, sensitive: true, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { send: { sms: { to: "+46701740605", from: Example, text: "pin {{pin}}" } }, next: bye }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  await ask(address(first, 'next'), { body: `${NOTICE}&result=4711` })
  t.equal((await kept()).length, 1)
  t.notMatch(JSON.stringify([server.lines, await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' }).then(one => one.text)]), /4711/)
})

const TELL = `start: tell
states:
  tell: { send: { sms: { to: "{{caller}}", from: Example, text: "Hi" } }, next: bye }
  bye: { play: sound.wav, next: end }
`

void t.test('a caller without a number goes on, and nothing is sent', async t => {
  const { server, kept } = await house(t, () => TELL)
  t.match(await server.call('line', FIRST.replace('%2B46701740699', 'anonymous')), { status: 200, json: { play: /sound\.wav$/ } })
  t.same(await kept(), [])
})

/** Milliseconds within which a caller has the next action, whatever the store does. */
const IN_TIME = 1000

void t.test('a store that another program locks: the caller has the next action in time, and what is sent is stored later, once', async t => {
  const { server, kept } = await house(t, () => TELL)
  t.equal((await server.call('line', FIRST.replaceAll(CALLID, 'c1'))).status, 200)
  const other = new Database(join(server.root, 'data', 'tonval.db'))
  t.teardown(() => { other.close() })
  other.exec('BEGIN IMMEDIATE')
  for (const id of ['c2', 'c2', 'c3']) {
    const began = performance.now()
    t.match(await server.call('line', FIRST.replaceAll(CALLID, id)), { status: 200, json: { play: /sound\.wav$/, whenhangup: String } })
    t.ok(performance.now() - began < IN_TIME, `${id}: after ${Math.round(performance.now() - began)} ms`)
  }
  t.match(server.lines.filter(line => String(line['msg']).includes('the outbox stores nothing')), [{ level: 50, msg: /locked by another program/ }], 'told, and once')
  t.match((await ask(`${server.admin}/metrics`, { method: 'GET' })).text, /^tonval_outbox_held_items 3$/m)
  t.equal((await kept()).length, 1)
  other.exec('ROLLBACK')
  await until('they are stored', async () => (await kept()).length === 3)
  t.match(server.lines.filter(line => line['msg'] === 'the outbox stores again'), [{ level: 30 }])
})

void t.test('a full disk', { timeout: 120_000 }, async t => {
  const at = place({ 'line.yaml': TELL })
  const flag = join(at.root, 'full')
  const server = await serve(at, { env: { TONVAL_SECRET: SECRET, FULL: flag }, node: ['--import', pathToFileURL(resolve('build/test/outbox/full-disk.js')).href] })
  t.teardown(async () => {
    await server.end('SIGTERM')
    at.remove()
  })
  const items = async (): Promise<number> => ((await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })).json['items'] as Json[]).length
  writeFileSync(flag, '')
  const told = (): Json | undefined => server.lines().find(line => String(line['msg']).includes('the outbox stores nothing'))
  // the pages that are there take some
  let calls = 0
  for (let held = 0; held < 3 && calls < 100; held += told() === undefined ? 0 : 1) {
    const began = performance.now()
    t.match(await server.call('line', FIRST.replaceAll(CALLID, `c${++calls}`)), { status: 200, json: { play: /sound\.wav$/ } })
    t.ok(performance.now() - began < IN_TIME, `c${calls}: after ${Math.round(performance.now() - began)} ms`)
  }
  t.match(told(), { level: 'error', msg: /the disk with .*tonval\.db is full: make room/ })
  t.ok(await items() < calls)
  rmSync(flag)
  await until('they are stored', async () => await items() === calls)
})

void t.test('a call whose end is never told is closed by age: what it sends then goes out, once', { timeout: 120_000 }, async t => {
  const flow = `start: ask
on_hangup: { sms: { to: "{{caller}}", from: Example, text: "{{word}} {{call.state}} {{call.seconds}}" } }
states:
  ask: { ivr: sound.wav, save: word, next: bye, on: { noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: sound.wav, next: end }
`
  const data = mkdtempSync(join(tmpdir(), 'tonval-aged-'))
  t.teardown(() => rmSync(data, { recursive: true, force: true }))
  const carrier = await carrierApi()
  t.teardown(() => carrier.close())
  const clock = { now: Date.now() }
  const env = { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base }
  const start = (): Promise<Running> => run({ files: { 'line.yaml': flow, 'silent.yaml': 'start: bye\nstates:\n  bye: { play: sound.wav, next: end }\n' }, data, env, now: () => clock.now })
  const began = (id: string): string => FIRST.replaceAll(CALLID, id).replace(/&created=.*/, '')
  const one = await start()
  const call = async (id: string): Promise<Answer> => ask(address(await one.call('line', began(id)), 'next'), { body: `callid=${id}&result=7` })
  await call('c1')
  await one.call('line', began('c2'))
  await one.call('silent', began('c3'))
  const ended = await call('c4')
  t.equal((await ask(address(ended, 'whenhangup'), { body: OVER.replace(CALLID, 'c4') })).status, 204)
  await one.stop()
  clock.now += 23 * HOUR
  await (await start()).stop()
  t.same(carrier.sent.map(({ fields }) => fields['message']), ['7 success 95'], 'not before its time')
  clock.now += 2 * HOUR
  const two = await start()
  t.teardown(() => two.stop())
  await until('they are closed', () => carrier.sent.length === 3)
  t.same(carrier.sent.map(({ fields }) => fields['message']).sort(), [' unknown 0', '7 success 95', '7 unknown 0'])
  t.match(two.lines.filter(line => String(line['msg']).includes('was never reported')).map(line => line['call']).sort(), ['c1', 'c2', 'c3'])
})
