/** Records of calls in a real server: killed under load only the last moment of trace is missing; with a full disk calls go on. */
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import { dial } from './serve/line.ts'
import type { Line } from './serve/line.ts'
import { place, serve } from './serve/process.ts'
import { ask, until } from './serve/running.ts'

const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const MENU = `start: menu
states:
  menu: { ivr: sound.wav, on: { 1: hours, 2: end, noinput: end, nomatch: end, failed: end } }
  hours: { play: sound.wav, on: { success: menu, failed: end } }
`
/** Milliseconds of trace that a crash may take. */
const LOST = 100
const CALLERS = 6

/** How late the clock of this process was at worst: the server is on the same machine. */
function stalls() {
  let worst = 0
  let last = performance.now()
  const timer = setInterval(() => {
    worst = Math.max(worst, performance.now() - last - 10)
    last = performance.now()
  }, 10)
  return { worst: () => worst, stop: () => clearInterval(timer) }
}

void t.test('kill -9 under load', { timeout: 240_000 }, async t => {
  const there = place({ 'menu.yaml': MENU })
  t.teardown(() => there.remove())
  const server = await serve(there)
  /** When each step of each call was answered. */
  const answered = new Map<string, number[]>()
  let killed = Infinity
  const stall = stalls()
  const caller = async (): Promise<void> => {
    while (killed === Infinity) {
      const line: Line = await dial(server, 'menu')
      const times = [Date.now()]
      answered.set(line.id, times)
      for (let i = 0; i < 6; i++) {
        const { status } = await line.report(i % 2 === 0 ? '1' : 'ok')
        if (status !== 200) throw new Error(`answered with ${status}`)
        times.push(Date.now())
      }
    }
  }
  const callers = Promise.all(Array.from({ length: CALLERS }, () => caller().catch((error: unknown) => { if (killed === Infinity) throw error })))
  const count = (): number => [...answered.values()].reduce((sum, times) => sum + times.length, 0)
  await Promise.race([until('there is load', () => count() > 1500, 120_000), callers])
  killed = Date.now()
  const { signal } = await server.end('SIGKILL')
  await callers
  stall.stop()
  t.equal(signal, 'SIGKILL')

  const store = await openSqliteStore(there.data)
  t.teardown(() => store.close())
  const late: number[] = []
  let gaps = 0
  for (const [id, times] of answered) {
    const found = await store.call(id)
    const steps = found?.steps ?? []
    gaps += steps.filter((step, index) => step.moves[0]?.from !== (index === 0 ? '' : index % 2 === 1 ? 'menu' : 'hours')).length
    late.push(...times.slice(steps.length).map(time => killed - time))
  }
  t.equal(gaps, 0, 'nothing is missing in the middle of a call')
  t.ok(late.every(before => before <= LOST + stall.worst()), `the steps that are missing were answered ${Math.max(0, ...late)} ms before the end at most; the machine stood still for ${Math.round(stall.worst())} ms`)
  t.ok(late.length < count() / 2, `${late.length} of ${count()} are missing`)
  const db = new Database(join(there.data, 'tonval.db'))
  t.strictSame(db.prepare('PRAGMA integrity_check').all(), [{ integrity_check: 'ok' }])
  db.close()
})

void t.test('a full disk', { timeout: 240_000 }, async t => {
  const there = place({ 'menu.yaml': MENU })
  const flag = join(there.root, 'full')
  const server = await serve(there, { env: { FULL: flag }, node: ['--import', pathToFileURL(resolve('build/test/outbox/full-disk.js')).href] })
  t.teardown(async () => {
    await server.end('SIGTERM')
    there.remove()
  })
  const metric = async (name: string): Promise<number> => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await ask(`${server.admin}/metrics`, { method: 'GET' })).text)?.[1])
  await dial(server, 'menu')
  await until('the first call is written', async () => (await metric('tonval_call_lines_waiting')) === 0)
  writeFileSync(flag, '')
  const lines: Line[] = []
  await until('the log says it', async () => {
    const line = await dial(server, 'menu')
    t.equal((await line.report('1')).status, 200, 'the call goes on')
    lines.push(line)
    return server.lines().some(one => /calls are not written down: the disk with .* is full: make room/.test(String(one['msg'])))
  })
  t.ok((await metric('tonval_call_lines_waiting')) > 0)
  rmSync(flag)
  await until('there is room again', async () => (await metric('tonval_call_lines_waiting')) === 0)
  t.equal(await metric('tonval_call_lines_lost'), 0)
  for (const { id } of lines) t.equal((await ask(`${server.admin}/api/calls/${id}`, { method: 'GET' })).json['steps'], 2)
})
