/** The carrier's side over real HTTP: a request of a call gets an action whatever is wrong with it, and nobody else gets anything. */
import t, { type Test } from 'tap'
import { buildApp } from '../src/serve/app.ts'
import { createTokens } from '../src/carrier/recent.ts'
import { createSealer } from '../src/carrier/seal.ts'
import { voiceKey } from '../src/carrier/voice-key.ts'
import { validateAction } from '../src/emulator/validate-action.ts'
import type { ServeParts } from '../src/serve/parts.ts'
import { ask, CALLID, FIRST, run, SECRET, speak, until } from './serve/running.ts'
import type { Answer, Asked, Json } from './serve/running.ts'
import { pino } from 'pino'

const MENU = `
start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: sound.wav, digits: 2, timeout: 5, repeat: 2, on: { 12: voicemail, 34: sales, noinput: bye, nomatch: bye } }
  sales: { connect: "+46701740601", timeout: 20, on: { failed: voicemail } }
  voicemail: { record: true, timelimit: 30, next: bye }
  bye: { play: sound.wav, skippable: false, next: end }
`
const OTHER = 'start: bye\nstates:\n  bye: { play: sound.wav, next: end }\n'

const server = await run({ files: { 'menu.yaml': MENU, 'other.yaml': OTHER }, env: { TONVAL_SECRET: `${SECRET},the secret of last year` }, args: ['--trust-proxy', '127.0.0.1'] })
t.teardown(() => server.stop())
const { voice } = server

const first = await server.call('menu')
const next = String(first.json['next'])
const hangup = String(first.json['whenhangup'])
const recorded = await ask(next, { body: `callid=${CALLID}&result=12` })
const recording = String((recorded.json['next'] as Json)['record'])
const token = next.slice(next.lastIndexOf('/') + 1)

let strangers = 0
/** As from an address of its own each time: who is refused too often is told to wait. */
const stranger = (): Record<string, string> => ({ 'x-forwarded-for': `10.1.${++strangers >> 8}.${strangers & 255}` })

function isAction(t: Test, answer: Answer, name: string): void {
  t.equal(answer.status, 200, name)
  t.match(answer.headers['content-type'], /^application\/json/, name)
  const complaints: string[] = []
  validateAction(answer.json, (code, message) => complaints.push(`${code} ${message}`))
  t.strictSame(complaints, [], name)
  t.equal(['ivr', 'play', 'connect', 'record', 'hangup'].filter(key => key in answer.json).length, 1, `${name}: one action`)
}

function isRefused(t: Test, answer: Answer, status: number, name: string): void {
  t.equal(answer.status, status, name)
  t.match(answer.headers['content-type'], /^application\/problem\+json/, name)
  t.strictSame(Object.keys(answer.json), ['type', 'title', 'status'], `${name}: nothing of ours`)
  t.ok(answer.headers['x-request-id'], name)
}

void t.test('the answers of a call', async t => {
  t.equal(first.text, `{"ivr":"${String(first.json['ivr'])}","digits":2,"timeout":5,"repeat":2,"next":"${voice}/voice/menu/${token}","whenhangup":"${voice}/hangup/${token}"}`)
  t.match(first.json['ivr'], new RegExp(`^${voice}/audio/[0-9a-f]{32}/sound\\.wav$`))
  t.strictSame(Object.keys(recorded.json), ['play', 'next', 'whenhangup'])
  t.strictSame(Object.keys(recorded.json['next'] as Json), ['record', 'timelimit', 'next'])
  t.match(recording, `${voice}/recording/`)
  t.not(recording.slice(-20), hangup.slice(-20), 'a recording has a token of its own')
  const connect = await ask(next, { body: 'result=34' })
  t.strictSame({ ...connect.json, next: '', whenhangup: '' }, { connect: '+46701740601', timeout: 20, next: '', whenhangup: '' })
  t.equal((await ask(String(connect.json['next']), { body: 'result=success' })).json['hangup'], 'reject')
  for (const body of [FIRST, FIRST.replace('callid', 'id'), 'result=newincoming']) isAction(t, await server.call('menu', body), body)
  t.equal((await server.call('menu')).text, first.text, 'the same request, the same answer')
})

