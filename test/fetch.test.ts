/** `fetch` in a step: what is asked, and where each answer leads. Nobody is asked here. */
import fc from 'fast-check'
import t from 'tap'
import { textAt } from '../src/compile/asking.ts'
import type { Answer, Ask } from '../src/compile/asking.ts'
import type { Flow } from '../src/compile/flow.ts'
import type { First } from '../src/run/call.ts'
import { start, step } from '../src/run/step.ts'
import type { Step } from '../src/run/step.ts'
import { eventOf, FIRST, linkedIn, NOW, replyText } from './flow-in-text.ts'

const PLACES = ['gone', 'moved', 'gold', 'yes', 'seven', 'none', 'fine', 'broke', 'trouble']
const SHOWN = PLACES.map(name => `  ${name}: { play: "https://s.example/${name}?{{tier}}&{{list}}", next: end }\n`).join('')
const asking = (options: string, more = ''): string => `start: who\non_error: trouble\nstates:\n  before: { set: { tier: old, list: old }, next: who }\n  who: { fetch: "https://crm.example/customers", save: { tier: customer.tier, list: phones }, ${options} }\n${more}${SHOWN}`
const linked = (text: string): Flow => linkedIn(text)
const within = (...answers: readonly Answer[]) => ({ switches: new Map(), answers })
const begin = (flow: Flow, answers: readonly Answer[] = [], first: Partial<First> = {}): Step => start(flow, { ...FIRST, ...first }, NOW, within(...answers))
const json = (value: unknown, status = 200): Answer => ({ status, body: 'json', json: value })
const led = (made: Step): string => replyText(made.reply).replace('play https://s.example/', '').replace(' > end', '')

void t.test('where answers lead, and what is kept', async t => {
  const flow = linked(asking('answer: customer.kind, on: { "404": gone, "302": moved, "201": seven, gold: gold, "true": yes, "7": seven, "a,1": none, failed: broke }, next: fine'))
  const kind = (value: unknown): Answer => json({ customer: { kind: value } })
  const rows: [name: string, answer: Answer, leads: string, event: string][] = [
    ['nobody replied', { failed: 'timeout' }, 'broke?&', 'failed timeout'],
    ['the exact status', json({}, 404), 'gone?&', '404'],
    ['a status that is no key', json({}, 403), 'broke?&', 'failed status-403'],
    ['a fault of theirs', { status: 500, body: 'nothing' }, 'broke?&', 'failed status-500'],
    ['a redirect that is a key', { status: 302, body: 'nothing' }, 'moved?&', '302'],
    ['a redirect that is none', { status: 301, body: 'nothing' }, 'broke?&', 'failed status-301'],
    ['what came with a status that is a key', json({ customer: { tier: 'x' } }, 404), 'gone?x&', '404'],
    ['what came with a fault', json({ customer: { tier: 'x' } }, 500), 'broke?x&', 'failed status-500'],
    ['an exact status before the answer', json({ customer: { kind: 'gold', tier: 'x' } }, 201), 'seven?x&', '201'],
    ['the answer', kind('gold'), 'gold?&', 'gold'],
    ['an answer that is no key', kind('silver'), 'fine?&', 'success'],
    ['an answer in other letters', kind('Gold'), 'fine?&', 'success'],
    ['a truth value', kind(true), 'yes?&', 'true'],
    ['a number', kind(7), 'seven?&', '7'],
    ['a list', kind(['a', 1]), 'none?&', 'a,1'],
    ['an answer that is the word of a status', kind('404'), 'gone?&', '404'],
    ['an answer that says that it failed', kind('failed'), 'broke?&', 'failed answer'],
    ['an answer that is a word of the language', kind('next'), 'fine?&', 'success'],
    ['an object for an answer', kind({ gold: 1 }), 'fine?&', 'success'],
    ['no answer', json({}), 'fine?&', 'success'],
    ['words that every object has', kind('constructor'), 'fine?&', 'success'],
    ['texts, numbers, truth values', json({ customer: { tier: 'a b' }, phones: ['+1', 2, '3'] }), 'fine?a%20b&%2B1%2C2%2C3', 'success'],
    ['missing and null', json({ customer: null, phones: null }), 'fine?&', 'success'],
    ['an empty list', json({ customer: { tier: false }, phones: [] }), 'fine?false&', 'success'],
    ['an object where a text belongs', json({ customer: { tier: {} } }), 'broke?&', 'failed object'],
    ['the same with a status that is a key', json({ customer: { tier: {} } }, 404), 'broke?&', 'failed object'],
    ['a list of objects', json({ phones: [{}] }), 'broke?&', 'failed object'],
    ['nothing is kept of a reply that holds an object', json({ customer: { tier: 'x' }, phones: [[]] }), 'broke?&', 'failed object'],
    ['an empty body', { status: 204, body: 'nothing' }, 'fine?&', 'success'],
    ['what is no JSON', { status: 200, body: 'other' }, 'broke?&', 'failed no-json'],
    ['what is no JSON, with a status that is a key', { status: 404, body: 'other' }, 'gone?&', '404'],
    ['JSON that is a text', json('gold'), 'fine?&', 'success'],
    ['control characters', json({ customer: { tier: 'a\u0000\nb' } }), 'fine?a%20%20b&', 'success'],
  ]
  for (const [name, answer, leads, event] of rows) {
    const made = begin(flow, [answer])
    t.equal(led(made), leads, name)
    const line = made.trace.at(-1)
    t.equal(`${line?.event}${line?.reason === undefined ? '' : ` ${line.reason}`}`, event, `${name}: in the trace`)
    t.equal(made.broke, undefined, name)
  }
  const old = linked(asking('on: { failed: broke }, next: fine').replace('start: who', 'start: before'))
  t.equal(led(begin(old, [json({})])), 'fine?&', 'what is missing replaces what was there')
  t.equal(led(begin(old, [{ failed: 'refused' }])), 'broke?old&old', 'where nobody replied, nothing is replaced')
  t.equal(led(begin(old, [{ status: 200, body: 'other' }])), 'broke?old&old')
  const plain = linked(asking('on: { failed: broke }, next: fine').replace(' save: { tier: customer.tier, list: phones },', '').replace('{{tier}}&{{list}}', '').replaceAll('{{tier}}&{{list}}', ''))
  t.equal(led(begin(plain, [{ status: 200, body: 'other' }])), 'fine?', 'where nothing is wanted of it, the reply may be anything')
})

