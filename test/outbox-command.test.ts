/** The outbox of a running server, from the command line and over HTTP; its figures; its settings; calls whose end is never reported. */
import { join } from 'node:path'
import { createRequire } from 'node:module'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { readOutboxSettings } from '../src/cli/outbox-settings.ts'
import { itemId } from '../src/outbox/incoming.ts'
import { isGone, thisOwner } from '../src/outbox/owner.ts'
import type { Item } from '../src/run/effect.ts'
import { openSqliteStore } from '../src/store/sqlite-store.ts'
import type { NewItem } from '../src/store/store.ts'
import { ask, CALLID, FIRST, run, until } from './serve/running.ts'
import type { Answer, Running } from './serve/running.ts'

const Database = createRequire(import.meta.url)('libsql') as typeof import('libsql')
const MENU = 'start: s\nnumbers: ["+46846500400"]\nstates:\n  s: { play: sound.wav, next: end }\n'
const HOUR = 3_600_000
const NOW = Date.now()

/** As another server that shares the data folder would have put it. */
const incoming = (key: string, more: Partial<NewItem> = {}): NewItem => {
  const item: Item = { kind: 'sms', key, item: 'sorry.send.0', flow: 'menu', call: CALLID, state: 'sorry', to: '+46701740601', from: '+46846500400', text: 'secret words' }
  return { id: itemId(key), item, receiver: item.to, caller: '', next: NOW + 100 * HOUR, deadline: NOW + 200 * HOUR, ...more }
}

async function command(server: Running | undefined, ...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = ''
  let err = ''
  const status = await runCommand(['outbox', ...args], { stdout: { write: (text: string) => { out += text } }, stderr: { write: (text: string) => { err += text } }, stdin: (async function * () { yield '' })(), env: { TONVAL_ADMIN: server?.admin ?? '127.0.0.1:1' }, cwd: '.' })
  return { status, out, err }
}

void t.test('listed, sent anew and given up', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': MENU } })
  const store = await openSqliteStore(join(server.root, 'data'))
  t.teardown(async () => {
    await store.close()
    await server.stop()
  })
  t.match(await command(server), { status: 0, out: '0 sent, 0 on the way, 0 failed, 0 in doubt\n' })
  await store.put([incoming('w'), incoming('f', { refused: 'this is a premium number' }), incoming('d'), incoming('s')], NOW - 2 * HOUR)
  for (const id of ['d', 's']) await store.retry(itemId(id), 1, NOW + HOUR)
  await store.claim('dead/1/x', 2, 3, 9)
  await store.settle(itemId('s'), 'dead/1/x', { is: 'sent', ref: 's1' }, NOW)
  await until('what another server left behind comes into doubt', async () => ((await command(server)).out).includes('in doubt  sms'))
  const listed = await command(server, 'list')
  t.match(listed, { status: 0, out: new RegExp(`^id +state +kind +to +item +age +attempts +why\\n[^]*${itemId('f')}  failed    sms   \\+46701740601  menu: sorry\\.send\\.0  2 h  +this is a premium number\\n[^]*\\n\\n1 sent, 1 on the way, 1 failed, 1 in doubt\\n$`) })
  t.notMatch(listed.out, itemId('s'))
  t.match(await command(server, '--state', 'sent'), { out: new RegExp(itemId('s')) })
  const json = JSON.parse((await command(server, '--format', 'json', '--state', 'all')).out)
  t.match(json, { version: 1, counts: { sent: 1, waiting: 1, failed: 1, doubt: 1, dropped: 0 }, held: 0, items: [{ id: String, kind: 'sms', to: '+46701740601', flow: 'menu', item: 'sorry.send.0', created: String }] })
  t.equal(json.items.length, 4)
  t.notMatch(JSON.stringify(json), 'secret words')

  t.match(await command(server, 'retry', itemId('f')), { status: 0, out: `${itemId('f')} is sent anew\n` })
  await until('it waits for an account', async () => /waiting +sms .*set ELKS_USERNAME/.test((await command(server)).out))
  t.match(await command(server, 'drop', itemId('f'), itemId('d')), { status: 0, out: `${itemId('f')} is given up\n${itemId('d')} is given up\n` })
  const refused: [args: string[], status: number, says: RegExp][] = [
    [['retry', itemId('s')], 1, /this item is sent: it cannot be sent again/], [['drop', itemId('s')], 1, /cannot be dropped/], [['drop', itemId('f')], 1, /this item is dropped/], [['retry', 'nonsense'], 1, /there is no item `nonsense`/], [['retry', itemId('nobody')], 1, /there is no item/],
    [['retry'], 2, /say which item/], [['send', 'x'], 2, /does not exist; there are list, retry, drop, key/], [['list', 'x'], 2, /takes no more words/], [['--state', 'snet'], 2, /did you mean `sent`/], [['retry', 'x', '--state', 'sent'], 2, /goes with/], [['--formt', 'json'], 2, /did you mean/],
  ]
  for (const [args, status, says] of refused) t.match(await command(server, ...args), { status, err: says }, args.join(' '))
  const both = await command(server, 'retry', itemId('s'), itemId('d'), '--format', 'json')
  t.match(both, { status: 1, err: /is sent/ })
  t.match(JSON.parse(both.out), { version: 1, items: [{ id: itemId('d'), was: 'dropped', state: 'waiting' }] })
  t.match(await command(server, 'key'), { status: 0, out: /^whsec_[A-Za-z0-9+/]{43}=\n$/ })
  t.match(await command(server, '--help'), { status: 0, out: /Usage: tonval outbox/ })
  t.match(await command(undefined), { status: 3, err: /no server answers at/ })

  const page = (path: string, headers: Record<string, string>, method = 'GET'): Promise<Answer> => ask(server.admin + path, { method, headers })
  for (const path of ['/api/outbox', '/api/outbox/key']) t.equal((await page(path, { origin: 'https://evil.example' })).status, 403, `${path}: no page of another site`)
  const metrics = (await page('/metrics', {})).text
  for (const line of ['tonval_outbox_items{state="waiting",kind="sms"} 2', 'tonval_outbox_items{state="sent",kind="sms"} 1', 'tonval_outbox_items{state="doubt",kind="post"} 0', 'tonval_outbox_held_items 0', 'tonval_store_up 1', 'tonval_dial_limit 10000']) t.ok(metrics.includes(`${line}\n`), line)
  t.match(metrics, /tonval_outbox_oldest_seconds\{state="waiting"\} 7\d\d\d/)

  const other = new Database(join(server.root, 'data', 'tonval.db'))
  other.exec('PRAGMA journal_mode = WAL; BEGIN IMMEDIATE')
  t.match(await command(server, 'drop', itemId('w')), { status: 3, err: /locked by another program/ })
  other.exec('ROLLBACK')
  other.close()
})