void t.test('routes and keys', async t => {
  const key = server.key('menu')
  const byLine = (line: string, more = '') => ({ body: `callid=${CALLID}&from=%2B46701740699&to=${encodeURIComponent(line)}${more}` })
  const rows: [name: string, path: string, asked: Asked, status: number][] = [
    ['by the flow', `/voice/menu?key=${key}`, { body: FIRST }, 200],
    ['a key of last year', `/voice/menu?key=${voiceKey('the secret of last year', 'menu')}`, { body: FIRST }, 200],
    ['a key among other parameters', `/voice/menu?a=1&key=${key}&b=%zz&__proto__=1`, { body: FIRST }, 200],
    ['two keys: the first counts', `/voice/menu?key=${key}&key=x`, { body: FIRST }, 200],
    ['two keys, the first wrong', `/voice/menu?key=x&key=${key}`, { body: FIRST }, 403],
    ['no key', '/voice/menu', { body: FIRST }, 403],
    ['an empty key', '/voice/menu?key=', { body: FIRST }, 403],
    ['a wrong key', `/voice/menu?key=${key.slice(0, -1)}~`, { body: FIRST }, 403],
    ['a key and more', `/voice/menu?key=${key}A`, { body: FIRST }, 403],
    ['the key of another flow', `/voice/menu?key=${server.key('other')}`, { body: FIRST }, 403],
    ['the key of no flow', `/voice/menu?key=${server.key('')}`, { body: FIRST }, 403],
    ['a key in the body only', '/voice/menu', { body: `${FIRST}&key=${key}` }, 403],
    ['an unknown flow', '/voice/nothing?key=x', { body: FIRST }, 403],
    ['an unknown flow with its key', `/voice/nothing?key=${server.key('nothing')}`, { body: FIRST }, 404],
    ['a flow named as a property', `/voice/__proto__?key=${server.key('__proto__')}`, { body: FIRST }, 404],
    ['by the line', `/voice?key=${server.key('')}`, byLine('+46846500400'), 200],
    ['by the line that calls out', `/voice?key=${server.key('')}`, { body: 'callid=c1&direction=outgoing&from=%2B46846500400&to=%2B46701740699' }, 200],
    ['by a line that nobody answers', `/voice?key=${server.key('')}`, byLine('+46846500499'), 404],
    ['by the line, without its key', '/voice', byLine('+46846500400'), 403],
    ['by the line, with a flow\'s key', `/voice?key=${key}`, byLine('+46846500400'), 403],
    ['no flow', '/voice/', { body: FIRST }, 403],
    ['one part too many', `/voice/menu/${token}/x`, { body: FIRST }, 404],
    ['somewhere else', '/', { body: FIRST }, 404],
    ['a name that begins alike', '/voices', { method: 'GET' }, 404],
    ['get', `/voice/menu?key=${key}`, { method: 'GET' }, 405],
    ['put', `/voice/menu?key=${key}`, { method: 'PUT', body: 'x' }, 405],
    ['options', `/voice/menu/${token}`, { method: 'OPTIONS' }, 405],
    ['delete', `/hangup/${token}`, { method: 'DELETE' }, 405],
    ['propfind', `/voice/menu/${token}`, { method: 'PROPFIND' }, 405],
    ['post a sound', new URL(String(first.json['ivr'])).pathname, {}, 405],
    ['post health', '/health', {}, 405],
  ]
  for (const [name, path, asked, status] of rows) {
    const answer = await ask(voice + path, { ...asked, headers: stranger() })
    if (status === 200) isAction(t, answer, name)
    else isRefused(t, answer, status, name)
    t.equal(answer.headers['allow'] !== undefined, status === 405, name)
  }
})