void t.test('`next` takes what is left and never what failed', async t => {
  const rows: [edges: string, good: string, bad: string][] = [
    ['on: { success: gold, failed: broke }, next: fine', 'gold', 'broke'], ['on: { failed: broke }, next: fine', 'fine', 'broke'],
    ['next: fine', 'fine', 'end'], ['on: { success: gold }, next: fine', 'gold', 'end'], ['on: { failed: broke }', 'end', 'broke'],
  ]
  for (const [edges, good, bad] of rows) {
    const flow = linked(asking(edges))
    t.equal(begin(flow, [json({})]).trace.at(-1)?.to, good, edges)
    t.equal(begin(flow, [{ failed: 'timeout' }]).trace.at(-1)?.to, bad, edges)
  }
})

void t.test('values of a call hold at most 1 KB, whoever sends them', async t => {
  const flow = linked(asking('on: { failed: broke }, next: fine'))
  t.equal(led(begin(flow, [json({ customer: { tier: 'x'.repeat(1024) } })])).slice(0, 6), 'fine?x')
  const made = begin(flow, [json({ customer: { tier: 'x'.repeat(1000) }, phones: 'y'.repeat(25) })])
  t.match(made.broke, /would hold 1025 bytes/)
  t.equal(made.trace.at(-1)?.to, 'trouble')
})

const SURE = (options: string, address = 'https://crm.example/customers'): Flow => linked(`start: who\nvars: { key: k1, base: "https://crm.example" }\nstates:\n  who: { fetch: "${address}", ${options}${options === '' ? '' : ', '}on: { failed: end }, next: end }\n`)
const asked = (options: string, address?: string, first: Partial<First> = {}): Ask => begin(SURE(options, address), [], first).ask as Ask

void t.test('what is asked', async t => {
  const usual = asked('')
  t.match(usual, { state: 'who', method: 'GET', address: 'https://crm.example/customers', headers: { accept: 'application/json' }, timeout: 2000, takes: [] })
  t.notOk('body' in usual)
  const rows: [options: string, expected: object][] = [
    ['method: DELETE, timeout: 3', { method: 'DELETE', timeout: 3000 }],
    ['headers: { Authorization: "Bearer {{key}}", X-Caller: "{{caller}}", accept: text/plain }', { headers: { authorization: 'Bearer k1', 'x-caller': '+46701740699', accept: 'text/plain' } }],
    ['query: { phone: "{{caller}}", "två ord": "a&b=c/d?e#f", empty: "" }', { address: 'https://crm.example/customers?phone=%2B46701740699&tv%C3%A5%20ord=a%26b%3Dc%2Fd%3Fe%23f&empty=' }],
    ['form: { phone: "{{caller}}", text: "å b" }', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'phone=%2B46701740699&text=%C3%A5%20b' }],
    ['json: { phone: "{{caller}}" }, method: PUT', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"phone":"+46701740699"}' }],
    ['json: { n: 1, t: true, f: false, z: null, q: "1", u: "true", y: yes, h: 0112, p: +46, d: -1.5, e: 1e3, l: [1, "2", {}], k: {} }', { body: '{"n":1,"t":true,"f":false,"z":null,"q":"1","u":"true","y":"yes","h":"0112","p":"+46","d":-1.5,"e":1000,"l":[1,"2",{}],"k":{}}' }],
    ['json: ["{{caller}}", { "a\\"b": "{{key}}" }]', { body: '["+46701740699",{"a\\"b":"k1"}]' }],
    ['json: "{{caller}}"', { body: '"+46701740699"' }],
    ['json: 5', { body: '5' }],
  ]
  for (const [options, expected] of rows) t.match(asked(options), expected, options)
  t.equal(Object.keys(asked('json: {}').headers).join(), 'accept,content-type')
  t.same(asked('').takes, [])
  t.same((begin(linked(asking('on: { "302": moved, "303": moved, "200": gold, failed: broke }, next: fine'))).ask as Ask).takes, [302, 303])
})

