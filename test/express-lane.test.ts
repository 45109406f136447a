/** Requests that go past the router get the answers that it would give: two servers that differ in nothing else are asked the same. */
import fc from 'fast-check'
import t from 'tap'
import { Agent } from 'undici'
import { ask, CALLID, FIRST, run, speak } from './serve/running.ts'
import type { Answer, Asked, Json } from './serve/running.ts'

const files = {
  'menu.yaml': 'start: menu\nstates:\n  menu: { ivr: sound.wav, on: { 1: voicemail, noinput: menu2, nomatch: end, failed: end } }\n  menu2: { play: sound.wav, next: end }\n  voicemail: { record: true, beep: true, next: end }\n',
  'other.yaml': 'start: bye\nstates:\n  bye: { play: sound.wav, next: end }\n',
}
const args = ['--public-url', 'https://voice.example.com']
const past = await run({ files, args })
// a list of those who may ask is looked at on the usual way
const usual = await run({ files, args: [...args, '--allow-from', '127.0.0.1'] })
const agent = new Agent()
t.teardown(() => Promise.all([past.stop(), usual.stop(), agent.close()]))

const key = past.key('menu')
const first = await past.call('menu')
const tokenOf = (address: unknown): string => String(address).slice(String(address).lastIndexOf('/') + 1)
const token = tokenOf(first.json['next'])
const recorded = await ask(`${past.voice}/voice/menu/${token}`, { body: `callid=${CALLID}&result=1` })
const recording = tokenOf(recorded.json['record'] ?? (recorded.json['next'] as Json)['record'])

const told = ({ status, headers, text }: Answer): object => ({ status, text, type: headers['content-type'], length: headers['content-length'], allow: headers['allow'], kept: headers['x-request-id'] === 'mine', named: headers['x-request-id'] !== undefined })

async function same(path: string, asked: Asked): Promise<object> {
  const answers = await Promise.all([past, usual].map(server => ask(server.voice + path, { ...asked, headers: { 'x-request-id': 'mine', ...asked.headers } }, agent)))
  const [one, other] = answers.map(told)
  t.strictSame(one, other, `${asked.method ?? 'POST'} ${path.replaceAll(token, 'TOKEN')} ${JSON.stringify(String(asked.body).slice(0, 60))}`)
  return one as object
}

void t.test('every kind of request', async t => {
  const paths: [path: string, status: number][] = [
    [`/voice/menu?key=${key}`, 200], [`/voice/menu?key=${key.slice(1)}`, 403], ['/voice/menu?key=', 403], ['/voice/menu', 403], [`/voice/menu/?key=${key}`, 403], [`/voice/menu?x=1&key=${key}`, 200],
    [`/voice/menu?key=${key}&x=1`, 200], [`/voice/m%65nu?key=${key}`, 200], [`/voice/nobody?key=${past.key('nobody')}`, 404], [`/voice/other?key=${key}`, 403], [`/voice/__proto__?key=${key}`, 403],
    [`/voice/menu?key=${key}#x`, 200], [`/voice/menu?key=${key}/x`, 403], [`/voice?key=${past.key('')}`, 404],
    [`/voice/menu/${token}`, 200], [`/voice/other/${token}`, 403], [`/voice//${token}`, 403], [`/voice/menu/${token}x`, 403], [`/voice/menu/${token.slice(1)}`, 403], [`/voice/menu/${token}/`, 404],
    [`/voice/menu/${token}?x=1`, 200], [`/voice/menu/${recording}`, 403], [`/voice/menu/${'A'.repeat(3000)}`, 403], [`/voice/menu/${'A'.repeat(5000)}`, 414],
    [`/hangup/${token}`, 204], [`/hangup/${recording}`, 403], ['/hangup/', 403], ['/hangup', 404], [`/hangup/${token}/x`, 404],
    [`/recording/${recording}`, 204], [`/recording/${token}`, 403], ['/nothing', 404],
  ]
  for (const [path, status] of paths) {
    const answer = await same(path, { body: FIRST.replace('newincoming', '1') })
    t.match(answer, { status: [404, 403].includes(status) ? /40[34]/ : status }, path)
  }
  const bodies: Asked[] = [
    { body: null }, { body: '' }, { body: 'result=1' }, { body: 'callid=c9&result=1' }, { body: `callid=c9&callid=${CALLID}` }, { body: `id=${CALLID}&result=failed&why=noinput` }, { body: 'result=%zz&__proto__=1' },
    { body: '{"result":"1"}', headers: { 'content-type': 'application/json' } }, { body: Buffer.from([0xff, 0, 0xfe]) }, { body: `result=1&x=${'y'.repeat(70_000)}` }, { body: `x=${'y'.repeat(60_000)}&result=1` },
    { method: 'GET', body: null }, { method: 'PUT', body: 'result=1' }, { method: 'DELETE', body: null },
  ]
  for (const asked of bodies) for (const path of [`/voice/menu/${token}`, `/voice/menu?key=${key}`, `/hangup/${token}`]) await same(path, asked)
})

void t.test('any address', async () => {
  const part = fc.constantFrom('/voice', '/menu', '/', '?key=', key, token, recording, '/hangup', '/recording', '%', '&', 'menu', '..', ';', '%2f', '')
  await fc.assert(fc.asyncProperty(fc.array(part, { maxLength: 7 }), async parts => {
    const address = `/${parts.join('')}`
    if (URL.canParse(`http://x${address}`)) await same(address, { body: `callid=${CALLID}&result=1` })
  }), { numRuns: 60 })
})

void t.test('a body that comes in pieces, or never whole', async t => {
  const head = `POST /voice/menu/${token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n`
  for (const server of [past, usual]) {
    const chunked = await speak(server.voice, `${head}Transfer-Encoding: chunked\r\n\r\n6\r\nresult\r\n2\r\n=1\r\n0\r\n\r\n`)
    t.match(chunked, /^HTTP\/1\.1 200 [^]*\{"record":/, 'in pieces')
    t.notMatch(await speak(server.voice, `${head}Content-Length: 100\r\n\r\nresult=1`, true), / 200 /, 'broken off: nobody is there to be answered')
    t.match(await speak(server.voice, `${head}Expect: 100-continue\r\nContent-Length: 8\r\n\r\nresult=1`), /200 OK/, 'with an expectation')
  }
})

void t.test('refusals are counted', async t => {
  for (const server of [past, usual]) {
    const statuses = new Set<number>()
    for (let i = 0; i < 110; i++) statuses.add((await ask(`${server.voice}/voice/menu/${token}`, { body: 'callid=c9&result=1' }, agent)).status)
    t.ok(statuses.has(429), 'who is refused all the time is told to wait')
    t.equal((await ask(`${server.voice}/voice/menu/${token}`, { body: 'result=1' }, agent)).status, 200, 'a call is answered all the same')
  }
})
