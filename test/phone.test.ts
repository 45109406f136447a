/** Test calls of the console over real HTTP, through the repository's own flows: other times and languages, what is sent, and what is saved of them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import type { PhoneEvent } from '../src/console/shapes/phone.ts'
import { ask, run } from './serve/running.ts'
import { act, dial, post, script } from './serve/telephone.ts'
import type { Telephone } from './serve/telephone.ts'

const MONDAY = '2026-03-02T10:00+01:00'
const heard = (events: readonly PhoneEvent[]): string[] => events.flatMap(event => (event.kind === 'heard' && event.round === 1 ? [event.name] : []))
const statesOf = (events: readonly PhoneEvent[]): string[] => events.flatMap(event => (event.kind === 'state' ? [`${event.flow}/${event.state}`] : []))
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
    t.match(phone.begun, { version: 1, id: /^[\w-]{12}$/, flow: 'switchboard', live: server.live().get('switchboard')?.version, call: /^c[0-9a-f]{32}$/, from: '+46701740699', line: '+46846500400', at: /[+]0[12]:00$/, language: 'en' })
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

  await t.test('words with values in them, and lists', async t => {
    const phone = await dial(server.admin, { flow: 'town-hall', lines: { default: 'busy' } })
    await phone.press('3')
    await phone.press('4839')
    const said = await phone.met('heard', event => /4839/.test(event.text ?? ''))
    t.match(await ask(server.admin + String(said.sound), { method: 'GET' }), { status: 200, headers: { 'content-type': 'audio/wav' } })
    await act(phone, { silence: true })
    await phone.met('awaits', event => event.what === 'speech')
    await act(phone, { speak: 5 })
    await skip(phone)
    await phone.met('over')
    t.match(await script(phone), ['ivr: ["welcome", "For English, press 2.", "menu"]', 'press: "3"', 'ivr: case-number', 'press: "4839"', 'play: ["you-entered", "4839"]'])
    t.match(await phone.post('/save', { name: 'Read back' }), { status: 200 })
    t.match(await tested(server.folder, 'town-hall'), { status: 0 })
    phone.leave()
  })

  await t.test('a switch that stands elsewhere is met, and stands in the script', async t => {
    t.match(await post(server.admin, '/api/switches/storm', { value: 'on', for: '2h' }), { status: 200 })
    const phone = await dial(server.admin, { flow: 'storm' })
    t.match(await phone.met('heard'), { name: 'warning' })
    await act(phone, { hangUp: true })
    await phone.met('over')
    t.match((await phone.get('/script')).text, /given: \{ switches: \{ storm: "on" \} \}/)
    t.match(await phone.post('/save', { name: 'In a storm' }), { status: 200 })
    t.match(await tested(server.folder, 'storm'), { status: 0 })
    const later = await dial(server.admin, { flow: 'storm', at: new Date(Date.now() + 3 * 3_600_000).toISOString().replace(/\.\d+/, '') })
    t.not((await later.met('heard')).name, 'warning', 'in three hours it stands as usual again')
    await act(later, { hangUp: true })
    for (const one of [phone, later]) one.leave()
  })

  await t.test('what is sent is shown, and not sent', async t => {
    const phone = await dial(server.admin, { flow: 'directions' })
    await phone.press('1')
    t.match(await phone.met('sends'), { item: 'sms', state: 'text-directions', to: '+46701740699', words: /Ekbacken farm shop: bus 3/ })
    await phone.met('heard', event => event.name === 'sent')
    await act(phone, { silence: true })
    await phone.met('over')
    t.match((await script(phone)).join(' '), /sends: \{ sms: \{ to: "\+46701740699"/)
    t.match(await phone.post('/save', { name: 'Directions' }), { status: 200 })
    t.match(await tested(server.folder, 'directions'), { status: 0 })
    t.match((await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })).json, { items: [] })
    t.strictSame(server.steps, [], 'a test call is none of the server\'s calls')
    t.match((await ask(`${server.admin}/api/flows/directions`, { method: 'GET' })).json, { calls: [{ started: 0, inProgress: 0 }] })
    phone.leave()
  })
})
