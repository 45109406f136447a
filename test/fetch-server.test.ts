/** `fetch` on a server, over HTTP on both sides: callers get their next action in time, whatever the other program does. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { MOST_FAILURES } from '../src/outbox/breaker.ts'
import { createAskOutside } from '../src/serve/ask-outside.ts'
import { openReach } from '../src/outbox/reachable.ts'
import type { Ask } from '../src/compile/asking.ts'
import { ask, CALLID, FIRST, run, SOUND, until } from './serve/running.ts'
import type { Json } from './serve/running.ts'

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** The other program: what it does is in the path. */
const asked: Asked[] = []
const held: (() => void)[] = []
let connections = 0
const crm = createServer((request, response) => {
  let body = ''
  request.on('data', chunk => { body += String(chunk) }).on('end', () => {
    const { method = '', url = '', headers } = request
    asked.push({ method, url, headers, body })
    reply(url.split('?')[0] ?? '', response)
  })
}).on('connection', () => { connections++ })
await new Promise<void>(resolve => crm.listen(0, '127.0.0.1', resolve))
t.teardown(() => { crm.closeAllConnections(); crm.close() })
const { port } = crm.address() as AddressInfo
const host = `127.0.0.1:${port}`

function reply(path: string, response: ServerResponse): void {
  const json = (value: unknown, status = 200): void => { response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(typeof value === 'string' ? value : JSON.stringify(value)) }
  switch (path) {
    case '/gold': return json({ customer: { tier: 'gold', desk: '+46701740661' } })
    case '/unknown': return json({ error: 'no such customer' }, 404)
    case '/fault': return json({}, 500)
    case '/page': return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    case '/broken': return json('{"customer":')
    case '/deep': return json(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
    case '/deep-object': return json(`${'{"customer":'.repeat(4000)}1${'}'.repeat(4000)}`)
    case '/long': return json({ customer: { tier: 'gold' }, more: 'x'.repeat(70_000) })
    case '/wide': return json({ customer: { tier: 'x'.repeat(2000) } })
    case '/problem': return void response.writeHead(200, { 'content-type': 'application/problem+json' }).end('\uFEFF{"customer":{"tier":"gold","desk":"+46701740661"}}')
    case '/away': return void response.writeHead(302, { location: 'http://169.254.169.254/gold' }).end()
    case '/reset': response.socket?.resetAndDestroy(); return
    case '/silent': return
    case '/held': held.push(() => json({ customer: { tier: 'gold', desk: '+46701740661' } })); return
    case '/drip': {
      response.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
      return
    }
    default: return json({})
  }
}

const PATHS = ['gold', 'unknown', 'fault', 'page', 'broken', 'deep', 'deep-object', 'long', 'wide', 'problem', 'away', 'reset', 'silent', 'held', 'drip', 'else']
const lookup = (path: string): string => `start: who
on_error: trouble
states:
  who: { fetch: "http://${host}/${path}", timeout: 1, query: { phone: "{{caller}}" }, save: { desk: customer.desk, tier: customer.tier }, answer: customer.tier, on: { gold: adviser, "404": new, failed: menu }, next: plain }
  adviser: { connect: "{{desk}}", timeout: 21, on: { failed: menu } }
  new: { connect: "+46701740602", timeout: 22, on: { failed: menu } }
  plain: { connect: "+46701740603", timeout: 23, on: { failed: menu } }
  trouble: { connect: "+46701740605", timeout: 25, on: { failed: end } }
  menu: { ivr: sound.wav, on: { 1: who, noinput: end, nomatch: end, failed: end } }
`
const TWICE = `start: ask
on_error: end
vars: { key: { env: CRM_KEY }, login: { env: CRM_LOGIN } }
states:
  ask: { ivr: sound.wav, digits: 4, min: 1, save: entered, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { fetch: "http://${host}/tell/{{entered}}", headers: { Authorization: "Bearer {{key}}" }, json: { caller: "{{caller}}", digits: "{{entered}}", tries: 2 }, on: { failed: ask }, next: then }
  then: { fetch: "http://{{login}}@${host}/then", method: PUT, form: { state: "{{state}}" }, on: { failed: ask }, next: bye }
  bye: { play: sound.wav, next: end }
`
const SLOW = `start: a
states:
  a: { fetch: "http://${host}/silent", timeout: 3, on: { failed: b }, next: end }
  b: { fetch: "http://${host}/silent", timeout: 3, on: { failed: c }, next: end }
  c: { fetch: "http://${host}/gold", on: { failed: bye }, next: end }
  bye: { play: sound.wav, next: end }
`
const CLOSED = `start: a
states:
  a: { fetch: "http://localhost:${port}/gold", on: { failed: bye }, next: end }
  bye: { play: sound.wav, next: end }
`
const PLAIN = 'start: bye\nstates:\n  bye: { play: sound.wav, next: end }\n'

const server = await run({
  files: { 'sound.wav': SOUND, ...Object.fromEntries(PATHS.map(path => [`p-${path}.yaml`, lookup(path)])), 'twice.yaml': TWICE, 'slow.yaml': SLOW, 'closed.yaml': CLOSED, 'plain.yaml': PLAIN },
  env: { TONVAL_FETCH_HOSTS: `crm.example.com, ${host}`, CRM_KEY: 's3cret-of-ours', CRM_LOGIN: 'user:pass%20word' },
})
t.teardown(() => server.stop())

const fetches = (): Json[] => server.lines.filter(line => line['msg'] === 'fetch')

void t.test('the next action is always right', async t => {
  const rows: [path: string, number: string | undefined, outcome: object][] = [
    ['gold', '+46701740661', { status: 200, reply: 'json' }], ['unknown', '+46701740602', { status: 404 }], ['problem', '+46701740661', { status: 200 }],
    ['else', '+46701740603', { status: 200 }], ['fault', undefined, { status: 500 }], ['page', undefined, { status: 200, reply: 'other' }], ['broken', undefined, { status: 200, reply: 'other' }],
    ['deep', '+46701740603', { status: 200, reply: 'json' }], ['deep-object', '+46701740603', { status: 200 }], ['long', undefined, { failed: 'too-large' }], ['wide', '+46701740605', { status: 200 }],
    ['away', undefined, { failed: 'redirected-away' }], ['reset', undefined, { failed: 'broken-off' }], ['silent', undefined, { failed: 'timeout' }], ['drip', undefined, { failed: 'timeout' }],
  ]
  for (const [path, number, outcome] of rows) {
    const before = fetches().length
    const answer = await server.call(`p-${path}`)
    t.equal(answer.status, 200, path)
    t.equal(answer.json['connect'], number, path)
    if (number === undefined) t.match(answer.json['ivr'], /sound\.wav$/, path)
    const line = fetches()[before]
    t.match(line, { call: CALLID, flow: `p-${path}`, state: 'who', host, ms: Number, ...outcome }, `${path} in the log`)
    t.equal(line?.['level'], 'failed' in outcome ? 40 : 30, 'a warning where nobody replied')
    t.notOk(JSON.stringify(line).includes('46701740699'), 'no number of a caller')
  }
  const reasons = server.steps.flatMap(({ step }) => step.trace.flatMap(line => (line.reason === undefined ? [] : [line.reason])))
  t.same(reasons, ['status-500', 'no-json', 'no-json', 'too-large', 'redirected-away', 'broken-off', 'timeout', 'timeout'])
})

void t.test('what is asked, and that the same request asks the same again', async t => {
  asked.length = 0
  const first = await server.call('twice')
  const next = String(first.json['next'])
  t.equal(asked.length, 0, 'nothing is asked before it is needed')
  const answer = await ask(next, { body: `callid=${CALLID}&result=4711` })
  t.match(answer.json['play'], /sound\.wav$/)
  const again = await ask(next, { body: `callid=${CALLID}&result=4711` })
  t.equal(again.text, answer.text, 'the same answer, byte for byte')
  t.same(asked.map(({ method, url, body }) => `${method} ${url} ${body}`), [
    'POST /tell/4711 {"caller":"+46701740699","digits":"4711","tries":2}', 'PUT /then state=then',
    'POST /tell/4711 {"caller":"+46701740699","digits":"4711","tries":2}', 'PUT /then state=then',
  ])
  const [tell, then, tellAgain] = asked as [Asked, Asked, Asked]
  t.match(tell.headers, { 'authorization': 'Bearer s3cret-of-ours', 'content-type': 'application/json', 'accept': 'application/json', 'user-agent': 'tonval', 'accept-encoding': 'identity', 'idempotency-key': /^[\w-]{22}$/ })
  t.equal(then.headers['authorization'], `Basic ${Buffer.from('user:pass word').toString('base64')}`)
  t.equal(tellAgain.headers['idempotency-key'], tell.headers['idempotency-key'])
  t.not(then.headers['idempotency-key'], tell.headers['idempotency-key'])
  await ask(next, { body: `callid=${CALLID}&result=4712` })
  t.not(asked[4]?.url, tell.url)
  const written = JSON.stringify([server.lines, server.steps.map(line => line.step.trace)])
  for (const secret of ['s3cret', 'pass', '4711', '46701740699']) t.notOk(JSON.stringify(fetches()).includes(secret), `no ${secret} in the lines of fetch`)
  t.notOk(written.includes('s3cret-of-ours'))
})

void t.test('a host that is not allowed is not asked', async t => {
  asked.length = 0
  const answer = await server.call('closed')
  t.match(answer.json['play'], /sound\.wav$/)
  t.equal(asked.length, 0)
  t.match(fetches().at(-1), { failed: 'not-allowed', detail: `TONVAL_FETCH_HOSTS does not list localhost:${port}` })
})

void t.test('who waits for a reply keeps nobody else waiting', async t => {
  await server.call('p-gold')
  const waiting = Array.from({ length: 20 }, (_, index) => server.call('p-held', FIRST.replace(CALLID, `c${index}`)))
  await until('all are asked', () => held.length === 20)
  for (let i = 0; i < 50; i++) t.match((await server.call('plain')).json['play'], /sound\.wav$/)
  t.equal(held.length, 20, 'nobody was let go before')
  for (const go of held.splice(0)) go()
  for (const answer of await Promise.all(waiting)) t.equal(answer.json['connect'], '+46701740661')
})

void t.test('all that one request asks takes four seconds at most', async t => {
  const before = performance.now()
  const answer = await server.call('slow')
  const took = performance.now() - before
  t.match(answer.json['play'], /sound\.wav$/)
  const [a, b, c] = fetches().slice(-3) as [Json, Json, Json]
  t.match([a['failed'], b['failed']], ['timeout', 'timeout'])
  t.match(c, { state: 'c', failed: /timeout|left-alone/ })
  t.ok(Number(a['ms']) + Number(b['ms']) < 4500 && took >= 3900, `${took} ms`)
})

void t.test('figures', async t => {
  const text = (await ask(`${server.admin}/metrics`, { method: 'GET' })).text
  const figure = (outcome: string, label = host): number => Number(new RegExp(`^tonval_fetches_total\\{host="${label}",outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  t.ok(figure('replied') > 10)
  t.ok(figure('timeout') >= 4)
  t.equal(figure('not-allowed', 'not allowed'), 1)
  t.match(text, /^tonval_fetch_duration_seconds_count\{host="127\.0\.0\.1:\d+"\} \d+$/m)
})

void t.test('a host that does not answer is left alone, and asked again later', async t => {
  const reach = openReach(['127.0.0.1'])
  t.teardown(() => reach.close())
  let now = 0
  const outside = createAskOutside(reach, () => now)
  const question = (path: string): Ask => ({ state: 's', method: 'GET', address: `http://${host}/${path}`, headers: {}, timeout: 20_000, key: 'k', takes: [] })
  for (let i = 0; i < MOST_FAILURES; i++) t.equal((await outside(question('reset'), 20_000)).outcome, 'broken-off')
  asked.length = 0
  t.match(await outside(question('gold'), 20_000), { outcome: 'left-alone', answer: { failed: 'left-alone' } })
  t.equal(asked.length, 0)
  now += 10_000
  t.match(await outside(question('gold'), 20_000), { outcome: 'replied', answer: { status: 200 } })
  for (let i = 0; i < 2 * MOST_FAILURES; i++) t.match(await outside(question('fault'), 20_000), { answer: { status: 500 } }, 'who says that something is wrong has answered')
  t.match(await outside(question('gold'), 0), { outcome: 'timeout' }, 'no time is left')
  t.match(await outside({ ...question('gold'), address: 'http://[' }, 20_000), { outcome: 'bad-address' })
  t.match(await outside({ ...question('gold'), headers: { 'x-bad': 'a\nb' } }, 20_000), { outcome: 'http' })
})

void t.test('connections are used again', async t => {
  const before = connections
  for (let i = 0; i < 30; i++) await server.call('p-gold')
  t.ok(connections - before <= 2, `${connections - before} new connections for 30 calls`)
})