void t.test('a token that is not ours, or not for this', async t => {
  const rows: [name: string, address: string, body?: string][] = [
    ...[...token].map((char, at): [string, string] => [`character ${at}`, `${voice}/voice/menu/${token.slice(0, at)}${char === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`]),
    ['cut', next.slice(0, -1)], ['longer', `${next}A`], ['padded', `${next}=`], ['twice', `${next}${token}`], ['garbage', `${voice}/voice/menu/garbage`],
    ['3,900 characters', `${voice}/voice/menu/${'A'.repeat(3900)}`],
    ['of another flow', `${voice}/voice/other/${token}`], ['of no flow', `${voice}/voice/nothing/${token}`],
    ['of a recording', recording.replace('/recording/', '/voice/menu/')], ['of a recording, at the end', recording.replace('/recording/', '/hangup/')],
    ['of a call, at a recording', hangup.replace('/hangup/', '/recording/')],
    ['with another call', next, 'callid=c2&result=12'], ['the first of several counts', next, `callid=c2&callid=${CALLID}`], ['as id', next, 'id=c2'],
    ['hangup with another call', hangup, 'id=c2'], ['recording of another call', recording, 'callid=c2'],
    ['sealed by a stranger', `${voice}/voice/menu/${createSealer(['another secret entirely']).seal('call', 'c1')}`],
  ]
  for (const [name, address, body = `callid=${CALLID}&result=12`] of rows) isRefused(t, await ask(address, { body, headers: stranger() }), 403, name)
  isRefused(t, await ask(`${voice}/voice/menu/${'A'.repeat(4500)}`), 414, 'longer than any address')
  isRefused(t, await ask(`${voice}/voice/menu/`), 403, 'none')
  isAction(t, await ask(next, { body: `callid=${CALLID}&callid=c2&result=12` }), 'the first of several is ours')
})

