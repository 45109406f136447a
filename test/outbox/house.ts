/** An outbox with doubles all around: a carrier, an e-mail server, a receiver of POST, and a clock that stands still until it is put on. */
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { createApi } from '../../src/carrier/api/api.ts'
import { callSender, smsSender } from '../../src/outbox/by-carrier.ts'
import { mailSender } from '../../src/outbox/by-mail.ts'
import { postSender } from '../../src/outbox/by-post.ts'
import { createDialGuard } from '../../src/outbox/dial-guard.ts'
import { itemId } from '../../src/outbox/incoming.ts'
import { createOutbox } from '../../src/outbox/outbox.ts'
import { openReach } from '../../src/outbox/reachable.ts'
import type { RecordingFile } from '../../src/outbox/recordings.ts'
import type { Item } from '../../src/run/effect.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'
import type { StoreError } from '../../src/store/store-error.ts'
import type { ItemState, Store, StoredItem } from '../../src/store/store.ts'
import { carrierApi, PASSWORD, USER } from './carrier-api.ts'
import { mailServer } from './mail.ts'
import { until } from '../serve/running.ts'
import type { Json } from '../serve/running.ts'

type Test = import('tap').Test
export const START = Date.UTC(2026, 10, 23, 10)
export const [MINUTE, HOUR] = [60_000, 3_600_000]
export const common = (key: string) => ({ key, item: 'sorry.send.0', flow: 'shop', call: 'c1', state: 'sorry' })
export const sms = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'sms', to: '+46701740601', from: '+46846500400', text: 'Sorry, nobody was here.', ...more })
export const email = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'email', to: 'desk@example.se', subject: 'A message', text: 'From +46701740601', ...more })
export const call = (key: string, more: object = {}): Item => ({ ...common(key), kind: 'call', to: '+46701740602', from: '+46846500400', runs: 'alarm', with: {}, ...more })

const WAITS: RecordingFile = { forGood: false, why: 'the recording is still with the carrier' }

export async function house(t: Test, { account = true, mail = true, breaks = false, allow = [], limits = { caller: 0, day: 0 }, publicUrl = true, file = WAITS }: { account?: boolean; mail?: boolean; breaks?: boolean; allow?: string[]; limits?: { caller: number; day: number }; publicUrl?: boolean; file?: RecordingFile } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'tonval-outbox-'))
  const clock = { now: START }
  const carrier = await carrierApi(() => clock.now)
  const smtp = await mailServer()
  const opened = await openSqliteStore(data)
  const trouble: { error: StoreError | undefined } = { error: undefined }
  const store = breaks ? new Proxy(opened, { get: (target, name: keyof Store) => (...args: never[]) => (trouble.error === undefined ? (target[name] as (...args: never[]) => unknown)(...args) : Promise.reject(trouble.error)) }) : opened
  const received: { headers: IncomingHttpHeaders; body: Buffer; url: string }[] = []
  const answers: (number | 'broken' | 'silent' | 'endless' | 'redirect')[] = []
  const receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks), url: request.url ?? '' })
      const answer = answers.shift() ?? 200
      const more = (): void => { if (!response.destroyed) response.write('x'.repeat(65_536), more) }
      if (answer === 'broken') response.destroy()
      else if (answer === 'endless') { response.writeHead(200); more() }
      else if (answer === 'redirect') response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end()
      else if (answer !== 'silent') response.writeHead(answer).end('thanks')
    })
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const reach = openReach([host])
  const lines: Json[] = []
  const log = pino({ level: 'debug' }, new PassThrough().on('data', (line: Buffer) => lines.push(JSON.parse(line.toString()) as Json)))
  const events: { state: string; id: string }[] = []
  const alarms: string[] = []
  const guard = createDialGuard({ allow: () => allow, limits, alarm: text => alarms.push(text) })
  const noFile = { file: async () => file }
  const mailer = mailSender(mail ? { url: smtp.url, from: 'Shop <us@example.se>' } : undefined, noFile)
  const byCarrier = { api: account ? createApi({ base: carrier.base, username: USER, password: PASSWORD }) : undefined, store, addresses: () => (publicUrl ? { voiceStart: 'https://x.example/voice/alarm?key=1', whenhangup: 'https://x.example/hangup/1' } : undefined) }
  const key = Buffer.from('the key of this test')
  const start = () => createOutbox({
    store, guard, log, now: () => clock.now, random: () => 0.5, owner: 'this', isGone: () => false, publish: (_event, data) => void events.push(data as { state: string; id: string }),
    senders: { sms: smsSender(byCarrier), call: callSender(byCarrier), email: mailer, post: postSender({ reach, recordings: noFile, key, now: () => clock.now }) },
  })
  const outbox = start()
  t.teardown(async () => {
    trouble.error = undefined
    await outbox.stop()
    mailer.close()
    receiver.closeAllConnections()
    receiver.close()
    await Promise.all([opened.close(), carrier.close(), smtp.close(), reach.close()])
    rmSync(data, { recursive: true, force: true })
  })
  const find = async (id: string): Promise<StoredItem | undefined> => (await opened.list(['waiting', 'sending', 'sent', 'failed', 'doubt', 'skipped', 'dropped'], 1000)).find(one => one.id === itemId(id))
  const becomes = (id: string, state: ItemState, attempts?: number): Promise<StoredItem> => until(`${id} is ${state}${attempts === undefined ? '' : ` after ${attempts}`}`, async () => {
    const item = await find(id)
    return item?.state === state && (attempts === undefined || item.attempts === attempts) ? item : undefined
  })
  const later = (milliseconds: number): void => {
    clock.now += milliseconds
    outbox.wake()
  }
  return { outbox, start, store: opened, carrier, smtp, received, answers, host, lines, events, alarms, guard, clock, trouble, key, find, becomes, later }
}
