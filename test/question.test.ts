/** Questions to other programs over real sockets: whatever they do, there is a reply of bounded size, or a reason, in time. */
import { createServer as createPlainServer } from 'node:net'
import type { AddressInfo, Server as PlainServer, Socket } from 'node:net'
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import type { Test } from 'tap'
import { createBreaker, MOST_FAILURES, PAUSE } from '../src/outbox/breaker.ts'
import { askQuestion } from '../src/outbox/question.ts'
import type { Limits, NoReply, Question, Reply } from '../src/outbox/question.ts'
import { openReach } from '../src/outbox/reachable.ts'
import type { Reach } from '../src/outbox/reachable.ts'

const LIMITS: Limits = { timeout: 20_000, bytes: 64 * 1024, redirects: 3 }
/** For those who never reply: what the reason is does not depend on it. */
const SOON: Limits = { ...LIMITS, timeout: 300 }

async function open(t: Test, server: PlainServer): Promise<string> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => { sockets.add(socket.on('error', () => undefined)) })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => { for (const socket of sockets) socket.destroy(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function reachFor(t: Test, ...hosts: readonly string[]): Reach {
  const reach = openReach(hosts.length === 0 ? ['127.0.0.1'] : hosts)
  t.teardown(() => reach.close())
  return reach
}

const question = (url: string, more: Partial<Question> = {}): Question => ({ method: 'GET', url: new URL(url), headers: {}, ...more })
const told = (reply: Reply | NoReply): string => ('trouble' in reply ? reply.trouble : `${reply.status} ${reply.type} ${reply.body.length > 40 ? `${reply.body.length} bytes` : reply.body.toString()}`)
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'

void t.test('what other programs do, written byte by byte', async t => {
  const rows: [name: string, does: (socket: Socket) => void, says: string, limits?: Limits][] = [
    ['a reply', socket => { socket.write(`${HEAD}Content-Length: 2\r\n\r\n{}`) }, '200 application/json {}'],
    ['in pieces', socket => { socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`); setImmediate(() => socket.write('1\r\n}\r\n0\r\n\r\n')) }, '200 application/json {}'],
    ['until it closes', socket => { socket.end(`${HEAD}Connection: close\r\n\r\n{}`) }, '200 application/json {}'],
    ['nothing in the body', socket => { socket.write('HTTP/1.1 204 No Content\r\n\r\n') }, '204  '],
    ['a type with parameters', socket => { socket.write('HTTP/1.1 200 OK\r\nContent-Type: Application/JSON; Charset=utf-8\r\nContent-Length: 2\r\n\r\n{}') }, '200 application/json {}'],
    ['a fault', socket => { socket.write('HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n') }, '500  '],
    ['silence', () => undefined, 'timeout', SOON],
    ['half a head, and silence', socket => { socket.write('HTTP/1.1 200 OK\r\nContent-') }, 'timeout', SOON],
    ['half a body, and silence', socket => { socket.write(`${HEAD}Content-Length: 20\r\n\r\n{`) }, 'timeout', SOON],
    ['a body drop by drop', socket => { socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`); drip(socket, '1\r\n \r\n') }, 'timeout', SOON],
    ['a head drop by drop', socket => { socket.write('HTTP/1.1 200 OK\r\n'); drip(socket, 'X: y\r\n') }, 'timeout', SOON],
    ['early hints without an end', socket => { drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n') }, 'timeout', SOON],
    ['half a body, and the end', socket => { socket.end(`${HEAD}Content-Length: 20\r\n\r\n{`) }, 'broken-off'],
    ['half a chunk, and the end', socket => { socket.end(`${HEAD}Transfer-Encoding: chunked\r\n\r\nf\r\n{`) }, 'broken-off'],
    ['half a head, and the end', socket => { socket.end('HTTP/1.1 200 OK\r\nConte') }, 'broken-off'],
    ['the end at once', socket => { socket.end() }, 'broken-off'],
    ['a reset', socket => { socket.resetAndDestroy() }, 'broken-off'],
    ['a reset in the body', socket => { socket.write(`${HEAD}Content-Length: 20\r\n\r\n{`, () => socket.resetAndDestroy()) }, 'broken-off'],
    ['no HTTP', socket => { socket.end('SSH-2.0-OpenSSH_9.2\r\n') }, 'http'],
    ['a head without an end', socket => { socket.on('error', () => undefined).write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}`) }, 'http'],
    ['a length that says too much', socket => { socket.write(`${HEAD}Content-Length: 65537\r\n\r\n{`) }, 'too-large'],
    ['an absurd length', socket => { socket.write(`${HEAD}Content-Length: 99999999999999999999\r\n\r\n{`) }, /too-large|broken-off|http/.source],
    ['a body without an end', socket => { socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`); pour(socket) }, 'too-large'],
    ['just as much as there may be', socket => { socket.write(`${HEAD}Content-Length: 65536\r\n\r\n${' '.repeat(65536)}`) }, '200 application/json 65536 bytes'],
    ['packed, although nobody asked', socket => { const packed = gzipSync(Buffer.alloc(50_000_000)); socket.write(`${HEAD}Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`); socket.write(packed) }, 'encoded'],
    ['two lengths', socket => { socket.write(`${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`) }, /broken-off|http/.source],
    ['another protocol', socket => { socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n') }, /broken-off|http/.source],
  ]
  for (const [name, does, says, limits = LIMITS] of rows) {
    const base = await open(t, createPlainServer(socket => { socket.once('data', () => does(socket)) }))
    const reply = await askQuestion(reachFor(t), question(base), limits)
    t.match(told(reply), new RegExp(`^(${says})$`), name)
    if ('trouble' in reply) t.ok(reply.detail.length > 0 && !reply.detail.includes('127.0.0.1:'), `${name}: ${reply.detail}`)
  }
})

function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 20)
  socket.on('close', () => clearInterval(timer)).on('error', () => undefined)
}

function pour(socket: Socket): void {
  const chunk = `1000\r\n${' '.repeat(0x1000)}\r\n`
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    if (!socket.destroyed) socket.once('drain', more)
  }
  socket.on('error', () => undefined)
  more()
}

void t.test('who cannot be reached', async t => {
  const gone = createPlainServer()
  await new Promise<void>(resolve => gone.listen(0, '127.0.0.1', resolve))
  const { port } = gone.address() as AddressInfo
  await new Promise(resolve => gone.close(resolve))
  t.equal(told(await askQuestion(reachFor(t), question(`http://127.0.0.1:${port}/`), LIMITS)), 'refused')
  t.match(await askQuestion(reachFor(t), question('http://other.example/'), LIMITS), { trouble: 'not-allowed', detail: 'TONVAL_FETCH_HOSTS does not list other.example' })
  const failing = (code: string) => openReach(['*', 'named.example'], (_name, then) => { setImmediate(() => then(Object.assign(new Error('no'), { code }), [])) })
  t.equal(told(await askQuestion(failing('ENOTFOUND'), question('http://named.example/'), LIMITS)), 'unknown-host')
  const inner = openReach(['*'], (_name, then) => { setImmediate(() => then(null, [{ address: '10.0.0.1', family: 4 }])) })
  t.match(await askQuestion(inner, question('http://named.example/'), LIMITS), { trouble: 'not-allowed', detail: /has the address 10\.0\.0\.1, which is not public/ })
  const silent = openReach(['named.example'], () => undefined)
  t.equal(told(await askQuestion(silent, question('http://named.example/'), SOON)), 'timeout', 'a name whose server does not answer')
  const plain = await open(t, createPlainServer(socket => { socket.end('no TLS here') }))
  t.match(told(await askQuestion(reachFor(t), question(plain.replace('http:', 'https:')), LIMITS)), /^(tls|http)$/)
})

async function listen(t: Test, answer: RequestListener): Promise<string> {
  return open(t, createServer(answer))
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

void t.test('redirects', async t => {
  const asked: string[] = []
  const base = await listen(t, (request, response) => {
    const seen = request.url ?? ''
    bodyOf(request).then(body => {
      asked.push(`${request.method} ${seen} ${body} ${request.headers['authorization'] ?? ''} ${request.headers['content-type'] ?? ''}`.trim())
      const [, status, to] = /^\/(\d+)\/(.*)$/.exec(seen) ?? []
      if (status === undefined) response.setHeader('content-type', 'application/json').end('"here"')
      else response.writeHead(Number(status), { location: decodeURIComponent(to ?? '') }).end('moved')
    }).catch(() => undefined)
  })
  const other = await listen(t, (request, response) => { asked.push(`other ${request.headers['authorization'] ?? ''}${String(request.headers['x-key'] ?? '')} ${request.headers['accept'] ?? ''}`.trim()); response.end() })
  const reach = reachFor(t, base.slice(7), other.slice(7), 'localhost')
  const to = (status: number, address: string): string => `${base}/${status}/${encodeURIComponent(address)}`
  const rows: [name: string, from: string, says: string, more?: Partial<Question>, limits?: Limits][] = [
    ['within the host', to(302, '/there'), '200 application/json "here"'],
    ['a whole address', to(301, `${base}/there`), '200 application/json "here"'],
    ['three of them', to(302, to(302, to(302, '/there'))), '200 application/json "here"'],
    ['four of them', to(302, to(302, to(302, to(302, '/there')))), 'redirects'],
    ['to itself, for ever', `${base}/302/`, 'redirects'],
    ['to a host that is not allowed', to(302, 'http://10.0.0.1/'), 'redirected-away'],
    ['to this machine by another address', to(302, 'http://127.1/'), 'redirected-away'],
    ['to another port of this machine', to(302, 'http://127.0.0.1:1/'), 'redirected-away'],
    ['to the metadata of a cloud', to(302, 'http://169.254.169.254/latest'), 'redirected-away'],
    ['to this machine by its IPv6 address', to(302, 'http://[::1]/'), 'redirected-away'],
    ['to a file', to(302, 'file:///etc/passwd'), 'redirected-away'],
    ['to nothing', to(302, 'http://'), 'redirected-away'],
    ['to another host that is allowed', to(307, `${other}/x`), '200  ', { headers: { authorization: 'Bearer secret', 'x-key': 'secret', accept: 'a/b' } }],
    ['a status that the flow takes as it is', to(302, '/there'), '302  moved', {}, { ...LIMITS, takes: [302] }],
    ['a POST that becomes a GET', to(302, '/there'), '200 application/json "here"', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b', authorization: 'k' } }],
    ['a POST that stays one', to(308, '/there'), '200 application/json "here"', { method: 'POST', body: 'x', headers: { 'content-type': 'a/b', authorization: 'k' } }],
    ['a PUT that becomes a GET', to(303, '/there'), '200 application/json "here"', { method: 'PUT', body: 'x' }],
    ['a status that is no redirect', to(304, '/there'), '304  '],
  ]
  for (const [name, from, says, more, limits = LIMITS] of rows) {
    asked.length = 0
    t.equal(told(await askQuestion(reach, question(from, more), limits)), says, name)
    if (name === 'a POST that becomes a GET') t.equal(asked[1], 'GET /there  k')
    if (name === 'a POST that stays one') t.equal(asked[1], 'POST /there x k a/b')
    if (name === 'to another host that is allowed') t.equal(asked[1], 'other  a/b', 'what only the first may know stays here')
    if (name.includes('not allowed')) t.equal(asked.length, 1)
  }
})

void t.test('a connection that was closed meanwhile is tried once more, and only where that does no harm', async t => {
  for (const [method, says, most] of [['GET', '200  here', 2], ['POST', 'broken-off', 1]] as const) {
    let asked = 0
    const base = await listen(t, (request, response) => {
      asked++
      if (asked === 1) request.socket.destroy()
      else response.end('here')
    })
    t.equal(told(await askQuestion(reachFor(t), question(base, { method, ...(method === 'POST' ? { body: 'x' } : {}) }), LIMITS)), says, method)
    t.equal(asked, most, method)
  }
})

void t.test('who does not answer several times in a row is left alone for a while', async t => {
  const breaker = createBreaker()
  for (let i = 1; i < MOST_FAILURES; i++) t.notOk(breaker.failed('a', i), `${i} failures`)
  t.ok(breaker.allows('a', 10))
  t.ok(breaker.failed('a', 10), 'now')
  t.notOk(breaker.failed('a', 10), 'told once')
  t.notOk(breaker.allows('a', 11))
  t.notOk(breaker.allows('a', 9 + PAUSE))
  t.ok(breaker.allows('b', 11), 'others are asked')
  t.ok(breaker.allows('a', 10 + PAUSE), 'a trial')
  t.notOk(breaker.allows('a', 10 + PAUSE), 'one, not many')
  breaker.failed('a', 20 + PAUSE)
  t.notOk(breaker.allows('a', 19 + 2 * PAUSE), 'another pause')
  t.ok(breaker.allows('a', 20 + 2 * PAUSE))
  breaker.answered('a')
  for (let i = 0; i < 10; i++) t.ok(breaker.allows('a', 20 + 2 * PAUSE))
  breaker.failed('c', 1)
  breaker.answered('c')
  for (let i = 1; i < MOST_FAILURES; i++) breaker.failed('c', 2)
  t.ok(breaker.allows('c', 3), 'in a row')
  for (let i = 0; i < 5000; i++) for (let j = 0; j < MOST_FAILURES; j++) breaker.failed(`host-${i}`, 1)
  t.ok(breaker.allows('host-0', 2), 'not all are remembered for ever')
  t.notOk(breaker.allows('host-4999', 2))
})
