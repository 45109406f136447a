/** The operator's side over real HTTP: flows read and edited, versions, events, figures; and every kind of request that must not pass. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import { createEvents } from '../src/console/events.ts'
import { ask, FIRST, run, SOUND, until } from './serve/running.ts'
import type { Answer, Json, Running } from './serve/running.ts'

const menu = (target: string, timeout = 5): string => `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: sound.wav, timeout: ${timeout}, on: { 1: sales, 3: ${target}, noinput: sales, nomatch: sales } }
  sales: { connect: "+46846500401", on: { failed: bye } }
  billing: { connect: "+46846500402", on: { failed: bye } }
  bye: { play: bye.wav, next: end }
`
const FILES = { 'menu.yaml': menu('sales').replace('  billing: { connect: "+46846500402", on: { failed: bye } }\n', ''), 'bye.wav': Buffer.from(SOUND).fill(0x20, 60) }
const get = (server: Running, path: string, headers: Record<string, string> = {}): Promise<Answer> => ask(server.admin + path, { method: 'GET', headers })
const put = (server: Running, name: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> => ask(`${server.admin}/api/flows/${name}`, { method: 'PUT', body, headers: { 'content-type': 'application/yaml', ...headers } })
const etag = async (server: Running, name = 'menu'): Promise<string> => String((await get(server, `/api/flows/${name}`)).headers['etag'])
const file = (server: Running, name = 'menu.yaml'): string => readFileSync(join(server.folder, name), 'utf8')
const save = (server: Running, text: string | Buffer, name = 'menu.yaml'): void => writeFileSync(join(server.folder, name), text)
const reload = (server: Running): Promise<Answer> => ask(`${server.admin}/api/reload`)
const versionOf = async (server: Running, name = 'menu'): Promise<unknown> => (await get(server, `/api/flows/${name}`)).json['live']

void t.test('a flow is read, edited and live at once', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  chmodSync(join(server.folder, 'menu.yaml'), 0o640)
  await server.call('menu')
  const first = await get(server, '/api/flows/menu')
  t.match(first, { status: 200, json: {
    version: 1, name: 'menu', state: 'live', live: /^[0-9a-f]{20}$/, source: FILES['menu.yaml'], refused: null, numbers: ['+46846500400'],
    calls: [{ version: first.json['live'], live: true, started: 1, inProgress: 1 }],
    graph: { start: 'menu', states: [{ name: 'menu', verb: 'ivr' }, { name: 'sales', verb: 'connect' }, { name: 'bye', verb: 'play' }], edges: [{ from: 'menu', edge: '1', to: 'sales' }, { from: 'menu', edge: '3', to: 'sales' }] },
  } })
  t.equal(first.headers['etag'], `"${String(first.json['live'])}"`)
  const edited = await put(server, 'menu', menu('billing'), { 'if-match': String(first.headers['etag']) })
  t.match(edited, { status: 200, json: { version: 1, flow: 'menu', before: first.json['live'], changes: [
    { flow: 'menu', kind: 'state-new', text: '`billing` is new' },
    { kind: 'edge', states: ['menu'], names: ['3'], before: 'sales', after: 'billing', text: 'in `menu`, key 3 now goes to `billing`, before: `sales`' },
  ] } })
  t.equal((edited.json['changes'] as unknown[]).length, 2)
  t.equal(edited.headers['etag'], `"${String(edited.json['live'])}"`)
  t.equal(await versionOf(server), edited.json['live'])
  t.equal(file(server), menu('billing'))
  t.equal(statSync(join(server.folder, 'menu.yaml')).mode & 0o777, 0o640, 'with the rights that the file had')
  t.match((await get(server, '/api/flows')).json, { version: 1, pending: Boolean, strict: false, flows: [{ name: 'menu', state: 'live', live: edited.json['live'], calls: [{ version: edited.json['live'], started: 0, inProgress: 0, live: true }, { version: first.json['live'], live: false, inProgress: 1 }] }] })
  const line = await until('the log says it in words', () => server.lines.find(line => String(line['msg']).includes('key 3')))
  t.match(line, { msg: 'flows are live: menu: `billing` is new; menu: in `menu`, key 3 now goes to `billing`, before: `sales`', changes: 2, calls: [{ flow: 'menu', version: first.json['live'], inProgress: 1, live: false }] })
  t.match(await put(server, 'menu', menu('billing'), { 'if-match': String(edited.headers['etag']) }), { status: 200, json: { changes: [] } }, 'the same again')

  save(server, 'start: nowhere\n', 'other.yaml')
  t.match(await get(server, '/api/flows/other'), { status: 200, json: { state: 'waiting', live: null } }, 'no version answers')
  t.match(await reload(server), { status: 422, json: { flows: [{ name: 'menu', state: 'live' }, { name: 'other', state: 'waiting', live: null, refused: { problems: [{ code: 'missing-field' }] } }] } })
  rmSync(join(server.folder, 'other.yaml'))
  await reload(server)

  const refused = await put(server, 'menu', menu('biling'), { 'if-match': await etag(server) })
  t.match(refused, { status: 422, json: { version: 1, checked: { files: 1, states: 4 }, problems: [{ code: 'unknown-target', severity: 'error', range: { start: { line: 4 } }, related: [{ file: /menu\.yaml$/ }] }] } })
  t.equal(file(server), menu('billing'), 'nothing that fails is written')
  save(server, 'calls:\n  - { name: key 3, steps: [{ ivr: sound.wav }, { press: 3 }, { connect: "+46846500402" }, { line: success }, end] }\n', 'menu.calls.yaml')
  t.match(await reload(server), { status: 200, json: { changes: [] } })
  t.match(await put(server, 'menu', menu('sales'), { 'if-match': await etag(server) }), { status: 422, json: { problems: [{ code: 'call-fails', file: /menu\.calls\.yaml$/ }, { code: 'unreachable-state' }] } }, 'its calls fail')
  t.strictSame(readdirSync(server.folder).sort(), ['bye.wav', 'menu.calls.yaml', 'menu.yaml', 'sound.wav'], 'nothing is left behind')

  t.match(await put(server, 'second', menu('billing'), { 'if-none-match': '*' }), { status: 422, json: { problems: [{ code: 'number-used-twice', related: [{ file: /menu\.yaml$/ }] }] } }, 'the line is another flow\'s: both places are named')
  t.match(await put(server, 'second', menu('billing').replace(/numbers.*\n/, ''), { 'if-none-match': '*' }), { status: 200, json: { before: null, changes: [{ kind: 'flow-new' }] } })
  t.match(await put(server, 'second', menu('billing'), { 'if-none-match': '*' }), { status: 412 }, 'it exists now')
})

void t.test('an edit on top of something else', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const old = await etag(server)
  t.match(await put(server, 'menu', menu('billing'), { 'if-match': old }), { status: 200 })
  const rows: [name: string, headers: Record<string, string>, status: number, says: RegExp][] = [
    ['no If-Match', {}, 412, /If-Match/], ['an older version', { 'if-match': old }, 412, /read it again/], ['any version', { 'if-match': '*' }, 412, /read it again/],
    ['a weak tag', { 'if-match': `W/${await etag(server)}` }, 412, /read it again/], ['nonsense', { 'if-match': '"' }, 412, /read it again/],
  ]
  for (const [name, headers, status, says] of rows) t.match(await put(server, 'menu', menu('sales'), headers), { status, json: { status, detail: says } }, name)
  t.match(await put(server, 'nobody', menu('sales'), { 'if-match': '"x"' }), { status: 412, json: { detail: /If-None-Match/ } })

  const live = await etag(server)
  save(server, menu('biling'))
  await until('the bad edit is refused', async () => (await get(server, '/api/flows/menu')).json['state'] === 'refused')
  const now = await get(server, '/api/flows/menu')
  t.match(now, { json: { state: 'refused', live: live.slice(1, -1), source: menu('biling'), refused: { problems: [{ code: 'unknown-target' }] }, problems: [{ code: 'unknown-target' }] } })
  t.not(now.headers['etag'], live)
  t.match(await put(server, 'menu', menu('sales'), { 'if-match': live }), { status: 409, json: { detail: /holds an edit that is not live/ } })
  t.equal(file(server), menu('biling'), 'somebody else\'s edit stays')
  t.match(await put(server, 'menu', menu('billing', 7), { 'if-match': `"other", ${String(now.headers['etag'])}` }), { status: 200, json: { changes: [{ names: ['timeout'] }] } })

  // of many at once exactly one wins
  const tag = await etag(server)
  const many = await Promise.all([11, 12, 13, 14, 15].map(timeout => put(server, 'menu', menu('billing', timeout), { 'if-match': tag })))
  t.strictSame(many.map(one => one.status).sort(), [200, 412, 412, 412, 412])
  t.equal((await server.call('menu')).json['timeout'], 11 + many.findIndex(one => one.status === 200))
})

void t.test('links, rights and sizes', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const outside = join(server.root, 'outside.yaml')
  writeFileSync(outside, menu('billing').replace(/numbers.*\n/, ''))
  symlinkSync(outside, join(server.folder, 'out.yaml'))
  mkdirSync(join(server.folder, 'real'))
  writeFileSync(join(server.folder, 'real', 'in.yaml'), menu('billing').replace(/numbers.*\n/, ''))
  symlinkSync('real/in.yaml', join(server.folder, 'in.yaml'))
  t.match(await reload(server), { status: 200 })
  const text = menu('billing', 9).replace(/numbers.*\n/, '')
  t.match(await put(server, 'out', text, { 'if-match': await etag(server, 'out') }), { status: 409, json: { detail: /leads out of the folder/ } })
  t.notMatch(readFileSync(outside, 'utf8'), 'timeout: 9')
  t.match(await put(server, 'in', text, { 'if-match': await etag(server, 'in') }), { status: 200 })
  t.equal(file(server, 'real/in.yaml'), text, 'a link that stays in the folder is followed, and stays a link')
  t.ok(readdirSync(server.folder, { withFileTypes: true }).find(entry => entry.name === 'in.yaml')?.isSymbolicLink())
  t.match(await put(server, 'menu', `# ${'x'.repeat(4_300_000)}\n${menu('billing')}`, { 'if-match': await etag(server) }), { status: 422, json: { problems: [{ code: 'too-large' }] } })
  t.match(await put(server, 'menu', Buffer.alloc(5 * 1024 * 1024 + 1, ' '), { 'if-match': await etag(server) }), { status: 413 })
  t.match(await put(server, 'menu', Buffer.from([0xff, 0xfe, 0x41]), { 'if-match': await etag(server) }), { status: 422 })
  t.match(await put(server, 'menu', '', { 'if-match': await etag(server) }), { status: 422, json: { problems: [{ code: 'empty-file' }] } })
  t.equal(file(server), FILES['menu.yaml'])
})

void t.test('requests that must not pass', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const tag = { 'if-match': await etag(server) }
  const rows: [name: string, method: string, path: string, headers: Record<string, string>, body: string | null, status: number][] = [
    ['a name that is none', 'PUT', '/api/flows/__proto__', tag, 'x', 400], ['a way out', 'PUT', '/api/flows/..%2Fsecret', tag, 'x', 400], ['dots', 'PUT', '/api/flows/..', tag, 'x', 404],
    ['a name with an ending', 'PUT', '/api/flows/menu.calls', tag, 'x', 400], ['no name', 'PUT', '/api/flows/', tag, 'x', 400], ['a long name', 'PUT', `/api/flows/${'a'.repeat(65)}`, tag, 'x', 400],
    ['a longer one', 'PUT', `/api/flows/${'a'.repeat(300)}`, tag, 'x', 414], ['a name in capitals', 'GET', '/api/flows/Menu', {}, null, 400], ['constructor', 'GET', '/api/flows/constructor', {}, null, 404],
    ['no flow', 'GET', '/api/flows/nobody', {}, null, 404], ['another method', 'DELETE', '/api/flows/menu', tag, null, 404], ['a picture', 'PUT', '/api/flows/menu', { ...tag, 'content-type': 'image/png' }, 'x', 415],
    ['a form with parts', 'PUT', '/api/flows/menu', { ...tag, 'content-type': 'multipart/form-data; boundary=x' }, 'x', 415],
    ['another host', 'GET', '/api/flows', { host: 'evil.example' }, null, 403], ['another site', 'PUT', '/api/flows/menu', { ...tag, origin: 'http://evil.example' }, 'x', 403], ['another site reads', 'GET', '/api/events', { 'sec-fetch-site': 'cross-site' }, null, 403],
    ['figures for another site', 'GET', '/metrics', { host: 'evil.example' }, null, 403],
    ['no version', 'GET', '/api/versions/zz', {}, null, 404], ['a way out of the versions', 'GET', '/api/versions/..%2F..%2Flive', {}, null, 404], ['an unknown version', 'GET', `/api/versions/${'0'.repeat(20)}`, {}, null, 404],
    ['back to no version', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '{"version":"x"}', 400], ['back, badly asked', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '{"force":1}', 400],
    ['back, no JSON', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '{', 400], ['back with a list', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '[]', 400],
    ['back with a form', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415], ['nowhere to go back to', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '{}', 404],
    ['back of no flow', 'POST', '/api/flows/nobody/rollback', { 'content-type': 'application/json' }, '{}', 404], ['a polluted body', 'POST', '/api/flows/menu/rollback', { 'content-type': 'application/json' }, '{"__proto__":{"force":true}}', 400],
  ]
  for (const [name, method, path, headers, body, status] of rows) {
    const answer = await ask(server.admin + path, { method, headers, body })
    t.equal(answer.status, status, `${name}: ${answer.text}`)
    t.notMatch(answer.text, /\n +at |node_modules/, `${name}: nothing of ours is told`)
  }
  t.equal(file(server), FILES['menu.yaml'])

  const token = 'a token of these tests'
  const closed = await run({ files: FILES, env: { TONVAL_ADMIN_TOKEN: token } })
  t.teardown(() => closed.stop())
  for (const path of ['/api/flows', '/api/flows/menu', '/api/versions', '/api/events', '/metrics']) {
    t.equal((await get(closed, path)).status, 401, path)
    t.equal((await get(closed, path, { authorization: 'Bearer wrong' })).status, 401, path)
    if (path !== '/api/events') t.equal((await get(closed, path, { authorization: `Bearer ${token}` })).status, 200, path)
  }
  t.equal((await put(closed, 'menu', menu('billing'), { 'if-match': '"x"' })).status, 401)
})

/** A stream of events, read as it comes. */
async function listen(server: Running, headers: Record<string, string> = {}) {
  let text = ''
  const response = await new Promise<IncomingMessage>((resolve, reject) => httpRequest(`${server.admin}/api/events`, { headers }, resolve).on('error', reject).end())
  let ended = false
  response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk }).on('close', () => { ended = true }).on('error', () => undefined)
  const events = () => text.split('\n\n').filter(part => part.includes('event: ')).map(part => ({ id: /^id: (.*)$/m.exec(part)?.[1], event: /^event: (.*)$/m.exec(part)?.[1], data: JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? '{}') as Json }))
  return { response, events, text: () => text, ended: () => ended }
}

