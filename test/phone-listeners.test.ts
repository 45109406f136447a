/** Who listens to a test call: one that nobody listens to ends, and a listener who is slow or gone harms no call. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { OpenLine } from '../src/console/phone/line.ts'
import { createPhones } from '../src/console/phone/phones.ts'
import type { Phones } from '../src/console/phone/phones.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { checkText } from './flow-in-text.ts'
import { listen as webhook } from './emulator/webhook.ts'
import { until } from './serve/running.ts'
import { listen } from './serve/telephone.ts'

const served = checkText('start: hello\nstates:\n  hello: { play: hello.mp3, next: end }\n').served.get('test')
const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }
const ASK = { from: undefined, line: undefined, at: undefined, language: undefined, lines: {} }

/** The streams of telephones, on a port. */
async function streams(phones: Phones): Promise<{ readonly admin: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    if (!phones.listen(request.url?.split('/')[3] ?? '', response, Number(request.headers['last-event-id'] ?? 0))) response.writeHead(503).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { admin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => { server.closeAllConnections(); server.close() } }
}

void t.test('a call that nobody listens to ends', async t => {
  if (served === undefined) throw new Error('the flow is refused')
  const { flow, source } = served
  const hook = await webhook({ '/': { ivr: '$/1.wav', timeout: 30, repeat: 10, next: '$/' } })
  t.teardown(() => hook.close())
  let closed = 0
  const openLine: OpenLine = async () => ({ base: hook.base, start: `${hook.base}/`, close: async () => { closed++ } })
  const phones = createPhones({ patience: 1500, most: 2, heartbeat: 20 })
  const { admin, close } = await streams(phones)
  t.teardown(close)
  const begin = () => phones.begin({ ask: { ...ASK, flow }, source, openLine, settings: SETTINGS, switches: {} })

  const heard = await begin()
  if (heard === undefined) throw new Error('there is no room')
  const listener = await listen(admin, heard.id)
  const left = await begin()
  if (left === undefined) throw new Error('there is no room')
  t.equal(await begin(), undefined, 'two are the most here')
  await until('the call that nobody hears is let go', () => phones.find(left.id) === undefined)
  await until('its line, too', () => closed === 1)
  t.equal(left.call.over, true)
  t.equal(phones.find(heard.id), heard.call)
  await until('the other one is told of', () => listener.events.some(event => event.kind === 'awaits'))

  const many = await Promise.all(Array.from({ length: 8 }, () => listen(admin, heard.id)))
  t.strictSame(many.map(one => one.status).sort(), [...Array<number>(7).fill(200), 503], 'eight listen at most')
  for (const one of many) one.leave()
  listener.leave()
  await until('it ends with its last listener', () => phones.find(heard.id) === undefined)

  const last = await begin()
  const end = await listen(admin, String(last?.id))
  await phones.close()
  await until('a server that stops ends all', () => !end.open())
  t.equal(await begin(), undefined)
  t.equal(closed, 3)
})

void t.test('a line that cannot be opened leaves no call behind', async t => {
  if (served === undefined) throw new Error('the flow is refused')
  const phones = createPhones({ most: 1 })
  const begin = (openLine: OpenLine) => phones.begin({ ask: { ...ASK, flow: served.flow }, source: served.source, openLine, settings: SETTINGS, switches: {} })
  await t.rejects(begin(() => Promise.reject(new Error('no port'))), /no port/)
  await t.rejects(begin(() => Promise.reject(new Error('no port'))), /no port/, 'there is still room')
  await phones.close()
})
