/** `tonval serve` over its life: files edited under it, stopped, killed, started again; and the ways in which it cannot start. */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import type { Test } from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { marked } from './real-sounds.ts'
import { ask, FIRST, until, writeFiles } from './serve/running.ts'
import type { Answer, Json } from './serve/running.ts'
import { place, refuses, serve } from './serve/process.ts'
import type { Place, Process } from './serve/process.ts'

/** A menu that is told from others by how long it waits. */
const menu = (timeout: number, next = 'bye'): string => `start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: sound.wav, digits: ${timeout}, timeout: ${timeout}, repeat: 1, next: ${next} }
  bye: { connect: "+4670174060${timeout % 10}", timeout: 10, next: end }
`
const bye = 'start: bye\nstates:\n  bye: { play: tone.mp3, next: end }\n'

/** The version that answers a new call, by its timeout. */
const timeoutNow = async (server: Process): Promise<unknown> => (await server.call('menu')).json['timeout']
const becomes = (server: Process, timeout: number): Promise<unknown> => until(`${timeout} answers`, async () => (await timeoutNow(server)) === timeout)
const save = (at: Place, text: string, name = 'menu.yaml'): void => writeFileSync(join(at.folder, name), text)
/** An address on the server as it runs now: it has another port after each start. */
const here = (server: Process, address: unknown): string => server.voice + new URL(String(address)).pathname
const goesOn = async (t: Test, server: Process, begun: Answer, digit: number, name: string): Promise<void> => {
  const body = `result=${'1'.repeat(Number(begun.json['digits']))}`
  t.match(await ask(here(server, begun.json['next']), { body }), { status: 200, json: { connect: `+4670174060${digit}` } }, name)
}

void t.test('a call stays on its version; the next caller meets the new one', { timeout: 60_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1) })
  t.teardown(() => at.remove())
  let server = await serve(at)
  t.equal(statSync(join(at.data, 'secret')).mode & 0o777, 0o600, 'the secret is for its owner')
  const begun: Answer[] = [await server.call('menu')]
  for (const timeout of [2, 3]) {
    save(at, menu(timeout))
    await becomes(server, timeout)
    begun.push(await server.call('menu'))
  }
  for (const [i, call] of begun.entries()) await goesOn(t, server, call, i + 1, `version ${i + 1}`)
  const before = await ask(here(server, begun[0]?.json['next']), { body: 'result=1' })

  t.match(await server.end('SIGKILL'), { signal: 'SIGKILL' })
  save(at, menu(4))
  server = await serve(at)
  t.equal(await timeoutNow(server), 4)
  for (const [i, call] of begun.entries()) await goesOn(t, server, call, i + 1, `version ${i + 1}, after a kill`)
  const after = await ask(here(server, begun[0]?.json['next']), { body: 'result=1', headers: { host: new URL(String(begun[0]?.json['next'])).host } })
  t.equal(after.text, before.text, 'byte for byte')
  begun.push(await server.call('menu'))
  const recorded = await server.call('menu')

  t.match(await server.end('SIGTERM'), { status: 0 })
  rmSync(join(at.folder, 'menu.yaml'))
  save(at, menu(9), 'other.yaml')
  server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  t.equal(server.key('menu'), '', 'the flow is gone')
  for (const [i, call] of begun.entries()) await goesOn(t, server, call, i + 1, `version ${i + 1}, after a stop and without its file`)
  t.equal((await ask(here(server, recorded.json['whenhangup']), { body: 'id=' })).status, 204)
})