void t.test('events', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => { if (existsSync(server.root)) rmSync(server.root, { recursive: true }) })
  const one = await listen(server)
  t.match(one.response, { statusCode: 200, headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  await until('what is live is told first', () => one.events()[0]?.event === 'state')
  t.match(one.events()[0]?.data, { version: 1, flows: [{ name: 'menu', state: 'live' }] })
  await put(server, 'menu', menu('billing'), { 'if-match': await etag(server) })
  const live = await until('the edit is told', () => one.events().find(event => event.event === 'live'))
  t.match(live.data, { live: { menu: await versionOf(server) as string }, changes: [{ kind: 'state-new' }, { text: /key 3 now goes to/ }], calls: [] })
  save(server, menu('biling'))
  const refused = await until('the refusal is told', () => one.events().find(event => event.event === 'refused'))
  t.match(refused.data, { refused: { menu: String }, problems: [{ code: 'unknown-target', range: { start: { line: 4 } } }] })
  const again = await listen(server, { 'last-event-id': String(live.id) })
  await until('who comes back is told what was missed', () => again.events().length === 1)
  t.strictSame(again.events()[0], refused)
  const stale = await listen(server, { 'last-event-id': 'of another server' })
  await until('who comes back too late is told how it stands', () => stale.events()[0]?.event === 'state')
  t.match(stale.events()[0]?.data, { flows: [{ state: 'refused' }] })

  const more = await Promise.all(Array.from({ length: 40 }, () => listen(server)))
  t.equal(more.filter(client => client.response.statusCode === 503).length, 11, 'thirty-two clients at the same time')
  for (const client of more) client.response.destroy()
  const freed = await until('those who went make room', async () => { const client = await listen(server); if (client.response.statusCode === 200) return client; client.response.destroy(); return undefined })
  await server.stop()
  await until('a stop ends them', () => one.ended() && freed.ended())
  t.equal(one.events().at(-1)?.event, 'stop')
})

