/** Test calls of the console over real HTTP: lines, recordings, other programs, versions; and every kind of request that must not pass. */
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { ask, run, SOUND, until } from './serve/running.ts'
import type { Json, Running } from './serve/running.ts'
import { act, dial, listen, post, script } from './serve/telephone.ts'

const menu = (prompt: string): string => `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: ${prompt}, on: { 1: ring, 2: note, 3: take, 4: "https://other.example/app?key=secret", 5: look, noinput: end, nomatch: end, failed: end } }
  ring: { connect: ["+46846500401", "+46846500402"], order: together, on: { failed: end } }
  note: { record: sound.wav, timelimit: 60, silence: false, next: end }
  take: { fetch: "https://api.example/book", method: POST, on: { failed: menu }, next: end }
  look: { play: "https://sounds.example/far.mp3", next: end }
`

void t.test('lines, recordings and other programs', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': menu('sound.wav') }, env: { TONVAL_FETCH_HOSTS: 'api.example' } })
  t.teardown(() => server.stop())
  t.strictSame(server.first.refused, {}, JSON.stringify(server.first.problems))

  const ring = await dial(server.admin, { flow: 'menu', lines: { '+46846500401': 'busy', '+46846500402': 'success' } })
  await ring.press('1')
  t.match(await ring.met('line', event => event.result === 'success'), { number: '+46846500402' }, 'the one of both that answers')
  t.match(await ring.act({ silence: true }), { status: 409, json: { detail: /somebody is talking/ } })
  await act(ring, { hangUp: true })
  t.match(await ring.met('over'), { ok: true })

  const note = await dial(server.admin, { flow: 'menu' })
  await note.press('2')
  await note.met('awaits', event => event.what === 'speech' && !event.silencedetection)
  await act(note, { speak: 20 })
  t.equal(Math.round((await note.met('recorded')).seconds), 20, '# ends it once all was said')
  await note.met('over')
  t.strictSame((await script(note)).slice(-3), ['record: sound.wav', 'speak: 20', 'end'])

  const quiet = await dial(server.admin, { flow: 'menu' })
  await quiet.press('2')
  await quiet.met('awaits', event => event.what === 'speech')
  await act(quiet, { press: '#' })
  await quiet.met('over')
  t.strictSame((await script(quiet)).slice(-3), ['record: sound.wav', 'silence', 'end'])

  const take = await dial(server.admin, { flow: 'menu' })
  await take.press('3')
  t.match(await take.met('asked'), { state: 'take', method: 'POST', host: 'api.example', failed: /asks with GET only/ })
  await take.met('awaits', event => event.what === 'keys')
  await act(take, { press: '4' })
  t.match(await take.met('handover'), { address: 'https://other.example/app?...' })
  t.match(await take.met('over'), { ok: true })
  t.match((await script(take)).at(-1), 'handover: "https://other.example/app?key=secret"')

  const look = await dial(server.admin, { flow: 'menu' })
  await look.press('5')
  const far = await look.met('heard', event => event.name !== 'sound.wav')
  t.match(far, { name: 'https://sounds.example/far.mp3' })
  t.equal(far.sound, undefined, 'what is not ours is not fetched')
  await look.met('over')
  for (const phone of [ring, note, quiet, take, look]) phone.leave()
})

void t.test('another program is asked, and what it said stands in the script', { timeout: 120_000 }, async t => {
  const asked: string[] = []
  const other = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"gold","other":"not looked at"}')
  }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as AddressInfo
  const flow = `start: look\nstates:\n  look: { fetch: "http://127.0.0.1:${port}/who", query: { n: "{{caller}}" }, answer: kind, on: { gold: fine, success: end, failed: end } }\n  fine: { play: sound.wav, next: end }\n`
  const server = await run({ files: { 'menu.yaml': flow }, env: { TONVAL_FETCH_HOSTS: `127.0.0.1:${port}` } })
  t.teardown(() => server.stop())
  t.strictSame(server.first.refused, {}, JSON.stringify(server.first.problems))
  const phone = await dial(server.admin, { flow: 'menu', from: '+46701740601' })
  t.match(await phone.met('asked'), { state: 'look', method: 'GET', host: `127.0.0.1:${port}`, status: 200 })
  t.match(await phone.met('heard'), { name: 'sound.wav' })
  await phone.met('over')
  t.strictSame(asked, ['GET /who?n=%2B46701740601'])
  t.match((await phone.get('/script')).text, /from: "\+46701740601"\n +given: \{ fetch: \{ look: \{ status: 200, json: \{ kind: "gold" \} \} \} \}/)
  t.match(await phone.post('/save', { name: 'Gold' }), { status: 201 })
  phone.leave()
})