void t.test('edits while it serves', { timeout: 60_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1), 'bye.yaml': bye, 'tone.mp3': marked('one') })
  t.teardown(() => at.remove())
  const server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  const reload = (): Promise<Answer> => ask(`${server.admin}/api/reload`)

  save(at, menu(2, 'by'))
  const line = await until('the log says what is wrong', () => server.lines().find(line => line['code'] === 'unknown-target'))
  t.match(line, { level: 'error', file: /menu\.yaml$/, line: 4, help: 'did you mean `bye`?' })
  t.ok(server.lines().some(line => line['flow'] === 'menu' && line['level'] === 'error' && /last good version/.test(String(line['msg']))))
  t.equal(await timeoutNow(server), 1, 'the last good version answers')
  t.match(await reload(), { status: 422, json: { flows: [{ name: 'bye', state: 'live' }, { name: 'menu', state: 'refused' }], problems: [{ code: 'unknown-target' }] } })
  const broken: string[] = ['', 'start: [', '\0', 'start: menu\nstates: {}\n', menu(2).replace('states:', 'stats:'), menu(2).slice(0, 60), `<<<<<<< HEAD\n${menu(2)}`]
  for (const text of broken) {
    save(at, text)
    t.equal((await reload()).status, 422, JSON.stringify(text.slice(0, 20)))
    t.equal(await timeoutNow(server), 1)
  }
  save(at, menu(2))
  await becomes(server, 2)
  t.match(await reload(), { status: 200, json: { problems: [] } }, 'mended')

  const flows = async (): Promise<string> => ((await ask(`${server.admin}/api/flows`, { method: 'GET' })).json['flows'] as Json[]).map(flow => flow['name']).join()
  save(at, bye, 'new.yaml')
  await until('a new file is live', async () => (await flows()) === 'bye,menu,new')
  renameSync(join(at.folder, 'new.yaml'), join(at.folder, 'newer.yaml'))
  await until('a renamed file is live', async () => (await flows()) === 'bye,menu,newer')
  rmSync(join(at.folder, 'newer.yaml'))
  await until('a deleted file is gone', async () => (await flows()) === 'bye,menu')

  const sound = async (): Promise<string> => String((await server.call('bye')).json['play'])
  const old = await sound()
  writeFileSync(join(at.folder, 'tone.mp3'), marked('two'))
  const replaced = await until('the sound has another address', async () => { const now = await sound(); return now === old ? undefined : now })
  t.equal((await ask(replaced, { method: 'GET' })).text.includes('TAGtwo'), true)
  t.equal((await ask(old, { method: 'GET' })).text.includes('TAGone'), true, 'calls in progress hear what they began with')
  writeFileSync(join(at.folder, 'tone.mp3'), 'no sound')
  await until('a sound that is none is refused', () => server.lines().some(line => line['code'] === 'bad-audio'))
  t.equal(await sound(), replaced)
  rmSync(join(at.folder, 'tone.mp3'))
  await until('a sound that is missing is refused', () => server.lines().some(line => line['code'] === 'missing-audio'))
  t.equal(await sound(), replaced)

  save(at, menu(5))
  t.ok(server.child.kill('SIGHUP'), 'a hangup of the terminal is a reload')
  await becomes(server, 5)
  await until('what it changed is told', () => server.lines().some(line => String(line['msg']).includes('`timeout` is now 5 s')))
  const settled = server.lines().length
  t.equal((await reload()).status, 422)
  t.equal(server.lines().slice(settled).filter(line => line['msg'] !== 'step').length, 0, 'what has not changed is not told again')
  t.match(await server.end('SIGTERM'), { status: 0 })
})

