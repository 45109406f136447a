/** Texts that nobody has saved, over real HTTP: checked, drawn, compared and completed with the folder around them, and never written. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createTurns } from '../src/console/turns.ts'
import { ask, run, until } from './serve/running.ts'
import type { Answer, Running } from './serve/running.ts'

const menu = (target: string): string => `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: sound.wav, on: { 1: desk, 2: ${target}, noinput: desk, nomatch: desk } }
  desk: { connect: "+46846500401", on: { failed: bye } }
  pin: { flow: pin, on: { ok: desk, wrong: bye } }
  bye: { play: bye.wav, next: end }
`
const PIN = `start: ask
exits: [ok, wrong]
states:
  ask: { ivr: sound.wav, digits: 4, equals: "1234", sensitive: true, next: right, on: { noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
const FILES = { 'menu.yaml': menu('pin'), 'pin.yaml': PIN, 'bye.wav': Buffer.from(readFileSync('flows/switchboard/menu.mp3')), 'sound.wav': Buffer.from(readFileSync('flows/switchboard/menu.mp3')) }
const check = (server: Running, name: string, body: string | Buffer, query = '', headers: Record<string, string> = {}): Promise<Answer> => ask(`${server.admin}/api/flows/${name}/check${query}`, { body, headers: { 'content-type': 'application/yaml', ...headers } })
const question = (server: Running, name: string, what: string, body: unknown): Promise<Answer> => ask(`${server.admin}/api/flows/${name}/${what}`, { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': 'application/json' } })
const texts = (server: Running): Record<string, string> => Object.fromEntries(readdirSync(server.folder).map(name => [name, readFileSync(join(server.folder, name), 'latin1')]))

void t.test('a text is checked as if it had been saved', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const before = texts(server)
  const live = server.live().get('menu')?.version

  const same = await check(server, 'menu', menu('pin'))
  t.match(same, { status: 200, json: { version: 1, flow: 'menu', fits: true, live, changes: [], graph: { start: 'menu' } } })
  t.notOk((same.json['problems'] as { severity: string }[]).some(problem => problem.severity === 'error'))
  t.notOk('picture' in same.json, 'drawn only where it is asked for')

  const edited = await check(server, 'menu', menu('bye').replace(/ {2}pin:.*\n/, ''), '?picture=true')
  t.match(edited.json, { fits: true, changes: [{ kind: 'state-gone', text: '`pin` is gone' }, { kind: 'edge', states: ['menu'], names: ['2'], after: 'bye', before: 'pin' }], graph: { edges: [{ from: 'menu', edge: '1' }, { from: 'menu', edge: '2', to: 'bye' }] } })
  t.match(edited.json['picture'], /^<svg[^]*data-state="menu"/)

  const broken = await check(server, 'menu', menu('desc'), '?picture=true')
  t.match(broken.json, { fits: false, graph: null, changes: null, problems: [{ code: 'unknown-target', severity: 'error', file: /menu\.yaml$/, range: { start: { line: 4 } }, help: 'did you mean `desk`?', fix: { edits: [{ text: 'desk' }] } }] })
  t.notOk('picture' in broken.json)

  // what the rules say against it can still be drawn and compared
  const ruled = await check(server, 'menu', menu('pin').replace('next: end', 'next: bye'), '?picture=true')
  t.match(ruled.json, { fits: false, changes: [{ states: ['bye'], after: 'bye' }], picture: /^<svg/ })
  t.ok((ruled.json['problems'] as { severity: string; file: string }[]).some(problem => problem.severity === 'error' && problem.file.endsWith('menu.yaml')))

  // of another flow, what would keep it from going live
  const other = await check(server, 'pin', PIN.replaceAll('wrong', 'refused'))
  t.match(other.json, { fits: false, problems: [{ code: 'exit-missing', file: /menu\.yaml$/ }] })

  // its scripted calls are held
  writeFileSync(join(server.folder, 'menu.calls.yaml'), 'calls:\n  - { name: key 1, steps: [{ ivr: sound.wav }, { press: 1 }, { connect: "+46846500401" }, { line: success }, end] }\n')
  t.match((await check(server, 'menu', menu('pin').replace('1: desk', '1: bye'))).json, { fits: false, problems: [{ code: 'call-fails', file: /menu\.calls\.yaml$/ }] })
  rmSync(join(server.folder, 'menu.calls.yaml'))

  t.match((await check(server, 'fresh', menu('bye').replace(/numbers.*\n| {2}pin:.*\n/g, ''))).json, { fits: true, live: null, changes: [{ kind: 'flow-new' }] }, 'of a flow that is not there yet')
  t.match((await check(server, 'menu', '')).json, { fits: false, graph: null, problems: [{ code: 'empty-file' }] })
  t.match((await check(server, 'menu', Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x9f]))).json, { fits: false, problems: [{ severity: 'error' }] })
  t.match((await check(server, 'menu', `# ${'x'.repeat(4_300_000)}\n${menu('pin')}`)).json, { fits: false, problems: [{ code: 'too-large' }] })

  t.strictSame(texts(server), before, 'nothing was written')
  t.equal(server.live().get('menu')?.version, live)
  t.notOk(server.lines.some(line => String(line['path']).endsWith('/check')), 'a question is no change: it is not on record')
})

void t.test('what can be typed, and what stands there', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const text = menu('pin')
  const offset = text.indexOf('2: pin') + 3
  const states = await question(server, 'menu', 'complete', { text, offset })
  t.match(states, { status: 200, json: { version: 1, items: Array } })
  const items = states.json['items'] as { label: string; from: number; to: number; insert: string; detail?: string }[]
  t.strictSame(['menu', 'desk', 'pin', 'bye', 'end'].filter(name => !items.some(item => item.label === name)), [], 'every state can be gone to')
  t.match(items.find(item => item.label === 'desk'), { from: offset, to: offset + 3, insert: 'desk', detail: 'connect' })
  const half = 'start: a\nstates:\n  a: { pl'
  t.ok(((await question(server, 'menu', 'complete', { text: half, offset: half.length })).json['items'] as { label: string }[]).some(item => item.label === 'play'), 'in a text that is not yet a flow')
  t.ok(((await question(server, 'nobody', 'complete', { text: half, offset: half.length })).json['items'] as unknown[]).length > 0, 'of a flow that is not there')
  t.match((await question(server, 'menu', 'hover', { text, offset })).json, { hover: { words: /^state `pin`/, from: offset, to: offset + 3 } })
  t.match((await question(server, 'menu', 'hover', { text, offset: 0 })).json, { hover: { words: /call begins/ } })
  t.match((await question(server, 'menu', 'hover', { text: '', offset: 0 })).json, { hover: null })
})

void t.test('versions are compared in words', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const first = server.live().get('menu')?.version
  writeFileSync(join(server.folder, 'menu.yaml'), menu('bye').replace(/ {2}pin:.*\n/, ''))
  const second = await until('the edit is live', () => { const now = server.live().get('menu')?.version; return now === first ? undefined : now })
  const diff = (query: string, name = 'menu'): Promise<Answer> => ask(`${server.admin}/api/flows/${name}/diff${query}`, { method: 'GET' })
  t.match(await diff(`?from=${first}`), { status: 200, json: { version: 1, flow: 'menu', from: first, to: second, changes: [{ text: '`pin` is gone' }, { kind: 'edge' }] } })
  t.match(await diff(`?from=${second}&to=${first}`), { json: { changes: [{ text: '`pin` is new' }, { kind: 'edge' }] } })
  t.match(await diff(''), { json: { changes: [] } })
  for (const [query, name] of [['?from=0123', 'menu'], ['?from=..%2Fx', 'menu'], [`?from=${first}`, 'pin'], ['', 'nobody']] as const) t.equal((await diff(query, name)).status, 404, `${name}${query}`)
})

void t.test('requests that must not pass', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const JSON_TYPE = { 'content-type': 'application/json' }
  const YAML = { 'content-type': 'application/yaml' }
  const rows: [name: string, path: string, headers: Record<string, string>, body: string | Buffer, status: number][] = [
    ['a name that is none', '/api/flows/__proto__/check', YAML, 'x', 400], ['a way out', '/api/flows/..%2Fsecret/check', YAML, 'x', 400], ['capitals', '/api/flows/Menu/check', YAML, 'x', 400], ['a long name', `/api/flows/${'a'.repeat(65)}/check`, YAML, 'x', 400],
    ['too much', '/api/flows/menu/check', YAML, Buffer.alloc(5 * 1024 * 1024 + 1, ' '), 413], ['a picture', '/api/flows/menu/check', { 'content-type': 'image/png' }, 'x', 415], ['another answer', '/api/flows/menu/check?picture=png', YAML, 'x', 400],
    ['another site', '/api/flows/menu/check', { ...YAML, origin: 'http://evil.example' }, 'x', 403], ['another host', '/api/flows/menu/check', { ...YAML, host: 'evil.example' }, 'x', 403],
    ['no JSON', '/api/flows/menu/complete', JSON_TYPE, '{', 400], ['a list', '/api/flows/menu/complete', JSON_TYPE, '[]', 400], ['nothing', '/api/flows/menu/complete', JSON_TYPE, 'null', 400], ['no text', '/api/flows/menu/complete', JSON_TYPE, '{"offset":0}', 400],
    ['a place behind the text', '/api/flows/menu/complete', JSON_TYPE, '{"text":"a","offset":2}', 400], ['a place before it', '/api/flows/menu/complete', JSON_TYPE, '{"text":"a","offset":-1}', 400], ['half a place', '/api/flows/menu/hover', JSON_TYPE, '{"text":"a","offset":0.5}', 400],
    ['a form', '/api/flows/menu/complete', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415], ['a name that is none', '/api/flows/Menu/hover', JSON_TYPE, '{"text":"","offset":0}', 400],
    ['a long text', '/api/flows/menu/complete', JSON_TYPE, JSON.stringify({ text: ' '.repeat(5 * 1024 * 1024 + 1), offset: 0 }), 400], ['a longer one', '/api/flows/menu/hover', JSON_TYPE, JSON.stringify({ text: ' '.repeat(11 * 1024 * 1024), offset: 0 }), 413],
  ]
  for (const [name, path, headers, body, status] of rows) {
    const answer = await ask(server.admin + path, { headers, body })
    t.equal(answer.status, status, `${name}: ${answer.text.slice(0, 200)}`)
    if (status === 415) t.match(answer.json['detail'], /^a flow is sent as application\/yaml$|^a body of the type `application\/x-www-form-urlencoded` is not read here: .*`application\/json`$/)
    if (status === 413) t.match(answer.json['detail'], /^a body of \d{7,} bytes is longer than what is read here/)
    t.notMatch(answer.text, /\n +at |node_modules/, `${name}: nothing of ours is told`)
  }
})

void t.test('of many questions of one editor the newest is answered', { timeout: 120_000 }, async t => {
  const server = await run({ files: FILES })
  t.teardown(() => server.stop())
  const [busy, ...rest] = await Promise.all([
    check(server, 'menu', menu('bye'), '?editor=one'), ...[1, 2, 3, 4].map(count => check(server, 'menu', `${menu('bye')}# ${count}\n`, '?editor=one')), check(server, 'pin', PIN, '?editor=two'),
  ])
  t.equal(busy?.status, 200)
  t.equal(rest.at(-1)?.status, 200, 'another editor gets its turn')
  const statuses = rest.slice(0, -1).map(one => one.status)
  t.ok(statuses.filter(status => status === 200).length >= 1 && statuses.every(status => [200, 409].includes(status)), String(statuses))

  const turns = createTurns(2)
  const order: string[] = []
  let go = (): void => undefined
  const first = turns.take('a', () => new Promise<string>(resolve => { go = () => resolve('first') }))
  const asked = ['a', 'b', 'a', 'c'].map((asker, at) => turns.take(asker, async () => { order.push(`${asker}${at}`); return at }))
  t.same(await asked[3], 'full')
  t.same(await asked[0], 'newer')
  go()
  t.same(await first, { answer: 'first' })
  t.same(await Promise.all([asked[1], asked[2]]), [{ answer: 1 }, { answer: 2 }])
  t.same(order, ['a2', 'b1'], 'who asks again keeps his place')
  await t.rejects(turns.take('a', async () => { throw new Error('broken') }), { message: 'broken' })
  t.same(await turns.take('a', async () => 'after'), { answer: 'after' }, 'one that fails stops nobody')
})