void t.test('a call stays with the version that it began with', { timeout: 120_000 }, async t => {
  const other = Buffer.from(SOUND).fill(0x20, 60)
  const server = await run({ files: { 'menu.yaml': menu('sound.wav').replace(/.*(take|look|note):.*\n/g, '').replace(', 2: note, 3: take', '').replace(', 5: look', ''), 'other.wav': other } })
  t.teardown(() => server.stop())
  t.strictSame(server.first.refused, {}, JSON.stringify(server.first.problems))
  const before = await dial(server.admin, { flow: 'menu' })
  await before.met('awaits', event => event.what === 'keys')
  const file = join(server.folder, 'menu.yaml')
  const old = server.live().get('menu')?.version
  const again = readFileSync(file, 'utf8').replace('ivr: sound.wav', 'ivr: other.wav')
  writeFileSync(file, again)
  await until('the edit is live', () => server.live().get('menu')?.version !== old)
  const after = await dial(server.admin, { flow: 'menu' })
  t.match(await after.met('heard'), { name: 'other.wav' })
  await act(before, { press: '1' })
  await before.met('awaits', event => event.what === 'line')
  t.strictSame([before.begun['live'], after.begun['live']], [old, server.live().get('menu')?.version])
  t.ok(before.events.every(event => event.kind !== 'moves' || event.version === old))
  await act(before, { hangUp: true })
  await act(after, { hangUp: true })
  await before.met('over')
  // what was heard in it is no longer what the flow says
  const refused = await before.post('/save', { name: 'Of before' })
  t.match(refused, { status: 422, json: { version: 1, problems: [{ code: 'call-fails' }] } })
  t.notOk(existsSync(join(server.folder, 'menu.calls.yaml')), 'nothing is written')
  before.leave()
  after.leave()
})

void t.test('what must not pass', { timeout: 120_000 }, async t => {
  const server: Running = await run({ files: { 'menu.yaml': menu('sound.wav').replace(/.*(take|look|note):.*\n/g, '').replace(', 2: note, 3: take', '').replace(', 5: look', ''), 'inner.yaml': 'start: a\nexits: [done]\nstates:\n  a: { exit: done }\n' } })
  t.teardown(() => server.stop())
  const rows: [body: unknown, says: RegExp][] = [
    [null, /send JSON/], [[], /send JSON/], [{}, /say in `flow`/], [{ flow: 'mneu' }, /did you mean `menu`/], [{ flow: 7 }, /say in `flow`/], [{ flow: 'menu', form: '+46701740601' }, /did you mean `from`/],
    [{ flow: 'inner' }, /no call begins in `inner`/], [{ flow: 'menu', from: '0701740601' }, /`from` is a number/], [{ flow: 'menu', line: 'x' }, /`line` is a number/], [{ flow: 'menu', at: 'noon' }, /`at` is a time/],
    [{ flow: 'menu', at: '2026-02-20T25:00' }, /`at` is a time/], [{ flow: 'menu', at: '2026-02-31T10:00' }, /`at` is a time/], [{ flow: 'menu', language: 'sv' }, /speaks/], [{ flow: 'menu', lines: { default: 'rings' } }, /success, busy or failed/], [{ flow: 'menu', lines: { '070': 'busy' } }, /is no number/],
  ]
  for (const [body, says] of rows) t.match(await post(server.admin, '/api/phone', body), { status: 422, headers: { 'content-type': 'application/problem+json' }, json: { status: 422, detail: says } }, JSON.stringify(body))
  t.match(await ask(`${server.admin}/api/phone`, { body: '{', headers: { 'content-type': 'application/json' } }), { status: 400 })
  t.match(await ask(`${server.admin}/api/phone`, { body: 'flow=menu' }), { status: 415 })
  t.match(await ask(`${server.admin}/api/phone`, { body: JSON.stringify({ flow: 'menu' }), headers: { 'content-type': 'application/json', origin: 'http://evil.example' } }), { status: 403 })
  for (const path of ['/api/phone/x', '/api/phone/x/save']) t.match(await post(server.admin, path, { hangUp: true }), { status: 404, json: { detail: /no such test call/ } }, path)
  for (const path of ['/api/phone/x/events', '/api/phone/x/script', '/api/phone/x/sounds/1']) t.match(await ask(server.admin + path, { method: 'GET' }), { status: 404 }, path)

  const phone = await dial(server.admin, { flow: 'menu' })
  const acts: [body: Json, says: RegExp][] = [
    [{}, /send one of/], [{ press: '1', silence: true }, /send one of/], [{ pres: '1' }, /did you mean `press`/], [{ press: 'A' }, /holds keys/], [{ press: 1 }, /holds keys/], [{ press: '' }, /holds keys/],
    [{ line: 'answer' }, /success, busy or failed/], [{ speak: -1 }, /number of seconds/], [{ hangUp: 'now' }, /is true/],
  ]
  for (const [body, says] of acts) t.match(await phone.act(body), { status: 422, json: { detail: says } }, JSON.stringify(body))
  for (const number of ['0', '9', '../1', 'x']) t.match(await phone.get(`/sounds/${number}`), { status: 404 }, number)
  await act(phone, { hangUp: true })
  await phone.met('over')
  for (const name of [undefined, '', '  ', 'a\nb', 7, 'x'.repeat(201)]) t.match(await phone.post('/save', { name }), { status: 422, json: { detail: /say in `name`/ } }, JSON.stringify(name))

  const again = await listen(server.admin, phone.id, 3)
  await until('the rest is told', () => again.events.at(-1)?.kind === 'over')
  t.equal(again.events[0]?.n, 4, 'a listener who comes back is told the rest')
  again.leave()

  const ids: string[] = []
  for (let count = 0; count < 20; count++) {
    const begun = await post(server.admin, '/api/phone', { flow: 'menu' })
    t.equal(begun.status, 201, 'the call that is over makes room')
    ids.push(String(begun.json['id']))
  }
  t.match(await phone.get('/script'), { status: 404 })
  t.match(await post(server.admin, '/api/phone', { flow: 'menu' }), { status: 429, headers: { 'retry-after': '60' }, json: { detail: /20 test calls are going on/ } })
  await post(server.admin, `/api/phone/${ids[3]}`, { hangUp: true })
  await until('there is room again', async () => (await post(server.admin, '/api/phone', { flow: 'menu' })).status === 201)
  phone.leave()
})
