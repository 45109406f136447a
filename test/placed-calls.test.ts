/** Calls that flows place, over real HTTP: the carrier is asked to ring, whoever answers meets a flow, and another one runs when nobody does. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { carrierApi, PASSWORD, USER } from './outbox/carrier-api.ts'
import type { Sent } from './outbox/carrier-api.ts'
import { ask, run, until } from './serve/running.ts'
import type { Answer, Files, Json } from './serve/running.ts'

type Test = import('tap').Test

/** A server with an account, and the carrier that it asks. */
async function house(t: Test, files?: Files, env: Readonly<Record<string, string>> = {}) {
  const carrier = await carrierApi()
  const server = await run({ ...(files === undefined ? {} : { files }), args: ['--public-url', 'https://voice.example'], env: { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base, ...env } })
  t.teardown(async () => {
    await server.stop()
    await carrier.close()
  })
  const post = (address: unknown, body: string): Promise<Answer> => ask(String(address).replace('https://voice.example', server.voice), { body })
  const placed = (count: number): Promise<Sent> => until(`${count} calls are placed`, () => carrier.sent.filter(one => one.what === 'calls')[count - 1])
  const texts = (count: number): Promise<Sent[]> => until(`${count} SMS are sent`, () => { const all = carrier.sent.filter(one => one.what === 'sms'); return all.length >= count ? all : undefined })
  const said = (text: string): Promise<Json> => until(`the log says: ${text}`, () => server.lines.find(line => String(line['msg']).includes(text)))
  return { carrier, server, post, placed, texts, said }
}

const over = ({ id, fields: { from = '', to = '' } }: Sent, state: string): string => `id=${id}&from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&direction=outgoing&state=${state}`
const answers = ({ id, fields: { from = '', to = '' } }: Sent): string => `callid=${id}&from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}&direction=outgoing&result=newoutgoing`

void t.test('the alarm that we ship: the first one does not answer, the second one declines, the third one takes it', { timeout: 120_000 }, async t => {
  const { carrier, server, post, placed, texts } = await house(t)
  const first = await server.call('alarm', 'callid=c1&from=%2B46701740699&to=%2B46846500500&direction=incoming&result=newincoming')
  t.match(first, { status: 200, json: { play: /thank-you/ } }, 'whoever calls hears at once that it is taken care of')
  const one = await placed(1)
  t.match(one.fields, { from: '+46846500500', to: '+46701740651', timeout: '25', voice_start: /^https:\/\/voice\.example\/voice\/alarm-duty\/[\w-]+$/, whenhangup: /^https:\/\/voice\.example\/hangup\/[\w-]+$/ })
  t.equal((await post(one.fields['whenhangup'], over(one, 'failed'))).status, 204)
  const two = await placed(2)
  t.match(two.fields, { from: '+46846500500', to: '+46701740652', timeout: '25' }, 'the next one is rung from the same line')
  t.equal((await post(one.fields['whenhangup'], over(one, 'failed'))).status, 204, 'the carrier tells again')
  const asked = await post(two.fields['voice_start'], answers(two))
  t.match(asked, { status: 200, json: { ivr: /accept/ } })
  const declined = await post(asked.json['next'], `callid=${two.id}&result=2`)
  t.match(declined.json, { play: /next/ })
  t.equal((await post(declined.json['whenhangup'], over(two, 'success'))).status, 204)
  const three = await placed(3)
  t.equal(three.fields['to'], '+46701740653')
  const taken = await post((await post(three.fields['voice_start'], answers(three))).json['next'], `callid=${three.id}&result=1`)
  t.match(taken.json, { play: /yours/ })
  t.equal((await post(taken.json['whenhangup'], over(three, 'success'))).status, 204)
  t.match((await texts(2)).map(({ fields }) => [fields['to'], fields['message']]).sort(), [['+46701740653', 'The alarm came from +46701740699. Please call back.'], ['+46701740699', /Somebody takes care/]])
  t.equal(carrier.sent.filter(sent => sent.what === 'calls').length, 3, 'nobody is rung twice, and nobody more')
})

