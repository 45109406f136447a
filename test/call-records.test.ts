/** Calls on record, made over real HTTP: every verb, every way to end, what is hidden, and notices that come late, twice or too early. */
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import type { CallsShown, StepShown, TraceShown } from '../src/console/shapes/calls.ts'
import type { NumbersShown } from '../src/console/shapes/numbers.ts'
import { dial, legs } from './serve/line.ts'
import type { Line } from './serve/line.ts'
import { ask, run, SOUND, until } from './serve/running.ts'
import type { Running } from './serve/running.ts'

const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const get = async <T>(server: Running, path: string): Promise<T> => (await ask(server.admin + path, { method: 'GET' })).json as unknown as T
const list = (server: Running, query = ''): Promise<CallsShown> => get<CallsShown>(server, `/api/calls${query}`)
/** A call as it is on record once it has so many steps, has ended as is said, and its end was told. */
const recorded = (server: Running, { id }: Line, steps: number, ended?: string, isTold = false): Promise<TraceShown> => until(`${id} is on record`, async () => {
  const found = await get<TraceShown>(server, `/api/calls/${id}`)
  return found.steps === steps && (ended === undefined || found.ended === ended) && (!isTold || found.reported !== null) ? found : undefined
})
const walked = ({ from, event, to, via, met }: StepShown): string => `${from} ${event} ${[...via ?? [], to].join(' ')} ${met}`

const PIN = `start: ask
inputs: { pin: text }
exits: [ok, wrong]
states:
  ask: { ivr: sound.wav, digits: 4, equals: "{{pin}}", sensitive: true, sorry: sorry.wav, next: right, on: { nomatch: no, noinput: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
const flow = (host: string): string => `start: hours
title: Everything
numbers: ["+46846500400"]
timezone: Europe/Stockholm
vars: { pin: "2580" }
prompts:
  menu: { file: sound.wav, text: "For sales, press 1." }
