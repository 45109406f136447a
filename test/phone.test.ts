/** Test calls of the console over real HTTP: every verb, other times and languages, what is saved of them, and every kind of request that must not pass. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import type { PhoneEvent } from '../src/console/phone/happenings.ts'
import { ask, run, SOUND, until } from './serve/running.ts'
import type { Json, Running } from './serve/running.ts'
import { dial, listen, post } from './serve/telephone.ts'
import type { Telephone } from './serve/telephone.ts'

const MONDAY = '2026-03-02T10:00+01:00'
const heard = (events: readonly PhoneEvent[]): string[] => events.flatMap(event => (event.kind === 'heard' && event.round === 1 ? [event.name] : []))
const statesOf = (events: readonly PhoneEvent[]): string[] => events.flatMap(event => (event.kind === 'state' ? [`${event.flow}/${event.state}`] : []))
const act = async (phone: Telephone, body: Json): Promise<void> => { const { status, text } = await phone.act(body); if (status !== 200) throw new Error(`${status} ${text}`) }
const script = async (phone: Telephone): Promise<string[]> => (await phone.get('/script')).text.split('steps:\n')[1]?.trim().split('\n').map(line => line.trim().replace(/^- /, '')) ?? []
const skip = async (phone: Telephone): Promise<void> => {
  await phone.met('heard')
  await act(phone, { silence: true })
}

/** What `tonval test` says of a folder's calls of a flow. */
async function tested(folder: string, flow: string): Promise<{ status: number; text: string }> {
  let text = ''
  const write = (part: string): void => { text += part }
  const stdin = { async *[Symbol.asyncIterator](): AsyncIterableIterator<string> { yield* [] } }
  const status = await runCommand(['test', join(folder, `${flow}.yaml`)], { stdout: { write }, stderr: { write }, stdin, env: {}, cwd: process.cwd() })
  return { status, text }
}