void t.test('a stop finishes what is in flight', { timeout: 60_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1) })
  t.teardown(() => at.remove())
  const server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  const { hostname, port } = new URL(server.voice)
  const silent = connect(Number(port), hostname)
  const kept = connect(Number(port), hostname)
  for (const socket of [silent, kept]) socket.on('error', () => undefined).setEncoding('latin1')
  let heard = ''
  kept.on('data', (text: string) => { heard += text })
  const body = 'result=1'
  kept.write(`POST /voice/menu?key=${server.key('menu')} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${FIRST.length}\r\n\r\n${FIRST}`)
  await until('the first answer', () => heard.includes('"ivr"'))
  const next = /"next":"http:\/\/x([^"]+)"/.exec(heard)?.[1] ?? ''
  heard = ''
  kept.write(`POST ${next} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`)
  await until('it waits for the body', () => heard.includes('100 Continue'))
  const began = performance.now()
  const ended = server.end('SIGTERM')
  await until('nobody else is let in', () => new Promise(resolve => connect(Number(port), hostname).on('connect', function (this: { destroy(): void }) { this.destroy(); resolve(false) }).on('error', () => resolve(true))))
  kept.write(body)
  await until('the answer', () => heard.includes('"connect"'))
  t.match(heard, /HTTP\/1\.1 200 OK/)
  t.match(await ended, { status: 0, signal: null })
  t.ok(performance.now() - began < 8000, 'soon, although another connection never sent a thing')
  const lines = (await ended).stderr.trim().split('\n')
  t.match(JSON.parse(lines.at(-1) as string), { msg: 'step', to: 'bye' }, 'the log is whole')
})

void t.test('what the log holds', { timeout: 60_000 }, async t => {
  const partner = 'https://partner.example/elks?key=hidden'
  const at = place({ 'menu.yaml': `start: pin\nkeys: { "0": ${partner} }\nstates:\n  pin: { ivr: true, digits: 4, sensitive: true, next: menu, on: { noinput: end, nomatch: end } }\n  menu: { ivr: true, on: { 1: pin, noinput: ${partner}, nomatch: end } }\n` })
  t.teardown(() => at.remove())
  const server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  const pin = await server.call('menu')
  const menu = await ask(String(pin.json['next']), { body: 'result=4711', headers: { 'x-request-id': 'mine' } })
  const handed = await ask(String(menu.json['next']), { body: 'result=failed&why=noinput' })
  t.equal(handed.json['next'], partner)
  await ask(String(handed.json['whenhangup']), { body: 'state=success&duration=9' })
  await ask(`${server.voice}/voice/menu?key=wrong`)
  const { stderr, stdout } = await server.end('SIGTERM')
  const lines = stderr.trim().split('\n').map(line => JSON.parse(line) as Json)
  t.match(lines.filter(line => line['msg'] === 'step'), [
    { call: /^c/, flow: 'menu', version: /^[0-9a-f]{20}$/, from: '', event: 'start', to: 'pin', caller: '***0699', line: '***0400', direction: 'incoming', ms: Number, reqId: String },
    { from: 'pin', event: '***', to: 'menu', reqId: 'mine' }, { from: 'menu', event: 'noinput', to: 'https://partner.example' },
  ])
  t.match(lines.find(line => line['msg'] === 'call over'), { state: 'success', seconds: 9, at: 'https://partner.example' })
  const token = String(pin.json['next']).split('/').at(-1) as string
  for (const secret of [token, server.key('menu'), '4711', 'hidden', '46701740699', '701740699']) t.notOk(stderr.includes(secret), `not ${secret}`)
  t.ok(stdout.includes(server.key('menu')), 'keys are printed once, on standard output')
})

void t.test('a start with bad files', { timeout: 60_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1), 'bye.yaml': bye, 'tone.mp3': marked('one') })
  t.teardown(() => at.remove())
  await (await serve(at)).end('SIGTERM')
  save(at, menu(2, 'by'))
  save(at, 'nonsense', 'new.yaml')
  const strict = await refuses([at.folder, '--port', '0', '--admin', '127.0.0.1:0', '--data', at.data, '--strict'])
  t.match(strict, { status: 3, stdout: '', stderr: /unknown-target[^]*--strict: 2 of the flows must not go live/ })
  await (await serve(at)).end('SIGKILL')
  const server = await serve(at)
  t.teardown(() => server.end('SIGKILL'))
  t.match(server.stdout(), /OLD VERSION: menu\.[^]*NOT SERVED: new\./)
  t.equal(await timeoutNow(server), 1, 'the last good version, from the store, after a second start too')
  await until('the log says why', () => server.lines().find(line => line['code'] === 'unknown-target'))
  save(at, menu(3))
  await becomes(server, 3)
})