void t.test('whatever is wrong with a body, a call gets its action', async t => {
  const form = 'application/x-www-form-urlencoded'
  const bodies: [name: string, asked: Asked][] = [
    ['none', { body: null }], ['empty', { body: '' }], ['fields missing', { body: 'x=1' }], ['repeated fields', { body: 'result=12&result=99&why=a&why=b&from=1&from=2' }],
    ['__proto__', { body: '__proto__=1&__proto__[x]=2&constructor=3&toString=4&hasOwnProperty=5&result=__proto__' }],
    ['NUL', { body: 'result=%00&from=\u0000&to=%00' }], ['invalid UTF-8', { body: Buffer.from('result=\xff\xfe&from=%ff%c3', 'latin1') }], ['broken percents', { body: 'result=%zz&from=%&to=%2' }],
    ['only separators', { body: '&&&===&=&;' }], ['30,000 fields', { body: 'a=1&'.repeat(15_000) }], ['64 KiB', { body: `result=12&x=${'x'.repeat(65_536 - 12)}` }],
    ['over 64 KiB', { body: `result=12&x=${'x'.repeat(65_536)}` }], ['1 MiB', { body: Buffer.alloc(2 ** 20, 'a') }], ['20 MiB', { body: Buffer.alloc(20 * 2 ** 20, 'a') }],
    ['a result of 60 KB', { body: `result=${'1'.repeat(60_000)}` }], ['results that mean something elsewhere', { body: 'result=constructor&why=__proto__' }],
    ['JSON', { body: '{"result":"12"}', headers: { 'content-type': 'application/json' } }], ['broken JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['multipart', { body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } }], ['an odd type', { body: 'result=12', headers: { 'content-type': ';;;/' } }],
    ['an empty type', { body: 'result=12', headers: { 'content-type': '' } }], ['a type with a charset', { body: 'result=12', headers: { 'content-type': `${form.toUpperCase()}; charset=UTF-8` } }],
    ['gzip, it says', { body: 'result=12', headers: { 'content-encoding': 'gzip' } }], ['an unknown expectation', { body: 'result=12', headers: { expect: 'the-unexpected' } }],
    ['a host of nonsense', { body: 'result=12', headers: { host: 'a"b<c' } }], ['an upgrade', { body: 'result=12', headers: { connection: 'upgrade', upgrade: 'websocket' } }],
  ]
  for (const [name, { headers = {}, body = null }] of bodies) {
    // each sender has connections of its own: one who sends too much is not heard to the end
    for (const [where, address] of [['first', `${voice}/voice/menu?key=${server.key('menu')}`], ['next', next]] as const) {
      if (body !== null && body.length > 10 * 2 ** 20) continue
      const answer = await ask(address, { body, headers: { connection: 'close', ...headers } }).catch((error: Error) => error)
      if (answer instanceof Error) {
        // the client refuses to send it; bytes are sent below
        t.match(answer.message, /expect header|upgrade header|connection header/i, name)
      } else isAction(t, answer, `${name}, ${where}`)
    }
    if (name === 'an upgrade' || name === 'an unknown expectation') continue
    const answer = await ask(`${voice}/voice/menu/garbage`, { body, headers: { ...stranger(), ...headers } }).catch((error: Error) => error)
    if (!(answer instanceof Error)) isRefused(t, answer, 403, `${name}, without a token`)
  }
  const reported: [body: string, says: string][] = [
    ['result=12', 'record'], ['result=12%23', 'record'], ['result=34', 'connect'], ['result=34&result=12', 'connect'], ['result=', 'play'], ['', 'play'],
    ['result=failed&why=noinput', 'play'], ['result=failed', 'play'], ['result=newincoming', 'play'], ['result=9', 'play'],
  ]
  for (const [body, says] of reported) t.match((await ask(next, { body })).text, `"${says}"`, body)
  t.match((await ask(next, { body: 'result=34', headers: { 'content-type': `${form}; charset=UTF-8` } })).text, '"connect"')
  t.match((await ask(next, { body: `result=34&x=${'x'.repeat(65_536 - 12)}` })).text, '"connect"', '64 KiB are read')
  t.match((await ask(next, { body: `result=34&x=${'x'.repeat(65_536)}` })).text, '"play"', 'more counts as nothing')
})

void t.test('bytes as they are', async t => {
  const path = new URL(next).pathname
  const { host } = new URL(voice)
  const body = 'result=34'
  const head = (start: string, lines: string[] = []): string => [start, 'Content-Type: application/x-www-form-urlencoded', ...lines, '', ''].join('\r\n')
  const length = `Content-Length: ${body.length}`
  const close = ['Connection: close', length]
  const rows: [name: string, bytes: string, says: RegExp][] = [
    ['HTTP/1.0 without a host', head(`POST ${path} HTTP/1.0`, [length]) + body, new RegExp(`^HTTP/1\\.1 200 [^]*"connect"[^]*"next":"http://${host}/`)],
    ['HTTP/1.1 without a host', head(`POST ${path} HTTP/1.1`, close) + body, /^HTTP\/1\.1 200 [^]*"connect"/],
    ['an absolute address', head(`POST http://elsewhere.example${path} HTTP/1.1`, [`Host: ${host}`, ...close]) + body, /^HTTP\/1\.1 200 [^]*"connect"/],
    ['chunks', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, 'Connection: close', 'Transfer-Encoding: chunked']) + '3\r\nres\r\n6\r\nult=34\r\n0\r\n\r\n', /^HTTP\/1\.1 200 [^]*"connect"/],
    ['chunks without a type', `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nresult=34\r\n0\r\n\r\n`, /^HTTP\/1\.1 200 [^]*"connect"/],
    ['100-continue', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, 'Expect: 100-continue', ...close]) + body, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [^]*"connect"/],
    ['another expectation', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, 'Expect: more', ...close]) + body, /^HTTP\/1\.1 200 [^]*"connect"/],
    ['an upgrade', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, 'Connection: upgrade, close', 'Upgrade: websocket', length]) + body, /^HTTP\/1\.1 200 [^]*"connect"/],
    ['three in a row', (head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, length]) + body).repeat(2) + head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, ...close]) + body, /^(HTTP\/1\.1 200 [^]*"connect"[^]*){3}$/],
    ['a host of nonsense', head(`POST ${path} HTTP/1.1`, ['Host: a"b<c', ...close]) + body, new RegExp(`^HTTP/1\\.1 200 [^]*"next":"http://${host}/`)],
    ['a broken percent in the path', head('POST /voice/%zz HTTP/1.1', [`Host: ${host}`, ...close]) + body, /^HTTP\/1\.1 400 Bad Request\r\n[^]*x-request-id[^]*"title":"Bad Request"/i],
    ['headers of 40 KB', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, `X: ${'x'.repeat(40_000)}`, length]) + body, /^HTTP\/1\.1 431 Request Header Fields Too Large\r\n[^]*problem\+json/],
    ['no HTTP', 'GARBAGE\r\n\r\n', /^HTTP\/1\.1 400 Bad Request\r\n[^]*problem\+json/],
    ['two lengths', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, length, 'Content-Length: 1']) + body, /^HTTP\/1\.1 400 /],
    ['a length and chunks', head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, length, 'Transfer-Encoding: chunked']) + body, /^HTTP\/1\.1 400 /],
    ['a method of nobody', head('FROBNICATE / HTTP/1.1', [`Host: ${host}`]), /^HTTP\/1\.1 400 /],
  ]
  for (const [name, bytes, says] of rows) t.match(await speak(voice, bytes), says, name)
  // a connection that breaks off in the middle of a body: nobody to answer, and no step
  const steps = server.steps.length
  t.match(await speak(voice, head(`POST ${path} HTTP/1.1`, [`Host: ${host}`, 'Content-Length: 100']) + body, true), /^HTTP\/1\.1 400 /)
  t.equal((await ask(`${voice}/health`, { method: 'GET' })).status, 200)
  t.equal(server.steps.length, steps)
})