void t.test('who does not read events is let go, and memory stays', async t => {
  const events = createEvents('b', 60_000)
  let written = 0
  const client = { destroyed: false, get writableLength() { return written }, writeHead: () => undefined, write(text: string) { written += text.length }, end: () => undefined, destroy() { client.destroyed = true }, on() { return client } }
  t.ok(events.open(client as never, undefined, () => ({})))
  for (let i = 0; i < 10_000; i++) events.publish('live', { text: 'x'.repeat(1000) })
  t.ok(client.destroyed)
  t.equal(events.clients, 0)
  t.ok(written < 300_000, `${written} bytes waited`)
  let replayed = ''
  const back = { destroyed: false, writableLength: 0, writeHead: () => undefined, write(text: string) { replayed += text }, end: () => undefined, destroy: () => undefined, on() { return back } }
  t.ok(events.open(back as never, 'b-9990', () => ({})))
  t.equal(replayed.match(/event: live/g)?.length, 10)
  events.close()
  t.notOk(events.open(back as never, undefined, () => ({})), 'none begins after a stop')
})

void t.test('whose session is over hears no more', async t => {
  const events = createEvents('b', 10)
  t.teardown(() => events.close())
  const client = (): { heard: string; isOver: boolean } => {
    const one = { heard: '', isOver: false, destroyed: false, writableLength: 0, writeHead: () => undefined, write(text: string) { one.heard += text }, end() { one.isOver = true }, destroy: () => undefined, on() { return one } }
    return one
  }
  const [here, gone] = [client(), client()]
  let may = true
  events.open(here as never, undefined, () => ({}), () => true)
  events.open(gone as never, undefined, () => ({}), () => may)
  await until('there is a sign of life', () => gone.heard.endsWith(':\n\n'))
  may = false
  await until('it is over', () => gone.isOver)
  events.publish('live', { text: 'of later' })
  t.notMatch(gone.heard, 'of later')
  t.match(here.heard, 'of later')
  t.equal(events.clients, 1)
})

