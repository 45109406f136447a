/** Sends as a server does, in a process that a test may kill: what it is to put, and how fast its clock runs, it is told in the environment. */
import { pino } from 'pino'
import { startSending } from '../../src/cli/sending.ts'
import type { Item } from '../../src/run/effect.ts'
import { until as untilWithin } from '../serve/running.ts'

export interface Orders {
  readonly data: string
  readonly base: string
  readonly smtp: string
  readonly host: string
  readonly items: readonly Item[]
  /** How much faster than the real one its clock runs. */
  readonly speed: number
}

const until = (look: () => boolean | Promise<boolean>): Promise<unknown> => untilWithin('it is done', look, 120_000)
const { data, base, smtp, host, items, speed } = JSON.parse(process.env['ORDERS'] ?? '') as Orders
const began = Date.now()
const sending = await startSending({
  data, hosts: [host], secret: 'the secret of these tests', log: pino({ level: 'silent' }), now: () => began + (Date.now() - began) * speed, live: () => new Map(), publish: () => undefined,
  settings: { account: { base, username: process.env['ELKS_USERNAME'] ?? '', password: process.env['ELKS_PASSWORD'] ?? '' }, mail: { url: smtp, from: 'us@example.se' }, dialAllow: ['+'], limits: { caller: 0, day: 0 }, keepDays: 1 },
  keepCalls: 0, watched: () => false, told: () => undefined,
  addresses: () => ({ voiceStart: 'https://x.example/voice/alarm', whenhangup: 'https://x.example/hangup/1' }), aged: () => undefined,
})
await sending.outbox.put(items)
// the first word of a slow machine may be that the store has not answered yet
await until(() => sending.outbox.holding.held === 0 || sending.outbox.holding.trouble?.includes('full') === true)
process.stdout.write(`${JSON.stringify({ held: sending.outbox.holding.held, trouble: sending.outbox.holding.trouble })}\n`)
await until(() => sending.outbox.holding.held === 0)
await until(async () => (await sending.store.list(['waiting', 'sending', 'doubt'], 10)).every(one => one.state === 'doubt' && one.next === null))
process.stdout.write(JSON.stringify(await sending.store.list(['sent', 'failed', 'doubt', 'skipped', 'dropped'], 10)))
await sending.stop()
