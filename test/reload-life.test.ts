/** Reloads over the life of a server: crashes, full disks, signals, several servers; and what is left of a flow whose file is gone. */
import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { ask, until } from './serve/running.ts'
import type { Answer } from './serve/running.ts'
import { place, serve } from './serve/process.ts'
import type { Place, Process } from './serve/process.ts'
import type { Fault } from './reload/faults.ts'

/** A menu that is told from others by how long it waits. */
const menu = (timeout: number, next = 'bye'): string => `start: menu
states:
  menu: { ivr: sound.wav, timeout: ${timeout}, on: { 1: ${next}, noinput: bye, nomatch: bye } }
  bye: { play: sound.wav, next: end }
`
const lined = (timeout: number): string => `numbers: ["+46846500400"]\n${menu(timeout)}`
const faulty = { node: ['--import', join(import.meta.dirname, 'reload/faults.js')] }
const PATIENCE = 60_000

const timeoutNow = async (server: Process, flow = 'menu'): Promise<unknown> => (await server.call(flow)).json['timeout']
const becomes = (server: Process, timeout: number): Promise<unknown> => until(`${timeout} answers`, async () => (await timeoutNow(server)) === timeout, PATIENCE)
const save = (at: Place, text: string, name = 'menu.yaml'): void => {
  writeFileSync(join(at.root, 'x'), text)
  renameSync(join(at.root, 'x'), join(at.folder, name))
}
const reload = (server: Process): Promise<Answer> => ask(`${server.admin}/api/reload`)
const told = (server: Process, text: RegExp): Promise<unknown> => until(`the log tells ${String(text)}`, () => server.lines().find(line => text.test(`${String(line['msg'])} ${String(line['failed'])}`)), PATIENCE)
async function breaks(server: Process, fault: Fault): Promise<void> {
  const done = once(server.child, 'message')
  server.child.send(fault)
  await done
}
async function started(t: Test, files: Record<string, string>, options: Parameters<typeof serve>[1] = {}): Promise<{ at: Place; server: Process }> {
  const at = place(files)
  t.teardown(() => at.remove())
  const server = await serve(at, options)
  t.teardown(() => server.end('SIGKILL'))
  return { at, server }
}

void t.test('a check that breaks off is done once more, then told and tried again', { timeout: 200_000 }, async t => {
  const { at, server } = await started(t, { 'menu.yaml': menu(1) }, faulty)
  await breaks(server, { crash: 1 })
  save(at, menu(2))
  await becomes(server, 2)
  await told(server, /broke off/)
  t.notOk(server.lines().some(line => line['failed'] !== undefined), 'once is no failure')
  await breaks(server, { crash: 2 })
  save(at, menu(3))
  await told(server, /reload failed.*thread ended/)
  await becomes(server, 3)
})

void t.test('a version that cannot be stored does not go live, and is tried again', { timeout: 200_000 }, async t => {
  const { at, server } = await started(t, { 'menu.yaml': menu(1) }, faulty)
  await breaks(server, { full: true })
  save(at, menu(2))
  await told(server, /reload failed.*ENOSPC/)
  t.match(await reload(server), { status: 503, json: { failed: /ENOSPC/ } })
  t.equal(await timeoutNow(server), 1)
  await breaks(server, { full: false })
  await becomes(server, 2)
})

void t.test('an edit while the last one is checked is seen; kill -9 between store and swap loses nothing', { timeout: 200_000 }, async t => {
  const { at, server } = await started(t, { 'menu.yaml': menu(1) }, faulty)
  const begun = await server.call('menu')
  await breaks(server, { write: { path: join(at.folder, 'menu.yaml'), text: menu(3) } })
  save(at, menu(2))
  await becomes(server, 3)
  await breaks(server, { die: true })
  save(at, menu(4))
  t.match(await server.end('SIGCONT'), { signal: 'SIGKILL' })
  const again = await serve(at)
  t.teardown(() => again.end('SIGKILL'))
  t.equal(await timeoutNow(again), 4)
  t.match(await ask(again.voice + new URL(String(begun.json['next'])).pathname, { body: 'result=1' }), { status: 200, json: { play: String } }, 'the first call goes on')
})