void t.test('the flows of the repository', { timeout: 240_000 }, async t => {
  const server = await run()
  t.teardown(() => server.stop())

  await t.test('a menu: its keys, a wrong key, silence; a number that is busy and one that answers', async t => {
    const phone = await dial(server.admin, { flow: 'switchboard' })
    t.match(phone.begun, { version: 1, id: /^[\w-]{12}$/, flow: 'switchboard', live: server.live().get('switchboard')?.version, call: /^c[0-9a-f]{32}$/, from: '+46701234567', line: '+46846500400', at: /[+]0[12]:00$/, language: 'en' })
    const welcome = await phone.met('heard')
    t.match(welcome, { name: 'welcome', text: 'Welcome to Norrvik Homes.', seconds: Number, round: 1, sound: `/api/phone/${phone.id}/sounds/1` })
    const sound = await ask(server.admin + String(welcome.sound), { method: 'GET' })
    t.match(sound, { status: 200, headers: { 'content-type': 'audio/mpeg', 'content-length': String(readFileSync('flows/switchboard/welcome.mp3').length) } })
    await act(phone, { silence: true })
    const keys = await phone.met('awaits')
    t.match(keys, { what: 'keys', digits: 1, timeout: 8, repeat: 2 })
    t.strictSame(keys.what === 'keys' && keys.keys, ['0', '1', '2'])
    await act(phone, { press: '7' })
    t.match(await phone.met('heard', event => event.name !== 'menu'), { name: 'not-an-option', text: 'Sorry, that key is not in use.' })
    await act(phone, { silence: true })
    await phone.press('1')
    t.match(await phone.met('awaits'), { what: 'line', numbers: ['+46846500411'], timeout: 20, isKnown: false })
    await act(phone, { line: 'busy' })
    t.match(await phone.met('awaits'), { what: 'line', numbers: ['+46701740611'] })
    await act(phone, { line: 'success' })
    t.match(await phone.met('line', event => event.result === 'success'), { number: '+46701740611' })
    await act(phone, { theyHangUp: true })
    t.match(await phone.met('over'), { ok: true, warnings: 0, states: ['welcome', 'news', 'menu', 'sales'] })
    t.strictSame(heard(phone.events), ['welcome', 'news', 'menu', 'not-an-option', 'menu'])
    t.strictSame(statesOf(phone.events), ['switchboard/welcome', 'switchboard/news', 'switchboard/menu', 'switchboard/menu', 'switchboard/menu', 'switchboard/sales', 'switchboard/sales'])
    t.strictSame(phone.events.map(event => event.n), phone.events.map((_, at) => at + 1), 'no event is missing')
    t.match(phone.events.find(event => event.kind === 'request'), { number: 0, purpose: 'start', address: /\/voice\/switchboard\?\.\.\.$/, form: { callid: phone.begun['call'], to: '+46846500400', result: 'newincoming' } })
    t.match(phone.events.find(event => event.kind === 'answer'), { number: 0, status: 200, body: /^\{"play":"http:\/\/127\.0\.0\.1:\d+\/audio\/[0-9a-f]{8}\.\.\.\/welcome\.mp3"/ })
    t.notMatch(JSON.stringify(phone.events), /\/(voice\/switchboard|hangup)\/[\w-]{20}/, 'tokens are not shown')
    t.match(phone.events.find(event => event.kind === 'moves'), { flow: 'switchboard', moves: [{ from: '', event: 'start', to: 'welcome' }, { from: 'welcome', event: 'success', to: 'news' }, { from: 'news', to: 'menu' }] })
    t.strictSame(await script(phone), ['play: welcome', 'play: news', 'ivr: menu', 'press: "7"', 'play: not-an-option', 'ivr: menu', 'press: "1"', 'connect: "+46846500411"', 'line: busy', 'connect: "+46701740611"', 'line: success', 'end'])
    phone.leave()
  })

  await t.test('silence, nobody answers, a message is left; and the call is saved', async t => {
    const phone = await dial(server.admin, { flow: 'switchboard', lines: { default: 'failed' } })
    await skip(phone)
    await phone.met('awaits', event => event.what === 'keys')
    t.match(await phone.get('/script'), { status: 409, json: { detail: /still going on/ } })
    t.match(await phone.post('/save', { name: 'x' }), { status: 409 })
    t.match(await phone.act({ speak: 3 }), { status: 409, json: { detail: 'nothing is being recorded' } })
    t.match(await phone.act({ line: 'busy' }), { status: 409, json: { detail: 'no number is being rung' } })
    t.match(await phone.act({ theyHangUp: true }), { status: 409, json: { detail: 'nobody is talking' } })
    await act(phone, { silence: true })
    t.match(await phone.met('awaits', event => event.what === 'line'), { isKnown: true })
    await phone.met('heard', event => event.name === 'leave-a-message')
    await act(phone, { silence: true })
    t.match(await phone.met('awaits', event => event.what === 'speech'), { timelimit: 120 })
    await act(phone, { speak: 6 })
    t.match(await phone.met('recorded'), { seconds: 6 })
    await skip(phone)
    await phone.met('over')
    t.match(await phone.act({ press: '1' }), { status: 409, json: { detail: 'the call is over' } })
    t.match(await phone.act({ hangUp: true }), { status: 200 }, 'who hangs up late has hung up')
    const before = readFileSync(join(server.folder, 'switchboard.calls.yaml'), 'utf8')
    const saved = await phone.post('/save', { name: 'Left at the tone: "hi"' })
    t.match(saved, { status: 200, json: { version: 1, file: /flows.switchboard\.calls\.yaml$/, name: 'Left at the tone: "hi"', isNew: false } })
    const after = readFileSync(join(server.folder, 'switchboard.calls.yaml'), 'utf8')
    t.ok(after.startsWith(before.trimEnd()), 'what stood there stays as it was')
    t.match(after, /record: leave-a-message\n +- speak: 6\n +- play: thanks\n +- end\n/)
    t.match((await phone.post('/save', { name: 'Left at the tone: "hi"' })).json, { name: 'Left at the tone: "hi" (2)' })
    t.match(await tested(server.folder, 'switchboard'), { status: 0, text: /13 calls go as written/ })
    rmSync(join(server.folder, 'switchboard.calls.yaml'))
    t.match(await phone.post('/save', { name: 'Anew' }), { status: 201, json: { isNew: true } })
    t.match(await tested(server.folder, 'switchboard'), { status: 0 })
    writeFileSync(join(server.folder, 'switchboard.calls.yaml'), 'calls: [{ name: one, steps: [{ play: welcome }, hang-up] }]\n')
    t.match(await phone.post('/save', { name: 'No room' }), { status: 409, json: { detail: /nothing can be added/ } })
    phone.leave()
  })

  await t.test('another time of day, another language, a hidden number', async t => {
    const open = await dial(server.admin, { flow: 'health-centres', at: MONDAY, language: 'en', from: 'hidden', line: '+46846500471' })
    t.match(open.begun, { at: '2026-03-02T10:00+01:00', language: 'en', from: 'hidden', line: '+46846500471' })
    await open.press('1')
    t.match(await open.met('heard', event => event.name === 'menu'), { text: /^To speak to a nurse/ })
    t.match(open.events.find(event => event.kind === 'request'), { form: { from: 'anonymous', created: /^2026-03-02T09:00:0/ } })
    await act(open, { hangUp: true })
    await open.met('over')
    t.match(open.events.find(event => event.kind === 'end'), { ended: 'caller' })
    t.match((await open.get('/script')).text, /at: 2026-03-02T10:00\+01:00\n +to: "\+46846500471"\n +given: \{ language: "en" \}\n/)
    t.match(await open.post('/save', { name: 'In English' }), { status: 200 })
    const closed = await dial(server.admin, { flow: 'health-centres', at: '2026-03-02T18:00' })
    await closed.press('1')
    t.match(await closed.met('heard', event => event.name !== 'language'), { name: 'linden-closed', text: /^Vårdcentralen Linden/ }, 'it is evening there')
    await act(closed, { silence: true })
    await closed.met('over')
    t.match(await closed.post('/save', { name: 'In the evening' }), { status: 200 })
    t.match(await tested(server.folder, 'health-centres'), { status: 0 })
    const today = await dial(server.admin, { flow: 'health-centres', at: '3:05' })
    t.match(today.begun['at'], /T03:05\+0[12]:00$/)
    await act(today, { hangUp: true })
    for (const phone of [open, closed, today]) phone.leave()
  })

  await t.test('a flow within a flow: where it runs, and where the call goes on', async t => {
    const phone = await dial(server.admin, { flow: 'status-line' })
    t.match(await phone.met('state'), { flow: 'pin', state: 'ask', outside: [{ flow: 'status-line', state: 'pin' }] })
    await phone.press('2580#')
    t.match(await phone.met('state'), { flow: 'status-line', state: 'status', outside: [] })
    t.match(phone.events.findLast(event => event.kind === 'moves'), { moves: [{ from: 'pin/ask', event: '***' }, {}, { to: 'status' }] }, 'what is sensitive stays hidden in the flow\'s own words')
    await act(phone, { silence: true })
    await phone.met('over')
    t.match(await phone.post('/save', { name: 'With the PIN' }), { status: 200 })
    t.match(await tested(server.folder, 'status-line'), { status: 0 })
    phone.leave()
  })

  await t.test('what is sent is shown, and not sent', async t => {
    const phone = await dial(server.admin, { flow: 'directions' })
    await phone.press('1')
    t.match(await phone.met('sends'), { item: 'sms', state: 'text-directions', to: '+46701234567', words: /Ekbacken farm shop: bus 3/ })
    await phone.met('heard', event => event.name === 'sent')
    await act(phone, { silence: true })
    await phone.met('over')
    t.match((await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })).json, { items: [] })
    t.strictSame(server.steps, [], 'a test call is none of the server\'s calls')
    t.match((await ask(`${server.admin}/api/flows/directions`, { method: 'GET' })).json, { calls: [{ started: 0, inProgress: 0 }] })
    phone.leave()
  })
})

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
    [{ flow: 'menu', at: '2026-02-31T25:00' }, /`at` is a time/], [{ flow: 'menu', language: 'sv' }, /speaks/], [{ flow: 'menu', lines: { default: 'rings' } }, /success, busy or failed/], [{ flow: 'menu', lines: { '070': 'busy' } }, /is no number/],
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