/** The carrier's side alone, with parts that are broken. */
async function broken(t: Test, parts: Partial<ServeParts>): Promise<string> {
  const { app } = await buildApp({
    flows: { live: { flows: server.live(), numbers: new Map() }, version: hash => [...server.live().values()].find(flow => flow.version === hash), fetch: async () => undefined },
    sounds: { sound: () => undefined, folder: server.root }, tokens: createTokens(createSealer([SECRET])), isKey: () => true, log: pino({ enabled: false }), logStep: () => undefined, logNotice: () => undefined,
    publicUrl: undefined, trustProxy: [], allowFrom: [], now: Date.now, version: '1', ...parts,
  })
  t.teardown(() => app.close())
  return app.listen({ port: 0, host: '127.0.0.1' })
}

void t.test('a slow body does not keep a caller waiting', async t => {
  const origin = await broken(t, { patience: 20 })
  const answer = speak(origin, `POST ${new URL(next).pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nresult=3`)
  t.match(await answer, /^HTTP\/1\.1 200 [^]*"play"/, 'what did not arrive counts as nothing')
})

void t.test('a server whose speech starts takes calls, and is not ready for more', async t => {
  let isReady = false
  const origin = await broken(t, { speech: { engine: 'x', make: async () => ({ trouble: 'none' }), isReady: () => isReady } })
  t.match(await ask(`${origin}/ready`, { method: 'GET' }), { status: 503, json: { status: 'the speech engine starts', flows: server.live().size } })
  t.match(await ask(origin + new URL(next).pathname, { body: 'result=3' }), { status: 200 })
  isReady = true
  t.match(await ask(`${origin}/ready`, { method: 'GET' }), { status: 200, json: { status: 'ready' } })
})