void t.test('it cannot start', { timeout: 60_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1) })
  t.teardown(() => at.remove())
  const busy = createServer().listen(0, '127.0.0.1')
  await until('a port is taken', () => busy.listening)
  t.teardown(() => busy.close())
  const { port } = busy.address() as AddressInfo
  writeFiles(at.root, { file: '', 'short/secret': 'short\n' })
  const usual = ['--host', '127.0.0.1', '--port', '0', '--admin', '127.0.0.1:0', '--data', at.data]
  const rows: [name: string, args: string[], env: Record<string, string>, status: number, says: RegExp][] = [
    ['a busy port', [at.folder, ...usual, '--port', String(port)], {}, 3, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use by another program[^]*--port`)],
    ['a busy port of the operator', [at.folder, ...usual, '--admin', `127.0.0.1:${port}`], {}, 3, /is in use by another program[^]*--admin/],
    ['no folder', [join(at.root, 'nowhere'), ...usual], {}, 3, /the flows in .*nowhere cannot be read/],
    ['a file for a folder', [join(at.root, 'file'), ...usual], {}, 3, /the flows in .*file cannot be read/],
    ['a file for the data', [at.folder, ...usual, '--data', join(at.root, 'file')], {}, 3, /the data folder .*file cannot be used: [^]*--data/],
    ['data below a file', [at.folder, ...usual, '--data', join(at.root, 'file', 'x')], {}, 3, /the data folder .*x cannot be used/],
    ['a short secret in the data folder', [at.folder, ...usual, '--data', join(at.root, 'short')], {}, 3, /the data folder .*short cannot be used: [^]*16 characters/],
    ['no address of this machine', [at.folder, ...usual, '--host', '192.0.2.1'], {}, 3, /no address 192\.0\.2\.1[^]*--host/],
    ['an unknown option', ['--prot', '1'], {}, 2, /--prot/], ['an option without a value', ['--port'], {}, 2, /--port/], ['two folders', ['a', 'b'], {}, 2, /one folder/],
    ['no port', ['--port', '99999'], {}, 2, /`99999` is no port/], ['no port in the environment', [], { TONVAL_PORT: 'x' }, 2, /TONVAL_PORT: `x`/],
    ['a public address with a path', ['--public-url', 'https://a.example/x'], {}, 2, /--public-url/], ['everyone a proxy', ['--trust-proxy', '0.0.0.0/0'], {}, 2, /stands for everyone/],
    ['allowed from nonsense', ['--allow-from', '46elk'], {}, 2, /`46elk`/], ['an open operator\'s side', ['--admin', '0.0.0.0:0'], {}, 2, /TONVAL_ADMIN_TOKEN/],
    ['a short token', [], { TONVAL_ADMIN_TOKEN: 'short' }, 2, /16 characters/], ['a short secret', [], { TONVAL_SECRET: `${'x'.repeat(16)},short` }, 2, /TONVAL_SECRET/], ['a level', ['--log-level', 'loud'], {}, 2, /`loud`/],
  ]
  const child = await refuses(rows[0]?.[1] ?? [])
  t.match(child, { status: 3, stdout: '', stderr: rows[0]?.[4] }, 'as a process of its own')
  for (const [name, args, env, status, says] of rows) {
    let stdout = ''
    let stderr = ''
    const io = { stdout: { write: (text: string) => { stdout += text } }, stderr: { write: (text: string) => { stderr += text } }, stdin: Readable.from([]), env, cwd: at.root }
    t.equal(await runCommand(['serve', ...args], io), status, name)
    t.match(stderr, says, name)
    t.notMatch(stderr, /\n +at |fault of tonval/, `${name}: no stack trace`)
    t.equal(stdout, '', name)
  }
  t.notOk(existsSync(join(at.root, 'file', 'x')))
})
