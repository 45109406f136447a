/** `tonval call` with a flow that asks: the real program is asked, and a recorded call says what it replied. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { partsOf } from '../src/emulator/script/reply-parts.ts'
import { SOUND } from './serve/running.ts'

const crm = createServer((request, response) => {
  if (request.url === '/bills') response.writeHead(503).end()
  else response.setHeader('content-type', 'application/json').end(JSON.stringify({ secret: 'x', customer: { tier: 'gold', phones: ['+46701740661', '+46701740662'], more: [1] } }))
})
await new Promise<void>(resolve => crm.listen(0, '127.0.0.1', resolve))
t.teardown(() => { crm.closeAllConnections(); crm.close() })
const { port } = crm.address() as AddressInfo
const folder = mkdtempSync(join(tmpdir(), 'tonval-fetch-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'sound.wav'), SOUND)
writeFileSync(join(folder, 'line.yaml'), `start: who
states:
  who: { fetch: "http://127.0.0.1:${port}/who", save: { desk: customer.phones.1 }, answer: customer.tier, on: { gold: menu, failed: bye }, next: bye }
  menu: { ivr: sound.wav, on: { 1: ring, 2: bills, noinput: bye, nomatch: bye } }
  ring: { connect: "{{desk}}", on: { failed: bye } }
  bills: { fetch: "http://127.0.0.1:${port}/bills", on: { failed: bye }, next: ring }
  bye: { play: sound.wav, next: end }
`)

async function command(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const status = await runCommand(args, { stdout: { write: (text: string) => { out += text } }, stderr: { write: (text: string) => { err += text } }, stdin: (async function * () { yield '' })(), env, cwd: folder })
  return { status, out, err }
}
const allowed = { TONVAL_FETCH_HOSTS: `127.0.0.1:${port}` }

void t.test('a call that asks', async t => {
  const { status, out } = await command(allowed, 'call', 'line', '--dir', '.', '--keys', '1 success')
  t.equal(status, 0)
  t.match(out, 'Asked      by `who`: status 200')
  t.match(out, '+46701740662')
  const refused = await command({}, 'call', 'line', '--dir', '.', '--keys', 'silence')
  t.match(refused.out, `Asked      by \`who\`: no reply, not-allowed (TONVAL_FETCH_HOSTS does not list 127.0.0.1:${port})`)
  const { out: json } = await command(allowed, 'call', 'line', '--dir', '.', '--keys', '2', '--format', 'json')
  t.same((JSON.parse(json) as { asked: unknown }).asked, [{ state: 'who', status: 200 }, { state: 'bills', status: 503 }])
})

void t.test('a call that asks, recorded', async t => {
  const file = join(folder, 'line.calls.yaml')
  for (const [keys, env] of [['1 success', allowed], ['2', allowed], ['silence', {}]] as const) t.equal((await command(env, 'call', 'line', '--dir', '.', '--keys', keys, '--record', 'line.calls.yaml')).status, 0)
  const written = readFileSync(file, 'utf8')
  t.match(written, 'given: { fetch: { who: { status: 200, json: { customer: { tier: "gold", phones: [null, "+46701740662"] } } } } }')
  t.match(written, 'bills: { status: 503 }')
  t.match(written, 'given: { fetch: { who: "failed" } }')
  t.notOk(written.includes('secret'), 'what the flow does not look at stays out')
  const held = await command({}, 'test', '.')
  t.equal(held.status, 0, held.out)
})

void t.test('what of a reply a flow looks at', async t => {
  t.same(partsOf({ a: { b: 1, c: 2 }, d: [1, { e: 2, f: 3 }, 4] }, [['a', 'b'], ['d', '1', 'e']]), { a: { b: 1 }, d: [null, { e: 2 }] })
  t.same(partsOf({ a: { b: 1 } }, [['a'], ['x', 'y']]), { a: { b: 1 } })
  t.same(partsOf([1, 2], [['length']]), [])
  t.equal(partsOf('text', [['a']]), 'text')
})

void t.test('a setting that cannot be read ends every command', async t => {
  for (const args of [['lint', '.'], ['test', '.'], ['call', 'line', '--dir', '.', '--keys', '1']]) {
    const { status, err } = await command({ TONVAL_FETCH_HOSTS: 'https://crm.example.com' }, ...args)
    t.equal(status, 2, args[0] ?? '')
    t.match(err, /TONVAL_FETCH_HOSTS: `https:\/\/crm\.example\.com` is no host/)
  }
})