void t.test('whatever breaks on our side, a call gets an action', async t => {
  const fail = (): never => { throw new Error('broken by a test') }
  const live = { flows: server.live(), numbers: new Map<string, never>() }
  const none = { flows: new Map<string, never>(), numbers: new Map<string, never>() }
  const rows: [name: string, parts: Partial<ServeParts>, says: RegExp][] = [
    ['the version is lost: on_error of the live one, which here is a hang-up', { flows: { live, version: () => undefined, fetch: async () => undefined } }, /^\{"hangup":"reject","whenhangup":/],
    ['the store breaks', { flows: { live, version: () => undefined, fetch: async () => fail() } }, /^\{"hangup":"reject","whenhangup":/],
    ['the version is lost, and the flow gone', { flows: { live: none, version: () => undefined, fetch: async () => undefined } }, /^\{"hangup":"reject"\}$/],
    ['looking a version up breaks', { flows: { live, version: fail, fetch: async () => undefined } }, /^\{"hangup":"reject"\}$/],
    ['sealing breaks', { tokens: { ...createTokens(createSealer([SECRET])), seal: fail } }, /^\{"hangup":"reject"\}$/],
    ['the clock breaks', { now: fail }, /^\{"hangup":"reject"\}$/],
    ['the log breaks', { logStep: fail }, /^\{"connect":"\+46701740601",/],
  ]
  for (const [name, parts, says] of rows) {
    const answer = await ask(await broken(t, parts) + new URL(next).pathname, { body: 'result=34' })
    isAction(t, answer, name)
    t.match(answer.text, says, name)
  }
})

void t.test('20 MiB at once', async t => {
  const head = `POST ${new URL(next).pathname} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${20 * 2 ** 20}\r\n\r\n`
  t.match(await speak(voice, Buffer.concat([Buffer.from(head), Buffer.alloc(20 * 2 ** 20, 'a')])), /^HTTP\/1\.1 200 [^]*"play"/)
})

void t.test('notices', async t => {
  const rows: [name: string, address: string, body: string][] = [
    ['the end', hangup, `id=${CALLID}&state=success&duration=12&cost=1500&actions=%5B%5D&legs=%5B%5D`], ['again', hangup, `id=${CALLID}`], ['with nothing', hangup, ''],
    ['with nonsense', hangup, 'state=%00&duration=-1&cost=x'], ['a recording', recording, `callid=${CALLID}&duration=5&wav=https%3A%2F%2Fapi.46elks.com%2Fa1%2FRecordings%2F${CALLID}-r0.wav`],
  ]
  for (const [name, address, body] of rows) {
    const answer = await ask(address, { body })
    t.equal(answer.status, 204, name)
    t.equal(answer.text, '', name)
  }
  const line = await until('the recording is noted', () => server.lines.find(line => line['msg'] === 'recording'))
  t.match(line, { call: CALLID, flow: 'menu', seconds: 5, recording: `${CALLID}-r0` })
})

void t.test('request ids, and what the log may hold', async t => {
  t.equal((await ask(next, { body: 'result=12', headers: { 'x-request-id': 'abc-1.2_3' } })).headers['x-request-id'], 'abc-1.2_3')
  for (const odd of ['a b', 'x'.repeat(65), '"', 'å']) {
    const given = (await ask(next, { body: 'result=12', headers: { 'x-request-id': Buffer.from(odd).toString('latin1') } })).headers['x-request-id']
    t.match(given, /^[\w-]{3,64}$/, odd)
  }
  const text = JSON.stringify(server.lines)
  for (const secret of [token, server.key('menu'), '+46701740699', '46846500400', SECRET]) t.notOk(text.includes(secret), 'nothing secret')
  t.notOk(server.lines.some(line => Number(line['level']) >= 50), 'and nothing broke')
})