const RINGS = `start: ring
numbers: ["+46846500400"]
states:
  ring:
    send:
      call: { to: "+46701740601", flow: meets, with: { who: "{{caller}}" }, unanswered: { flow: missed, with: { who: "{{caller | last4}}" } } }
    next: bye
  bye: { play: sound.wav, next: end }
`
const MEETS = 'start: hi\ninputs: { who: text }\nstates:\n  hi: { play: sound.wav, next: end }\n'
const TELLS = `start: find
inputs: { who: text }
states:
  find: { fetch: "http://HOST/desk", save: { desk: phone }, next: whom, on: { failed: nobody } }
  whom: { route: [{ when: { value: "{{desk}}", empty: true }, goto: nobody }, { goto: desk }] }
  desk: { send: { sms: { to: "{{desk}}", from: Example, text: "{{called}} did not answer for {{who}}" } }, next: end }
  nobody: { send: { sms: { to: "+46701740609", from: Example, text: "no desk for {{who}}" } }, next: end }
`

void t.test('nobody answers: what is done then, once however often it is told, whatever other programs reply', { timeout: 120_000 }, async t => {
  const replies: (string | undefined)[] = ['{ "phone": "+46701740608" }', undefined, '{}']
  const receiver = createServer((_request, response) => {
    const reply = replies.shift()
    if (reply === undefined) response.destroy()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(reply)
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  t.teardown(() => { receiver.close() })
  const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
  const { server, carrier, post, placed, texts } = await house(t, { 'rings.yaml': RINGS, 'meets.yaml': MEETS, 'missed.yaml': TELLS.replace('HOST', host) }, { TONVAL_FETCH_HOSTS: host })
  t.same(server.first.refused, {})
  const expected = [['+46701740608', '+46701740601 did not answer for 0699'], ['+46701740609', 'no desk for 0699'], ['+46701740609', 'no desk for 0699']]
  for (const index of expected.keys()) {
    await server.call('rings', `callid=c${index}&from=%2B46701740699&to=%2B46846500400&direction=incoming&result=newincoming`)
    const call = await placed(index + 1)
    t.equal((await post(call.fields['whenhangup'], over(call, 'busy'))).status, 204)
    t.match((await texts(index + 1)).map(({ fields }) => [fields['to'], fields['message']]), expected.slice(0, index + 1))
  }
  const [call] = carrier.sent.filter(one => one.what === 'calls') as [Sent]
  replies.push('{ "phone": "+46701740608" }')
  t.equal((await post(call.fields['whenhangup'], over(call, 'busy'))).status, 204)
  const { json } = await ask(`${server.admin}/api/outbox?state=all`, { method: 'GET' })
  t.equal((json['items'] as Json[]).filter(one => one['kind'] === 'sms').length, 3, 'told again, nothing is new')
  t.match(server.lines.filter(line => line['msg'] === 'call not answered').map(line => [line['call'], line['flow'], line['state']]), [[call.id, 'meets', 'busy'], [String, 'meets', 'busy'], [String, 'meets', 'busy'], [call.id, 'meets', 'busy']])
})

void t.test('the end of a call that somebody answered, and of one whose flow has gone', { timeout: 120_000 }, async t => {
  const { server, carrier, post, placed, said } = await house(t, { 'rings.yaml': RINGS, 'meets.yaml': MEETS, 'missed.yaml': TELLS.replace(/ {2}find.*\n.*\n.*\n/, '').replace('start: find', 'start: nobody') })
  await server.call('rings', 'callid=c1&from=%2B46701740699&to=%2B46846500400&direction=incoming&result=newincoming')
  const call = await placed(1)
  t.match(await post(call.fields['voice_start'], answers(call)), { status: 200, json: { play: /sound\.wav/ } })
  t.equal((await post(call.fields['whenhangup'], over(call, 'success'))).status, 204, 'at the address that the carrier was given first')
  t.equal((await post(call.fields['voice_start'], answers({ ...call, id: 'c9' }))).status, 200, 'one that the carrier repeats under another id')
  t.equal((await post(`${server.voice}/hangup/${'x'.repeat(80)}`, over(call, 'failed'))).status, 403)
  t.equal(carrier.sent.filter(one => one.what === 'sms').length, 0, 'nobody is told of a call that was answered')

  const { rmSync, writeFileSync } = await import('node:fs')
  writeFileSync(`${server.folder}/rings.yaml`, RINGS.replace(/, unanswered:.*\}\n {4}next/, ' }\n    next'))
  rmSync(`${server.folder}/missed.yaml`)
  t.equal((await ask(`${server.admin}/api/reload`)).status, 200)
  t.equal((await post(call.fields['whenhangup'], over(call, 'failed'))).status, 204)
  t.match(await said('there is no such flow for a call that nobody answered'), { level: 50, flow: 'missed', call: call.id })
})