schedules: { always: { open: { daily: 00:00-24:00 } } }
on_error: sorry
on_hangup: [ { sms: { to: "+46701740605", from: Example, text: "{{caller}} called" } } ]
states:
  hours: { route: [ { when: { schedule: always, is: closed }, goto: bye }, { goto: menu } ] }
  menu:
    ivr: menu
    silent: true
    sorry: { say: "That is no choice." }
    on: { 1: sales, 2: number, 3: door, 4: find, 5: https://partner.example/elks?key=s3cret, 6: voicemail, 7: refuse, 8: broken, 9: together, noinput: bye, nomatch: bye, failed: bye }
  sales: { connect: ["+46846500401", "+46846500402"], order: in-turn, on: { success: end, failed: bye } }
  together: { connect: "+46846500409", on: { success: end, busy: end, failed: end } }
  number: { ivr: { say: "Your number, please." }, digits: 10, min: 4, save: number, on: { noinput: bye, nomatch: bye, failed: bye }, next: repeat }
  repeat: { play: { say: "You are {{number}}." }, next: tones }
  tones: { play: "https://sounds.example/{{number}}.wav", next: bye }
  door: { flow: pin, with: { pin: "{{pin}}" }, on: { ok: bye, wrong: refuse } }
  find: { fetch: "http://${host}/find", query: { n: "{{caller}}" }, on: { failed: voicemail }, next: bye }
  voicemail: { record: sound.wav, on: { success: bye, failed: bye } }
  refuse: { hangup: true }
  broken: { set: { long: "${'x'.repeat(1100)}" }, next: bye }
  sorry: { play: sorry.wav, next: end }
  bye: { play: bye.wav, next: end }
`

async function house(t: import('tap').Test) {
  const other = createServer((_request, response) => response.writeHead(500).end()).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const host = `127.0.0.1:${(other.address() as AddressInfo).port}`
  const files = { 'line.yaml': flow(host), 'pin.yaml': PIN, 'bye.wav': Buffer.from(SOUND).fill(0x20, 60), 'sorry.wav': Buffer.from(SOUND).fill(0x30, 60) }
  const server = await run({ files, env: { TONVAL_FETCH_HOSTS: host } })
  t.teardown(async () => {
    await server.stop()
    other.close()
  })
  t.same(server.first.refused, {}, JSON.stringify(server.first.problems.map(({ message }) => message)))
  return server
}

void t.test('what was met, step by step, and how it ended', { timeout: 180_000 }, async t => {
  const server = await house(t)
  interface Row { readonly name: string; readonly reports: readonly string[]; readonly over?: string; readonly steps: readonly string[]; readonly ended: string | null; readonly at: string }
  const rows: Row[] = [
    { name: 'a number of several', reports: ['1', 'busy', 'success'], over: `state=success&duration=40${legs('+46846500402', 30)}`, ended: 'connected', at: 'sales', steps: [' start hours menu ivr', 'menu 1 sales connect', 'sales again sales connect', 'sales success end hangup'] },
    { name: 'a caller who hangs up in the talk', reports: ['1'], over: `state=success&duration=40${legs('+46846500401', 30)}`, ended: 'connected', at: 'sales', steps: [' start hours menu ivr', 'menu 1 sales connect'] },
    { name: 'a caller who hangs up while it rings', reports: ['1'], over: 'state=success&duration=4', ended: 'caller', at: 'sales', steps: [' start hours menu ivr', 'menu 1 sales connect'] },
    { name: 'a connect that nothing follows', reports: ['9'], over: `state=success&duration=40${legs('+46846500409', 30)}`, ended: 'connected', at: 'together', steps: [' start hours menu ivr', 'menu 9 together connect'] },
    { name: 'nobody presses a key', reports: ['', 'failed&why=noinput', 'failed&why=noinput'], over: 'state=success&duration=50', ended: 'end', at: 'bye', steps: [' start hours menu ivr', 'menu silent menu ivr', 'menu silent menu ivr', 'menu noinput bye play'] },
    { name: 'wrong keys', reports: ['0', '55', '*'], over: 'state=success&duration=50', ended: 'end', at: 'bye', steps: [' start hours menu ivr', 'menu sorry menu ivr', 'menu sorry menu ivr', 'menu nomatch bye play'] },
    { name: 'a hang-up in the menu', reports: [], over: 'state=success&duration=3', ended: 'caller', at: 'menu', steps: [' start hours menu ivr'] },
    { name: 'a number that is kept', reports: ['2', '0701234567'], over: 'state=success&duration=30', ended: 'end', at: 'bye', steps: [' start hours menu ivr', 'menu 2 number ivr', 'number next repeat tones bye play'] },
    { name: 'a PIN in another flow', reports: ['3', '9753', '2580'], over: 'state=success&duration=30', ended: 'end', at: 'bye', steps: [' start hours menu ivr', 'menu 3 door pin/ask ivr', 'pin/ask sorry pin/ask ivr', 'pin/ask *** pin/right door bye play'] },
    { name: 'a fetch that fails, and a message', reports: ['4', 'success'], over: 'state=success&duration=30', ended: 'end', at: 'bye', steps: [' start hours menu ivr', 'menu 4 find voicemail record', 'voicemail success bye play'] },
    { name: 'a handover', reports: ['5'], ended: 'handover', at: 'menu', steps: [' start hours menu ivr', 'menu 5 https://partner.example handover'] },
    { name: 'a hangup', reports: ['7'], ended: 'hangup', at: 'refuse', steps: [' start hours menu ivr', 'menu 7 refuse hangup'] },
    { name: 'one that goes on', reports: ['1'], ended: null, at: 'sales', steps: [' start hours menu ivr', 'menu 1 sales connect'] },
    { name: 'what breaks', reports: ['8'], over: 'state=failed&duration=3', ended: 'end', at: 'sorry', steps: [' start hours menu ivr', 'broken error sorry play'] },
  ]
  for (const { name, reports, over, steps, ended, at } of rows) {
    const line = await dial(server, 'line', { from: '+46701740699' })
    for (const result of reports) await line.report(result)
    if (over !== undefined) t.equal((await line.over(over)).status, 204, name)
    const call = await recorded(server, line, steps.length, ended ?? undefined, over !== undefined)
    t.strictSame(call.trace.map(walked), steps, name)
    t.match(call, { flow: 'line', version: /^[0-9a-f]{20}$/, caller: '***0699', called: '+46846500400', direction: 'incoming', timezone: 'Europe/Stockholm', at, ended, end: over === undefined && ended === null ? null : String }, name)
    t.equal(call.seconds, over === undefined ? null : Number(/duration=(\d+)/.exec(over)?.[1]), name)
  }
  const { calls } = await list(server)
  t.equal(calls.length, rows.length)
  const named = async (index: number): Promise<TraceShown> => get<TraceShown>(server, `/api/calls/${(calls.at(-1 - index) as { id: string }).id}`)
  const at = (name: string): Promise<TraceShown> => named(rows.findIndex(row => row.name === name))
  t.match(await at('a number of several'), { answered: { number: '***0402', seconds: 30 }, reported: 'success', trace: [{ heard: [{ name: 'menu.wav', text: 'For sales, press 1.', address: /^\/audio\/[0-9a-f]+\/menu\.wav$/ }] }, { heard: [], numbers: ['***0401'] }, { numbers: ['***0402'] }, { met: 'hangup', last: true }] })
  t.match((await at('wrong keys')).trace, [{}, { pressed: '0', heard: [{ text: 'That is no choice.' }, { name: 'menu.wav' }] }, { keys: 2 }, { pressed: '*', last: true }])
  t.match((await at('a number that is kept')).trace[2]?.heard, [{ name: 'say-you-are-x.wav', text: 'You are {{number}}.' }, { name: 'sounds.example', address: 'https://sounds.example' }, { name: 'bye.wav' }], 'values stand as they are written')
  const pin = await at('a PIN in another flow')
  t.notOk(pin.trace.some(step => 'pressed' in step || 'keys' in step), 'nothing of what is sensitive')
  t.match(pin.trace[3]?.moves, [{ from: 'pin/ask', event: '***', to: 'pin/right' }, { from: 'pin/right', event: 'ok', to: 'door' }, { from: 'door', event: 'ok', to: 'bye' }])
  t.match((await at('a fetch that fails, and a message')).trace[1], { via: ['find'], reason: String, moves: [{ from: 'menu', event: '4', to: 'find' }, { from: 'find', event: 'failed', to: 'voicemail' }], heard: [{ name: 'sound.wav' }, { name: 'sound/beep' }] })
  t.match(await at('what breaks'), { reported: 'failed', trace: [{}, { broke: true }] })
  t.match((await at('a hang-up in the menu')).sends, [{ kind: 'sms', to: '***0605', item: 'on_hangup.0', state: 'waiting' }])

  const numbers = await get<NumbersShown>(server, '/api/flows/line/numbers')
  t.match(numbers, { version: 1, flow: 'line', timezone: 'Europe/Stockholm', calls: rows.length, live: 1, human: { calls: 3, median: Number } })
  t.equal(numbers.hours.reduce((sum, { calls }) => sum + calls, 0), rows.length)
  t.strictSame(numbers.ends.find(one => one.reason === 'connected'), { reason: 'connected', count: 3 })
  t.strictSame(numbers.menus.find(one => one.state === 'menu'), { state: 'menu', asked: rows.length + 4, silence: 3, wrong: 3, keys: [{ key: '*', count: 1 }, { key: '0', count: 1 }] })
  t.strictSame(numbers.edges.filter(one => one.from === 'hours'), [{ from: 'hours', event: 'line 2', to: 'menu', count: rows.length }])
  t.strictSame(numbers.edges.filter(one => one.from === 'number'), [{ from: 'number', event: 'next', to: 'repeat', count: 1 }])

  const queries: [query: string, count: number][] = [
    ['?state=sales', 4], ['?end=connected', 3], ['?end=connected&state=together', 1], ['?live=true', 1], ['?flow=line&limit=2', 2], ['?flow=other', 0], ['?until=2026-01-01T00:00:00Z', 0], ['?since=2026-01-01', rows.length], ['?end=caller&flow=line', 2],
  ]
  for (const [query, count] of queries) t.equal((await list(server, query)).calls.length, count, query)
  const pages: string[] = []
  for (let next: string | null = ''; next !== null;) {
    const page: CallsShown = await list(server, `?limit=4${next === '' ? '' : `&before=${next}`}`)
    pages.push(...page.calls.map(({ id }) => id))
    next = page.next
  }
  t.strictSame(pages, calls.map(({ id }) => id), 'page by page')
  const refused: [path: string, status: number, says: RegExp][] = [
    ['/api/calls?limit=1001', 400, /from 1 to 1000/], ['/api/calls?limit=0', 400, /from 1 to 1000/], ['/api/calls?limit=1e2', 400, /from 1 to 1000/], ['/api/calls?end=bored', 400, /no call ends by/], ['/api/calls?end=cllaer', 400, /did you mean `caller`/],
    ['/api/calls?since=yesterday', 400, /`since` is a day/], ['/api/calls?since=2026-02-31', 400, /`since` is a day/], ['/api/calls?until=2026-04-31T10:00:00Z', 400, /`until` is a day/], ['/api/calls?since=2026-03-02T10:00', 400, /with its zone/], ['/api/calls?until=2026-03-02T25:00:00Z', 400, /`until` is a day/],
    ['/api/calls?live=no', 400, /`live` is `true`/], ['/api/calls?before=x', 400, /`next`/], ['/api/calls?before=zzzzzzzzzzz-1', 400, /`next`/], ['/api/calls?ended=caller', 400, /nothing is asked for by `ended`.*`end`/], ['/api/calls?flow=line&flow=pin', 400, /`flow` stands there more than once/],
    ['/api/calls/nobody', 404, /no such call/], ['/api/flows/nobody/numbers', 404, /no flow `nobody`/],
    ...['2026-13-01', '2026-02-31', '2026-02-29', '2026-00-10', '2026-3-2', '2026-03-02T10:00', '%2B002026-03-02', '9999-12-31', '0001-01-01', ''].map((day): [string, number, RegExp] => [`/api/flows/line/numbers?day=${day}`, 400, /`day` is a day of the calendar/]),
    ['/api/flows/line/numbers?days=2026-03-02', 400, /did you mean `day`/],
    ['/api/outbox?state=sent&state=failed', 400, /`state` stands there more than once/], ['/api/outbox?state=setn', 400, /did you mean `sent`/], ['/api/outbox?state=', 400, /items are never ``/], ['/api/outbox?most=many', 400, /from 1 to 1000/], ['/api/outbox?most=0', 400, /from 1 to 1000/],
    ['/api/recordings?most=-1', 400, /from 1 to 1000/], ['/api/recordings?limit=3', 400, /`most`/], ['/api/flows/line/diff?form=aa', 400, /did you mean `from`/], ['/api/flows/line/graph?versoin=aa', 400, /did you mean `version`/], ['/api/flows/line/picture?version=xyz', 404, /no version `xyz`/],
  ]
  for (const [path, status, says] of refused) t.match(await ask(server.admin + path, { method: 'GET' }), { status, headers: { 'content-type': 'application/problem+json' }, json: { status, detail: says } }, path)
  for (const day of ['2024-02-29', '2026-10-25', '1970-01-01', '2999-12-31']) t.match(await ask(`${server.admin}/api/flows/line/numbers?day=${day}`, { method: 'GET' }), { status: 200, json: { day, calls: 0 } }, day)
  t.equal((await ask(`${server.admin}/api/calls`, { method: 'GET', headers: { origin: 'https://evil.example' } })).status, 403)

  const files = readdirSync(join(server.root, 'data')).filter(name => name.startsWith('tonval.db')).map(name => readFileSync(join(server.root, 'data', name)))
  t.ok(files.some(bytes => bytes.includes('For sales, press 1.')))
  for (const secret of ['9753', '0701234567', '701234567', 's3cret']) t.notOk(files.some(bytes => bytes.includes(secret)), `no ${secret} in the file`)
  // the outbox has whom it writes to; what is on record of calls has nobody's number
  const db = new Database(join(server.root, 'data', 'tonval.db'))
  const kept = JSON.stringify(['records', 'trail', 'sounds'].map(table => db.prepare(`SELECT * FROM ${table}`).all()))
  db.close()
  t.ok(kept.includes('***0699'))
  for (const number of ['46701740699', '46846500401', '46846500402']) t.notOk(kept.includes(number), `no ${number} on record`)
})

void t.test('requests that come again, and notices that come late, twice or too early', { timeout: 120_000 }, async t => {
  const server = await house(t)
  const line = await dial(server, 'line')
  await line.again()
  await line.report('1')
  await Promise.all([line.again(), line.again()])
  await line.report('busy')
  t.equal((await recorded(server, line, 3)).steps, 3, 'a request that is repeated is one step')
  await line.again()
  await line.over('state=success&duration=21')
  const first = await recorded(server, line, 3, 'caller')
  await line.over('state=failed&duration=99')
  await line.report('busy')
  t.match(await recorded(server, line, 4, 'end'), { seconds: 21, end: first.end, at: 'bye', reported: 'success', trace: [{}, {}, {}, { from: 'sales', event: 'busy', to: 'bye' }] }, 'the first notice counts; a step that comes after it is on record, too')
  const hidden = await dial(server, 'line', { from: 'hidden' })
  t.match(await recorded(server, hidden, 1), { caller: 'hidden', ended: null, end: null })
  const rung = await dial(server, 'line', { from: '+46846500400', to: '+46701740612', more: '&direction=outgoing' })
  t.match(await recorded(server, rung, 1), { caller: '+46846500400', called: '***0612', direction: 'outgoing' })
})

void t.test('told as it happens', { timeout: 120_000 }, async t => {
  const server = await house(t)
  const heard: string[] = []
  const response = await fetch(`${server.admin}/api/events`)
  const reading = (async () => { for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) heard.push(Buffer.from(part).toString()) })().catch(() => undefined)
  const told = (): Record<string, unknown>[] => [...heard.join('').matchAll(/^event: call\ndata: (.*)$/gm)].map(([, json]) => JSON.parse(json as string) as Record<string, unknown>)
  await until('the state is told', () => heard.join('').includes('event: state'))
  const line = await dial(server, 'line')
  await line.report('1')
  await line.over()
  await until('the end is told', () => told().length === 3)
  const [begun, step, ended] = told()
  t.match(begun, { id: line.id, flow: 'line', version: String, is: 'begun', at: /^\d{4}-.*Z$/, caller: '***0699', state: 'menu', event: 'start' })
  t.match(step, { id: line.id, is: 'step', state: 'sales', event: '1' })
  t.match(ended, { id: line.id, is: 'ended', flow: 'line' })
  t.notMatch(heard.join(''), /46701740699/)
  await Promise.all(Array.from({ length: 30 }, async () => {
    for (let i = 0; i < 10; i++) await dial(server, 'line')
  }))
  const dropped = await until('those that are too many are counted', () => {
    const counts = [...heard.join('').matchAll(/^event: calls\ndata: \{"dropped":(\d+)\}$/gm)].map(([, count]) => Number(count))
    return counts.reduce((sum, count) => sum + count, 0) + told().length === 303 ? { counts } : undefined
  })
  t.ok(dropped)
  await server.stop()
  await reading
})