void t.test('figures', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const begun = await server.call('menu')
  await ask(String(begun.json['next']), { body: `${FIRST.split('&')[0]}&result=1` })
  await ask(`${server.voice}/voice/menu?key=wrong`, { body: FIRST })
  await ask(`${server.voice}/nowhere`, { body: '' })
  await ask(`${server.voice}/health`, { method: 'GET' })
  save(server, menu('billing'))
  await reload(server)
  save(server, menu('biling'))
  await reload(server)
  const figures = async (): Promise<string> => (await get(server, '/metrics')).text
  await until('all are counted', async () => (await figures()).includes('tonval_requests_total{kind="health",status="200"} 1'))
  const answer = await get(server, '/metrics')
  t.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/)
  const value = (name: string): number => Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(answer.text)?.[1])
  t.equal(value('tonval_requests_total{kind="voice",status="200"}'), 2)
  t.equal(value('tonval_requests_total{kind="voice",status="403"}'), 1)
  t.equal(value('tonval_requests_total{kind="other",status="404"}'), 1)
  t.equal(value('tonval_reloads_total{result="changed"}'), 2)
  t.ok(value('tonval_reloads_total{result="refused"}') >= 1)
  t.equal(value('tonval_reloads_total{result="failed"}'), 0)
  t.equal(value('tonval_flows_refused'), 1)
  t.ok(value('tonval_reload_last_timestamp_seconds') > value('tonval_reload_last_success_timestamp_seconds'))
  t.ok(value('tonval_reload_duration_seconds_count') >= 3)
  t.equal(value(`tonval_flow_info{flow="menu",version="${String(await versionOf(server))}"}`), 1)
  t.match(answer.text, /^tonval_calls_started\{flow="menu",version="[0-9a-f]{20}"\} 1$/m)
  t.match(answer.text, /^tonval_build_info\{version="1\.2\.3",node="v/m)
  t.ok(value('tonval_sweep_age_seconds') < 60)
  t.ok(value('process_resident_memory_bytes') > 0)
})
