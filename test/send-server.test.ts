/** Calls that send, against a server over real sockets: what is stored when, what a repeated, late or forged notice does, and what callers notice. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { ask, CALLID, FIRST, run, until } from './serve/running.ts'
import type { Answer, Json, Running } from './serve/running.ts'

type Test = import('tap').Test
interface Kept { readonly id: string; readonly kind: string; readonly state: string; readonly item: string; readonly to: string; readonly why: string | null }

const NOTICE = `callid=${CALLID}&from=%2B46701740699&to=%2B46846500400&direction=incoming`
const OVER = `id=${CALLID}&from=%2B46701740699&to=%2B46846500400&direction=incoming&state=success&duration=95&legs=${encodeURIComponent('[{"to":"+46701740605","state":"success","duration":40},{"to":"+46701740606","state":"failed","duration":1}]')}`
const RECORDED = `${NOTICE}&duration=9&created=2026-11-22T10:00:20.5&wav=${encodeURIComponent(`https://api.46elks.com/a1/Recordings/${CALLID}-r0.wav`)}`

/** A server, and a program that it posts to. */
async function house(t: Test, flow: (host: string) => string, more: Readonly<Record<string, string>> = {}) {
  const posted: Json[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => { body += text }).on('end', () => {
      posted.push(JSON.parse(body) as Json)
      response.writeHead(200).end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const server = await run({ files: { 'line.yaml': flow(host), ...more }, env: { TONVAL_FETCH_HOSTS: host } })
  t.teardown(async () => {
    await server.stop()
    receiver.close()
  })
  t.same(server.first.refused, {})
  return { server, posted, kept: () => keptBy(server) }
}

async function keptBy(server: Running): Promise<readonly Kept[]> {
  const { json } = await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })
  return json['items'] as Kept[]
}

const address = ({ json }: Answer, key: string): string => String(json[key])

void t.test('stored before the answer leaves, once however often it is asked for', async t => {
  const { server, kept } = await house(t, () => `start: menu
states:
  menu: { ivr: sound.wav, on: { 1: tell, noinput: end, nomatch: end, failed: end } }
  tell: { send: { sms: { to: ["{{caller}}", "+46701740605"], from: Example, text: "Hi" } }, next: bye }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  t.same(await kept(), [])
  const answers = [await ask(address(first, 'next'), { body: `${NOTICE}&result=1` })]
  t.same((await kept()).map(one => [one.kind, one.item]), [['sms', 'tell.send.0'], ['sms', 'tell.send.0']])
  answers.push(...await Promise.all([1, 2, 3].map(() => ask(address(first, 'next'), { body: `${NOTICE}&result=1` }))))
  t.equal(new Set(answers.map(one => one.text)).size, 1, 'the same answer, byte for byte')
  t.equal((await kept()).length, 2)
  await ask(address(first, 'next'), { body: `${NOTICE}&result=failed&why=noinput` })
  t.equal((await kept()).length, 2, 'another report of the same action sends nothing that is there')
})

void t.test('the end of a call: with the newest values, once', async t => {
  const { server, posted, kept } = await house(t, host => `start: ask
on_hangup: { post: { url: "http://${host}/", json: { word: "{{word}}", by: "{{call.answered_by}}", talk: "{{call.talk_seconds}}", took: "{{call.seconds}}", state: "{{call.state}}" } } }
states:
  ask: { ivr: sound.wav, save: word, next: bye, on: { noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  const second = await ask(address(first, 'next'), { body: `${NOTICE}&result=7` })
  t.not(address(first, 'whenhangup'), address(second, 'whenhangup'), 'each action has its own')
  t.equal((await ask(address(second, 'whenhangup'), { body: OVER })).status, 204)
  await until('it was posted', () => posted.length > 0)
  t.same(posted, [{ word: '7', by: '+46701740605', talk: '40', took: '95', state: 'success' }])
  for (const one of [second, first, second]) t.equal((await ask(address(one, 'whenhangup'), { body: OVER })).status, 204, 'told again')
  t.equal((await kept()).length, 1)
  t.equal((await ask(address(second, 'whenhangup'), { body: OVER.replace(CALLID, 'cother') })).status, 403, 'another call')
  const late = await ask(address(first, 'next'), { body: `${NOTICE}&result=8` })
  t.equal(late.status, 200, 'a request after the end is answered')
  t.equal((await ask(address(late, 'whenhangup'), { body: OVER })).status, 204)
  t.equal((await kept()).length, 1)
})

void t.test('recordings: before the end of the call and after it, repeated, of a state and of the whole call', async t => {
  const { server, kept } = await house(t, () => `start: voicemail
recordcall: { deliver: { email: { to: all@example.com, subject: "All of {{caller}}" } } }
states:
  voicemail: { record: sound.wav, deliver: { email: { to: desk@example.com, subject: "{{recording.seconds}} s", attach: recording } }, next: end }
`)
  const first = await server.call('line')
  const [whole, record] = [address(first, 'recordcall'), String((function find(json: Json): unknown { return json['record'] ?? find(json['next'] as Json) })(first.json))]
  t.match(whole, /\/recording\//)
  t.match(record, /\/recording\//)
  t.not(whole, record)
  t.equal((await ask(record, { body: RECORDED })).status, 204)
  t.equal((await ask(address(first, 'whenhangup'), { body: OVER })).status, 204)
  t.equal((await ask(whole, { body: RECORDED.replace('-r0', '-r1') })).status, 204, 'after the end')
  for (const one of [record, record]) t.equal((await ask(one, { body: RECORDED })).status, 204)
  t.same((await kept()).map(one => [one.kind, one.item]).sort(), [['email', 'recordcall.deliver.0'], ['email', 'voicemail.deliver.0']])
  t.equal((await ask(record, { body: RECORDED.replace(encodeURIComponent('https://api.46elks.com'), encodeURIComponent('https://elsewhere.example')) })).status, 204, 'an address that is not the carrier\'s is heard')
  t.equal((await kept()).filter(one => one.item.startsWith('voicemail')).length, 1)
})

void t.test('what a sensitive ivr saved is in no log line and no listing', async t => {
  const { server, kept } = await house(t, () => `start: ask
states:
  ask: { ivr: sound.wav, digits: 4, save: pin, sensitive: true, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { send: { sms: { to: "+46701740605", from: Example, text: "pin {{pin}}" } }, next: bye }
  bye: { play: sound.wav, next: end }
`)
  const first = await server.call('line')
  await ask(address(first, 'next'), { body: `${NOTICE}&result=4711` })
  t.equal((await kept()).length, 1)
  t.notMatch(JSON.stringify([server.lines, await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' }).then(one => one.text)]), /4711/)
})

void t.test('a caller whose call cannot be stored goes on', async t => {
  const { server } = await house(t, () => `start: tell
states:
  tell: { send: { sms: { to: "{{caller}}", from: Example, text: "Hi" } }, next: bye }
  bye: { play: sound.wav, next: end }
`)
  const answer = await server.call('line', FIRST.replace('%2B46701740699', 'anonymous'))
  t.equal(answer.status, 200)
  t.match(answer.json, { play: /sound\.wav$/ })
})
