/** What the rules say of `fetch`, beyond their examples. */
import t from 'tap'
import { VERBS } from '../src/compile/verbs/list.ts'
import { checkText } from './flow-in-text.ts'

const HOSTS = ['crm.example.com', '*.shop.example', 'localhost:3000']
const flow = (options: string, more = '', address = 'https://crm.example.com/x'): string => `start: who\n${more}states:\n  who: { fetch: "${address}", ${options}on: { failed: bye }, next: bye }\n  bye: { play: bye.mp3, next: end }\n`
const codes = (text: string): string[] => checkText(text, { hosts: HOSTS }).problems.map(one => one.code).filter(code => code !== 'no-human').sort()

void t.test('hosts', async t => {
  const rows: [address: string, codes: readonly string[]][] = [
    ['https://crm.example.com/x', []], ['https://CRM.example.com/{{caller}}', []], ['https://a.shop.example', []], ['http://localhost:3000/', []],
    ['https://crm.example.org/{{caller}}', ['fetch-not-allowed']], ['http://localhost/', ['fetch-not-allowed']], ['https://shop.example/', ['fetch-not-allowed']],
    // a value decides: nobody knows before the call
    ['https://{{caller}}.example/', []], ['https://crm.example.org{{caller}}', []], ['{{caller}}', []],
    ['http://crm.example.com/', ['insecure-url']],
  ]
  for (const [address, expected] of rows) t.same(codes(flow('', '', address)), expected, address)
  const two = `start: a\nstates:\n  a: { fetch: https://x.example/1, on: { failed: b }, next: b }\n  b: { fetch: https://x.example/2, on: { failed: c }, next: c }\n  c: { fetch: https://y.example/2, on: { failed: bye }, next: bye }\n  bye: { play: bye.mp3, next: end }\n`
  t.same(checkText(two, { hosts: HOSTS }).problems.map(one => [one.message.split(' ')[0], one.related?.length ?? 0, one.help]), [
    ['x.example', 1, 'list it: TONVAL_FETCH_HOSTS=crm.example.com,*.shop.example,localhost:3000,x.example'], ['y.example', 0, 'list it: TONVAL_FETCH_HOSTS=crm.example.com,*.shop.example,localhost:3000,y.example'],
  ], 'one mistake, one problem')
})

void t.test('secrets', async t => {
  const rows: [options: string, codes: readonly string[]][] = [
    ['headers: { Authorization: "Bearer 8f3c99d1e0b2" }, ', ['hard-coded-secret']], ['headers: { authorization: "8f3c99d1e0b2" }, ', ['hard-coded-secret']], ['headers: { X-Api-Key: "8f3c99d1e0b2" }, ', ['hard-coded-secret']],
    ['headers: { X-My-Key: "8f3c99d1e0b2" }, ', ['hard-coded-secret']], ['headers: { Cookie: "session=8f3c99d1e0b2" }, ', ['hard-coded-secret']],
    ['query: { token: "8f3c99d1e0b2" }, ', ['hard-coded-secret']], ['form: { password: "8f3c99d1e0b2" }, ', ['hard-coded-secret']], ['json: { auth: { api_key: "8f3c99d1e0b2" } }, ', []], ['json: { api_key: "8f3c99d1e0b2" }, ', ['hard-coded-secret']],
    ['headers: { Authorization: "Bearer {{caller}}" }, ', []], ['headers: { Accept: "application/vnd.crm+json" }, ', []], ['query: { token: "{{caller}}" }, ', []], ['headers: { Accept-Language: svsvsvsv }, ', []],
  ]
  for (const [options, expected] of rows) t.same(codes(flow(options)), expected, options)
  t.same(codes(flow('', '', 'https://crm.example.com/x?api_key=8f3c99d1e0b2')), ['hard-coded-secret'])
  t.same(codes(flow('headers: { Authorization: "Bearer {{key}}" }, ', 'vars: { key: { env: KEY, default: "" } }\n')), [])
  t.same(codes(flow('json: { callback: "http://our.example/x" }, ')), [], 'an address that is only sent is asked by nobody')
})

void t.test('values', async t => {
  const uses = (where: string, address = 'https://crm.example.com/x'): string => `start: ask\nstates:\n  ask: { ivr: ask.mp3, digits: 3, save: desk, next: who, on: { noinput: who, nomatch: bye, failed: bye } }\n  who: { fetch: "${address}", ${where}on: { failed: bye }, next: bye }\n  bye: { play: bye.mp3, next: end }\n`
  const read = '"{{desk}}"'
  for (const where of [`headers: { X-Desk: ${read} }, `, `query: { desk: ${read} }, `, `form: { desk: ${read} }, `, `json: { a: [{ desk: ${read} }] }, `]) t.same(codes(uses(where)), ['maybe-undefined'], where)
  t.same(codes(uses('', 'https://crm.example.com/{{desk}}')), ['maybe-undefined'])
  t.same(codes(uses('query: { desk: "{{desk | default: none}}" }, '.replace('none', '\\"none\\"'))), [])
  t.same(codes(uses('query: { desk: "{{dask}}" }, ')), ['undefined-value'])
  const kept = (on: string): string => `start: who\nstates:\n  who: { fetch: https://crm.example.com/x, save: { desk: desk }, answer: tier, on: { ${on} } }\n  ring: { connect: "{{desk}}", on: { failed: bye } }\n  bye: { play: bye.mp3, next: end }\n`
  t.same(codes(kept('success: ring, gold: ring, failed: bye')), [], 'a good reply sets what it saves')
  t.same(codes(kept('success: ring, "201": ring, failed: bye')), [])
  t.same(codes(kept('success: bye, "404": ring, failed: bye')), ['maybe-undefined'], 'another reply may be no JSON')
  t.same(codes(kept('success: ring, failed: ring')), ['maybe-undefined'])
  t.same(checkText(flow('save: { unread: x }, '), { hosts: HOSTS }).problems.map(one => `${one.code} ${one.message}`), ['unused-value nothing reads the value `unread`'])
})

void t.test('circles', async t => {
  t.same(codes('start: a\nstates:\n  a: { fetch: https://crm.example.com/x, on: { failed: b }, next: bye }\n  b: { play: wait.mp3, next: a }\n  bye: { play: bye.mp3, next: end }\n'), [], 'another answer leads out')
  t.same(codes('start: a\nstates:\n  a: { fetch: https://crm.example.com/x, on: { failed: b }, next: b }\n  b: { play: wait.mp3, next: a }\n'), ['loop-without-caller'])
})

void t.test('the example of the verb', async t => {
  const verb = VERBS.find(one => one.name === 'fetch')
  t.same(checkText(verb?.example ?? '', { hosts: HOSTS }).problems, [])
})