void t.test('addresses with values in them', async t => {
  const rows: [address: string, caller: string, expected: string][] = [
    ['https://crm.example/c/{{caller}}', '+467', 'https://crm.example/c/%2B467'],
    ['https://crm.example/c/{{caller}}/x', '../../admin', 'https://crm.example/c/..%2F..%2Fadmin/x'],
    ['https://crm.example/c/{{caller}}/x', '..', ''],
    ['https://crm.example/c/{{caller}}', '.', ''],
    ['https://crm.example/c/%2E{{caller}}', '.', ''],
    ['https://crm.example/c/x{{caller}}', '..', 'https://crm.example/c/x..'],
    ['https://crm.example/c?x={{caller}}', '..&y=1#z', 'https://crm.example/c?x=..%26y%3D1%23z'],
    ['https://crm.example/c#{{caller}}', 'x', 'https://crm.example/c'],
    ['{{caller}}', 'https://other.example/x?y', 'https://other.example/x?y'],
    ['{{caller}}/x', 'https://other.example', 'https://other.example/x'],
    ['{{caller}}', 'ftp://other.example', ''],
    ['{{caller}}', 'javascript:1', ''],
    ['{{caller}}', '', ''],
    ['{{caller}}', 'https://a b.example/', ''],
    ['{{base}}/c/{{caller}}', 'a/b', 'https://crm.example/c/a%2Fb'],
    ['https://{{caller}}.example/', 'evil.example/x#', 'https://evil.example%2Fx%23.example/'],
    ['https://crm.example/{{caller}}', 'x'.repeat(2000), ''],
  ]
  for (const [address, caller, expected] of rows) {
    const made = begin(SURE('', address), [], { caller })
    // a host that no program can read is refused by whoever would ask it
    if (expected.includes('%2Fx%23')) t.notOk(URL.canParse(made.ask?.address ?? ''), `${address} with ${caller}`)
    else if (expected === '') t.same([made.ask, made.trace.at(-1)?.reason], [undefined, 'bad-address'], `${address} with ${caller}`)
    else t.equal(made.ask?.address, expected, `${address} with ${caller}`)
  }
  t.equal(asked('query: { a: b }', 'https://crm.example/c?x=1').address, 'https://crm.example/c?x=1&a=b')
  t.equal(asked('query: { a: b }', 'https://crm.example/c?').address, 'https://crm.example/c?a=b')
  t.equal(asked('query: { a: b }', 'https://crm.example/c#top').address, 'https://crm.example/c?a=b')
})

void t.test('a law: whatever a value holds, it stays the value', async t => {
  const text = fc.string({ unit: 'binary', maxLength: 60 })
  const flows = { json: SURE('json: { a: "x{{caller}}y", n: 1 }'), form: SURE('form: { a: "{{caller}}" }'), query: SURE('query: { a: "{{caller}}" }'), path: SURE('', 'https://crm.example/c/{{caller}}/end'), header: SURE('headers: { X-A: "{{caller}}" }') }
  const of = (flow: Flow, caller: string): Ask => begin(flow, [], { caller }).ask as Ask
  fc.assert(fc.property(text, caller => {
    const whole = caller.toWellFormed()
    t.strictSame(JSON.parse(of(flows.json, caller).body ?? ''), { a: `x${whole}y`, n: 1 })
    t.strictSame([...new URLSearchParams(of(flows.form, caller).body)], [['a', whole]])
    const queried = new URL(of(flows.query, caller).address)
    t.strictSame([queried.host, queried.pathname, queried.hash, [...queried.searchParams]], ['crm.example', '/customers', '', [['a', whole]]])
    const inPath = begin(flows.path, [], { caller }).ask
    if (inPath !== undefined) t.strictSame(new URL(inPath.address).pathname.split('/').map(decodeURIComponent), ['', 'c', whole, 'end'])
    else t.match(whole, /^(\.{1,2}|%2e|\.%2e)$/i)
    t.match(of(flows.header, caller).headers['x-a'], /^[\x20-\x7e\x80-\xff]*$/)
  }), { numRuns: 300 })
})

