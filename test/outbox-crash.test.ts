/** A process killed between every two steps of a send: each item is stored once, and sent once, or at most once and in doubt. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import type { Item } from '../src/run/effect.ts'
import type { StoredItem } from '../src/store/store.ts'
import { BARE_NODE, ENV } from './node.ts'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import { mailServer } from './outbox/mail.ts'
import { until } from './serve/running.ts'
import type { Orders } from './outbox/sender-process.ts'

const SENDER = resolve('build/test/outbox/sender-process.js')
const PROBES = ['crash-probe', 'full-disk'].flatMap(name => ['--import', pathToFileURL(resolve(`build/test/outbox/${name}.js`)).href])
const children = new Set<ReturnType<typeof spawn>>()
process.once('exit', () => { for (const child of children) child.kill('SIGKILL') })

/** Between every two steps: `asked` is when the receiver has the request and has done nothing, `done` when he has done it and said nothing. */
const POINTS = ['before put', 'after put', 'before claim', 'after claim', 'asked', 'done', 'before settle', 'after settle'] as const

/** What happens before a receiver is asked is the same for all: SMS walk through all points, the others through those that are their own. */
const OWN: Readonly<Record<Item['kind'], readonly string[]>> = { sms: POINTS, call: ['asked', 'done'], email: ['after claim', 'asked', 'done'], post: ['after claim', 'asked', 'done'] }

async function sender(orders: Orders, crash: string, full = '') {
  const child = spawn(ENV, [...BARE_NODE, ...PROBES, SENDER], { env: { ...process.env, CRASH: crash, FULL: full, ORDERS: JSON.stringify(orders), ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD }, stdio: ['ignore', 'pipe', 'inherit'] })
  children.add(child)
  let stdout = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  const ended = once(child, 'close').then(([status, signal]) => { children.delete(child); return { status: status as number | null, signal: signal as string | null, stdout } })
  return { child, ended, stdout: () => stdout }
}

const common = { key: 'one', item: 'sorry.send.0', flow: 'shop', call: 'c1', state: 'sorry' }

/** For each kind: the item, what the receiver has had, and how often he was asked. */
async function receivers() {
  const carrier = await carrierApi()
  const smtp = await mailServer()
  let posted = 0
  let onPost = (): void => undefined
  const receiver = createServer((request, response) => {
    request.resume().on('end', () => {
      onPost()
      posted++
      response.end()
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const items: Record<Item['kind'], Item> = {
    sms: { ...common, kind: 'sms', to: '+46701740601', from: '+46846500400', text: 'Sorry' },
    call: { ...common, kind: 'call', to: '+46701740601', from: '+46846500400', runs: 'alarm', with: {} },
    email: { ...common, kind: 'email', to: 'desk@example.se', subject: 'A message', text: 'Sorry' },
    post: { ...common, kind: 'post', url: `http://${host}/`, json: {} },
  }
  return {
    carrier, smtp, host, items,
    count: (kind: Item['kind']): number => (kind === 'email' ? smtp.messages.length : kind === 'post' ? posted : carrier.sent.length),
    whenPosted: (then: () => void) => { onPost = then },
    async close() {
      receiver.closeAllConnections()
      receiver.close()
      await Promise.all([carrier.close(), smtp.close()])
    },
  }
}

/** One process killed at a point, and a second one after it. */
async function killedAt(t: Test, kind: Item['kind'], point: string): Promise<void> {
  const world = await receivers()
  const data = mkdtempSync(join(tmpdir(), 'tonval-crash-'))
  const orders: Orders = { data, base: world.carrier.base, smtp: world.smtp.url, host: world.host, items: [world.items[kind]], speed: 1 }
  const first = await sender(orders, point.includes(' ') ? point : '')
  const kill = (): void => { first.child.kill('SIGKILL') }
  // the receiver is the one who notices; what he does with a request whose sender is gone is his business
  if (point === 'asked') {
    world.carrier.faults.push('broken')
    world.carrier.came = kill
    world.whenPosted(kill)
    if (kind === 'email') world.smtp.faults.push('silent-done')
  }
  if (point === 'done') {
    world.carrier.faults.push('silent-done')
    world.carrier.came = () => setImmediate(kill)
    world.whenPosted(() => setImmediate(kill))
    if (kind === 'email') world.smtp.faults.push('silent-done')
  }
  const watched = kind === 'email' && (point === 'asked' || point === 'done') ? setInterval(() => { if (world.smtp.messages.length > 0) kill() }, 5) : undefined
  const end = await first.ended
  clearInterval(watched)
  t.equal(end.signal, 'SIGKILL', `${point}: it was killed`)
  world.carrier.came = () => undefined
  world.whenPosted(() => undefined)
  // the carrier repeats its request: the same items once more
  const second = await sender({ ...orders, speed: 20 }, '')
  const { status, stdout } = await second.ended
  t.equal(status, 0)
  const items = JSON.parse(stdout.split('\n').at(-1) ?? '') as StoredItem[]
  t.equal(items.length, 1, `${point}: stored once`)
  const count = world.count(kind)
  if (items[0]?.state === 'sent') t.equal(count, 1, `${point}: sent once`)
  else {
    t.match(items[0], { state: 'doubt', next: null, why: /may have come, or not/ }, point)
    t.ok(count <= 1 && (kind === 'email' || kind === 'post'), `${point}: at most once, and in doubt`)
    t.ok(['after claim', 'asked', 'done', 'before settle'].includes(point), `${point}: only where nobody can know`)
  }
  await world.close()
  rmSync(data, { recursive: true, force: true })
}

// each waits for its clocks most of the time
for (const kind of ['sms', 'call', 'email', 'post'] as const) {
  void t.test(`${kind}: killed at every point`, { timeout: 300_000 }, async t => {
    await Promise.all(OWN[kind].map(point => killedAt(t, kind, point)))
  })
}

void t.test('a full disk: what was to be sent is kept in memory, and sent when there is room', { timeout: 300_000 }, async t => {
  const world = await receivers()
  const data = mkdtempSync(join(tmpdir(), 'tonval-full-'))
  t.teardown(async () => {
    await world.close()
    rmSync(data, { recursive: true, force: true })
  })
  const flag = join(data, 'full')
  writeFileSync(flag, '')
  const { ended, stdout } = await sender({ data, base: world.carrier.base, smtp: world.smtp.url, host: world.host, items: [world.items.sms], speed: 1 }, '', flag)
  t.match(JSON.parse(await until('the item is held', () => stdout().split('\n').slice(0, -1)[0], 120_000)), { held: 1, trouble: /the disk with .*tonval\.db is full: make room/ })
  t.equal(world.count('sms'), 0, 'nothing is sent that is not on the disk')
  rmSync(flag)
  t.equal((await ended).status, 0)
  t.equal(world.count('sms'), 1)
})