void t.test('an edit between the first look at the files and the watching is seen', { timeout: 200_000 }, async t => {
  const at = place({ 'menu.yaml': menu(1) })
  t.teardown(() => at.remove())
  const fault: Fault = { write: { path: join(at.folder, 'menu.yaml'), text: menu(2) } }
  const server = await serve(at, { ...faulty, env: { FAULT: JSON.stringify(fault) } })
  t.teardown(() => server.end('SIGKILL'))
  await becomes(server, 2)
})

void t.test('bad, bad, good; signal, request and edit at once; a stop in the middle; a process that slept', { timeout: 200_000 }, async t => {
  const { at, server } = await started(t, { 'menu.yaml': menu(1) })
  for (const text of [menu(2, 'nowhere'), menu(3, 'elsewhere'), menu(4)]) save(at, text)
  await becomes(server, 4)
  save(at, menu(5, 'nowhere'))
  await until('it is refused', async () => (await reload(server)).status === 422, PATIENCE)
  save(at, menu(6, 'elsewhere'))
  t.equal((await reload(server)).status, 422)
  save(at, menu(7))
  server.child.kill('SIGHUP')
  t.match(await Promise.all([reload(server), reload(server)]), [{ status: 200 }, { status: 200 }])
  t.equal(await timeoutNow(server), 7, 'who asks for a reload meets what was saved before')

  server.child.kill('SIGSTOP')
  for (const timeout of [8, 9]) save(at, menu(timeout))
  server.child.kill('SIGCONT')
  await becomes(server, 9)
  save(at, menu(10))
  server.child.kill('SIGHUP')
  t.match(await server.end('SIGTERM'), { status: 0, signal: null })
  const again = await serve(at)
  t.teardown(() => again.end('SIGKILL'))
  t.equal(await timeoutNow(again), 10)
})

void t.test('several servers on the same files and data', { timeout: 200_000 }, async t => {
  const env = { TONVAL_SECRET: 'the secret of both servers' }
  const { at, server: one } = await started(t, { 'menu.yaml': menu(1) }, { env })
  const two = await serve(at, { env })
  t.teardown(() => two.end('SIGKILL'))
  const begun = await one.call('menu')
  for (const timeout of [2, 3]) {
    save(at, menu(timeout))
    await Promise.all([becomes(one, timeout), becomes(two, timeout)])
  }
  await one.end('SIGKILL')
  const third = await serve(at, { env })
  t.teardown(() => third.end('SIGKILL'))
  const path = new URL(String(begun.json['next'])).pathname
  const answers = await Promise.all([two, third].map(server => ask(server.voice + path, { body: 'result=1', headers: { host: 'voice.example' } })))
  t.match(answers[0], { status: 200, json: { play: String } }, 'a call goes on at a server that did not answer it before')
  t.equal(answers[0]?.text, answers[1]?.text)
  const sound = new URL(String(answers[0]?.json['play'])).pathname
  t.equal((await ask(two.voice + sound, { method: 'GET' })).status, 200)
})

void t.test('a flow that answers a line outlives its file, over restarts too, until another lists the line', { timeout: 200_000 }, async t => {
  const { at, server } = await started(t, { 'menu.yaml': lined(1), 'other.yaml': menu(2) })
  rmSync(join(at.folder, 'menu.yaml'))
  t.match(await reload(server), { status: 422, json: { problems: [{ code: 'line-unanswered' }, {}] } })
  t.equal(await timeoutNow(server), 1)
  await server.end('SIGTERM')
  const again = await serve(at)
  t.teardown(() => again.end('SIGKILL'))
  t.equal(await timeoutNow(again), 1)
  t.match(again.stdout(), /OLD VERSION: menu\./)
  save(at, lined(3), 'other.yaml')
  await until('the other one answers the line', () => again.lines().find(line => Object.keys(line['live'] ?? {}).join() === 'other'), PATIENCE)
  t.match(await reload(again), { status: 200, json: { flows: [{ name: 'other' }] } })
  const elsewhere = join(at.root, 'elsewhere')
  mkdirSync(elsewhere)
  writeFileSync(join(elsewhere, 'sole.yaml'), 'start: bye\nstates:\n  bye: { play: sound/beep, next: end }\n')
  const moved = await serve({ ...at, folder: elsewhere })
  t.teardown(() => moved.end('SIGKILL'))
  t.notMatch(moved.stdout(), /other/, 'the flows of another folder are not kept')
})