void t.test('a law: any reply leads somewhere, and steps are pure', async t => {
  const flow = linked(asking('answer: customer.kind, on: { "404": gone, gold: gold, failed: broke }, next: fine'))
  const value = fc.oneof(fc.jsonValue(), fc.record({ customer: fc.record({ tier: fc.jsonValue(), kind: fc.constantFrom('gold', 'x', null, 1) }), phones: fc.array(fc.oneof(fc.string(), fc.integer())) }))
  const reply: fc.Arbitrary<Answer> = fc.oneof(
    fc.record({ status: fc.integer({ min: 100, max: 599 }), body: fc.constant('json' as const), json: value }),
    fc.record({ status: fc.integer({ min: 100, max: 599 }), body: fc.constantFrom('nothing' as const, 'other' as const) }),
    fc.record({ failed: fc.constant('timeout') }),
  )
  fc.assert(fc.property(reply, answer => {
    const made = begin(flow, [answer])
    t.ok(made.ask === undefined && made.reply.actions.length === 1)
    t.equal(JSON.stringify(begin(flow, [structuredClone(answer)])), JSON.stringify(made))
  }), { numRuns: 500 })
  fc.assert(fc.property(value, fc.array(fc.constantFrom('customer', 'tier', '0', '1', '-1', '01', 'length', '__proto__', 'constructor', 'phones')), (json, path) => {
    const text = textAt(json, path)
    t.ok(text === undefined || typeof text === 'string')
  }), { numRuns: 500 })
})

void t.test('several questions in one request, and what tells them apart', async t => {
  const flow = linked('start: a\nstates:\n  a: { fetch: "https://crm.example/a", save: { x: x }, on: { failed: b }, next: b }\n  b: { fetch: "https://crm.example/b/{{x}}", on: { failed: end }, next: m }\n  m: { ivr: m.mp3, on: { 1: a, noinput: end, nomatch: end, failed: end } }\n')
  const one = begin(flow)
  const two = begin(flow, [json({ x: 'y' })])
  const done = begin(flow, [json({ x: 'y' }), json({})])
  t.same([one.ask?.address, two.ask?.address, done.ask], ['https://crm.example/a', 'https://crm.example/b/y', undefined])
  t.equal(replyText(done.reply), 'ivr m.mp3 1/10/3')
  t.same(done.trace.map(line => `${line.from} ${line.event} ${line.to}`), [' start a', 'a success b', 'b success m'])
  const keys = [one.ask?.key, two.ask?.key]
  t.match(keys[0], /^[\w-]{22}$/)
  t.not(keys[0], keys[1], 'another question, another key')
  t.same([begin(flow).ask?.key, begin(flow, [json({ x: 'y' })]).ask?.key], keys, 'the same request again: the same keys')
  t.same(begin(flow, [json({ x: 'z' })]).ask?.key, keys[1], 'whatever was replied before')
  t.not(begin(flow, [], { id: 'c2' }).ask?.key, keys[0], 'another call')
  const later = step(flow, done.call, eventOf('1'), NOW, within())
  t.equal(later.ask?.address, one.ask?.address)
  t.not(later.ask?.key, keys[0], 'another arrival')
  t.same(step(flow, done.call, eventOf('1'), NOW, within()), later)
})

void t.test('on the way out, too', async t => {
  const flow = linked(`start: big\non_error: out\nstates:\n  big: { set: { x: "${'x'.repeat(1100)}" }, next: end }\n  out: { fetch: "https://crm.example/x", on: { failed: bye }, next: bye }\n  bye: { play: bye.mp3, next: end }\n`)
  const made = begin(flow)
  t.equal(made.ask?.state, 'out')
  t.ok(made.broke)
  t.equal(replyText(begin(flow, [json({})]).reply), 'play bye.mp3 > end')
  const circle = linked('start: a\nstates:\n  a: { fetch: "https://crm.example/x", on: { failed: a }, next: a }\n')
  const answers: Answer[] = []
  let asks = 0
  for (let made = begin(circle); made.ask !== undefined; made = begin(circle, answers)) {
    answers.push(json({}))
    asks++
  }
  t.ok(asks <= 200, `a circle of questions ends: ${asks}`)
})