void t.test('a call that never reports its end is closed by its age', { timeout: 120_000 }, async t => {
  let now = NOW
  const server = await run({ files: { 'menu.yaml': MENU }, now: () => now })
  t.teardown(() => server.stop())
  const at = (id: string): string => FIRST.replace(CALLID, id).replace(/created=[^&]*/, `created=${new Date(now).toISOString().slice(0, 19)}`)
  await server.call('menu', at('c1'))
  const second = await server.call('menu', at('c2'))
  t.equal((await ask(String(second.json['whenhangup']), { body: 'id=c2&state=success' })).status, 204)
  const inProgress = async (): Promise<unknown> => ((await ask(`${server.admin}/api/flows`, { method: 'GET' })).json['flows'] as { calls: { inProgress: number }[] }[])[0]?.calls[0]?.inProgress
  t.equal(await inProgress(), 1)
  now += 12 * HOUR
  // the carrier's clock, or ours, is wrong by days
  await server.call('menu', at('c3').replace(/created=[^&]*/, `created=${new Date(now - 48 * HOUR).toISOString().slice(0, 19)}`))
  now += 13 * HOUR
  t.match(await until('it is closed', () => server.lines.find(line => String(line['msg']).includes('never reported')), 100_000), { call: 'c1', flow: 'menu' })
  t.equal(await inProgress(), 1, 'that of the wrong clock began thirteen hours ago')
})

void t.test('settings', async t => {
  const read = (env: Record<string, string>, keep?: string) => readOutboxSettings(env, { text: keep, from: '--keep-recordings' })
  t.match(read({}), { account: undefined, mail: undefined, dialAllow: undefined, limits: { caller: 60, day: 10_000 }, keepDays: 30 })
  t.match(read({ ELKS_USERNAME: 'u1', ELKS_PASSWORD: 'p' }), { account: { base: 'https://api.46elks.com/a1', username: 'u1', password: 'p' } })
  t.match(read({ ELKS_USERNAME: 'u1', ELKS_PASSWORD: 'p', ELKS_API: 'http://127.0.0.1:9/a1/', TONVAL_DIAL_ALLOW: '+46, +4570', TONVAL_DIAL_CALLER: '0', TONVAL_DIAL_DAY: '7' }, '365'), { account: { base: 'http://127.0.0.1:9/a1' }, dialAllow: ['+46', '+4570'], limits: { caller: 0, day: 7 }, keepDays: 365 })
  t.match(read({ TONVAL_SMTP_URL: 'smtps://us%40example.se:p@mail.example.se' }), { mail: { from: 'us@example.se' } })
  t.match(read({ TONVAL_SMTP_URL: 'smtp://mail.example.se', TONVAL_SMTP_FROM: 'desk@example.se' }), { mail: { from: 'desk@example.se' } })
  const wrong: [env: Record<string, string>, keep: string | undefined, says: RegExp][] = [
    [{ ELKS_USERNAME: 'u1' }, undefined, /ELKS_USERNAME is set and ELKS_PASSWORD is not/], [{ ELKS_PASSWORD: 'p' }, undefined, /ELKS_PASSWORD is set and ELKS_USERNAME is not/], [{ ELKS_API: 'api.46elks.com' }, undefined, /ELKS_API/], [{ TONVAL_SMTP_URL: 'mail.example.se' }, undefined, /TONVAL_SMTP_URL/],
    [{ TONVAL_SMTP_URL: 'smtp://mail.example.se', TONVAL_SMTP_FROM: 'nobody' }, undefined, /no e-mail address/], [{ TONVAL_DIAL_ALLOW: '46' }, undefined, /beginning of a number/], [{ TONVAL_DIAL_DAY: 'many' }, undefined, /TONVAL_DIAL_DAY/], [{}, '0', /--keep-recordings/], [{}, 'ever', /--keep-recordings/],
  ]
  for (const [env, keep, says] of wrong) t.throws(() => read(env, keep), { name: 'UsageError', message: says }, JSON.stringify(env))
})

void t.test('whose process is gone', async t => {
  const me = thisOwner('now')
  const [host, pid] = me.split('/')
  t.notOk(isGone(me, me))
  t.ok(isGone(`${host}/${pid}/earlier`, me), 'one that had our id before us')
  t.ok(isGone(`${host}/4194304/x`, me))
  t.notOk(isGone(`${host}/${process.ppid}/x`, me))
  t.notOk(isGone('elsewhere/1/x', me), 'of another machine nobody knows')
})
