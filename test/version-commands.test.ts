/** `tonval diff`, `versions` and `rollback`: with a running server and without one. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { noteLive, readHistory } from '../src/store/live-history.ts'
import { ask, run, SOUND, until, writeFiles } from './serve/running.ts'
import type { Json, Running } from './serve/running.ts'

const menu = (timeout: number, target = 'sales'): string => `start: menu
states:
  menu: { ivr: sound.wav, timeout: ${timeout}, on: { 1: ${target}, noinput: sales, nomatch: sales } }
  sales: { connect: "+46846500401", on: { failed: bye } }
  bye: { play: bye.wav, next: end }
`
const bye = (mark: number): Buffer => Buffer.from(SOUND).fill(mark, 60)
const other = 'start: bye\nstates:\n  bye: { play: bye.wav, next: end }\n'

interface Ran {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

async function tonval(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  let [stdout, stderr] = ['', '']
  const status = await runCommand(args, { stdout: { write: (text: string) => { stdout += text } }, stderr: { write: (text: string) => { stderr += text } }, stdin: Readable.from([]), env, cwd })
  return { status, stdout, stderr }
}

const admin = (server: Running): string[] => ['--admin', server.admin.replace('http://', '')]
const save = (server: Running, text: string | Buffer, name = 'menu.yaml'): void => writeFileSync(join(server.folder, name), text)
const reload = (server: Running) => ask(`${server.admin}/api/reload`)
const liveOf = (server: Running, name = 'menu'): string => server.live().get(name)?.version ?? ''
const file = (server: Running, name = 'menu.yaml'): string => readFileSync(join(server.folder, name), 'utf8')

void t.test('files, folders and what cannot be compared', { timeout: 120_000 }, async t => {
  const root = mkdtempSync(join(tmpdir(), 'tonval-diff-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  const sounds = { 'sound.wav': SOUND, 'bye.wav': bye(1) }
  writeFiles(join(root, 'old'), { 'menu.yaml': menu(5), 'gone.yaml': other, ...sounds })
  writeFiles(join(root, 'new'), { 'menu.yaml': menu(6, 'bye'), 'other.yaml': other, ...sounds })
  writeFiles(join(root, 'same'), { 'menu.yaml': `# the same\n${menu(5)}`, 'gone.yaml': `title: x\n${other}`, ...sounds })
  writeFiles(join(root, 'bad'), { 'menu.yaml': menu(5, 'nowhere'), ...sounds })
  writeFiles(join(root, 'empty'), { 'x.txt': '' })
  const rows: [name: string, args: string[], status: number, stdout: RegExp, stderr: RegExp][] = [
    ['two files', ['old/menu.yaml', 'new/menu.yaml'], 1, /^in `menu`, key 1 now goes to `bye`, before: `sales`\nin `menu`, `timeout` is now 6 s, before: 5 s\n$/, /^$/],
    ['two folders', ['old', 'new'], 1, /^the flow `gone` is gone\nmenu: in `menu`, key 1 now[^]*the flow `other` is new\n$/, /^$/],
    ['the same', ['old', 'same'], 0, /^nothing changes for callers\n$/, /^$/],
    ['itself', ['old/menu.yaml', 'old/menu.yaml'], 0, /^nothing/, /^$/],
    ['a file and a folder', ['old/menu.yaml', 'new'], 1, /key 1 now goes/, /^$/],
    ['a flow that the folder has not', ['old/gone.yaml', 'new'], 2, /^$/, /there is no flow `gone` in `new`/],
    ['one that is broken', ['old', 'bad'], 2, /^$/, /nothing to compare:\nbad\/menu\.yaml:3:48: error: .*\[unknown-target\]/],
    ['no flow', ['old', 'empty'], 2, /^$/, /there is no flow in `empty`/], ['no such file', ['old', 'nowhere'], 2, /^$/, /`nowhere` does not exist/], ['no flow\'s file', ['old', 'old/bye.wav'], 2, /^$/, /is no flow/],
    ['no version', ['old/menu.yaml', 'menu@X'], 2, /^$/, /written FLOW@VERSION/], ['one only', ['old'], 2, /^$/, /here is 1/], ['three', ['a', 'b', 'c'], 2, /^$/, /here are 3/],
    ['both places', ['old/menu.yaml', 'menu@live', '--admin', '127.0.0.1:1', '--data', 'x'], 2, /^$/, /choose one/], ['no server', ['old/menu.yaml', 'menu@live', '--admin', '127.0.0.1:1'], 2, /^$/, /no server answers at http:\/\/127\.0\.0\.1:1/],
    ['no data', ['old/menu.yaml', 'menu@live', '--data', 'x'], 2, /^$/, /no versions in .*x/], ['an unknown option', ['a', 'b', '--fromat', 'json'], 2, /^$/, /did you mean `--format`/],
  ]
  for (const [name, args, status, stdout, stderr] of rows) {
    const ran = await tonval(['diff', ...args], root)
    t.equal(ran.status, status, `${name}: ${ran.stderr}`)
    t.match(ran.stdout, stdout, name)
    t.match(ran.stderr, stderr, name)
  }
  const json = JSON.parse((await tonval(['diff', 'old', 'new', '--format', 'json'], root)).stdout) as Json
  t.match(json, { version: 1, before: 'old', after: 'new', same: false, changes: [{ flow: 'gone', kind: 'flow-gone' }, { flow: 'menu', kind: 'edge', states: ['menu'], names: ['1'], before: 'sales', after: 'bye' }, { kind: 'setting' }, { kind: 'flow-new' }] })
  for (const command of ['diff', 'versions', 'rollback']) t.match(await tonval([command, '--help'], root), { status: 0, stdout: /Exit status: 0/, stderr: '' })
})

void t.test('with a running server', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': menu(5), 'bye.wav': bye(1) } })
  t.teardown(() => server.stop())
  const versions = [liveOf(server)]
  for (const timeout of [6, 7]) {
    save(server, menu(timeout))
    await reload(server)
    versions.push(liveOf(server))
  }
  const [first, second, third] = versions as [string, string, string]
  await server.call('menu')
  const listed = await tonval(['versions', 'menu', ...admin(server)], server.root)
  t.match(listed, { status: 0, stderr: '' })
  t.match(listed.stdout, new RegExp(`^flow +version +age +live since \\(UTC\\) +calls +size\\nmenu +${third} +live +\\d+ \\w+ +20\\d\\d-.* 1 of 1 +\\d+ kB\\nmenu +${second} [^]*\\nmenu +${first} `))
  const json = JSON.parse((await tonval(['versions', '--format', 'json', ...admin(server)], server.root)).stdout) as { versions: Json[] }
  t.match(json, { version: 1, versions: [{ flow: 'menu', version: third, live: true, started: 1, inProgress: 1, size: Number, firstLive: /^20/ }, { version: second, live: false }, { version: first }] })
  t.match(await tonval(['versions', 'meny', ...admin(server)], server.root), { status: 2, stderr: /did you mean `menu`/ })
  t.match(await tonval(['diff', `menu@${first.slice(0, 12)}`, 'menu@live', ...admin(server)], server.root), { status: 1, stdout: 'in `menu`, `timeout` is now 7 s, before: 5 s\n' })
  t.match(await tonval(['diff', `menu@${'0'.repeat(20)}`, 'menu@live', ...admin(server)], server.root), { status: 2, stderr: /has no version/ })

  const back = await tonval(['rollback', 'menu', ...admin(server)], server.root)
  t.match(back, { status: 0, stderr: '', stdout: `menu is back on ${second}, before: ${third}\n  in \`menu\`, \`timeout\` is now 6 s, before: 7 s\n  written: menu.yaml\n` })
  t.equal(liveOf(server), second)
  t.equal(file(server), menu(6), 'file and server agree')
  t.match(await tonval(['rollback', 'menu', ...admin(server)], server.root), { status: 0, stdout: new RegExp(first) }, 'and once more: the one before that')
  t.match(await tonval(['rollback', 'menu', ...admin(server)], server.root), { status: 2, stderr: /no version of `menu` before the live one/ })
  t.match(JSON.parse((await tonval(['rollback', 'menu', third.slice(0, 12), '--format', 'json', ...admin(server)], server.root)).stdout), { version: 1, flow: 'menu', live: third, before: first, restored: ['menu.yaml'], kept: [] }, 'by its first digits')
  for (const [args, says] of [[['menu', 'ffffffffff'], /has no version/], [['meny'], /did you mean `menu`/], [['Menu'], /no name of a flow/], [['menu', 'XYZ'], /is no version/], [['menu', '1', '2'], /name the flow/], [[], /name the flow/], [['menu', '--dir', 'x'], /--dir/]] as const) {
    t.match(await tonval(['rollback', ...args, ...admin(server)], server.root), { status: 2, stdout: '', stderr: says })
  }

  // an edit that is not live would be lost
  save(server, menu(8, 'nowhere'))
  await until('it is refused', async () => (await reload(server)).status === 422)
  t.match(await tonval(['rollback', 'menu', first, ...admin(server)], server.root), { status: 1, stdout: '', stderr: /`menu\.yaml` holds an edit that is not live, and would be lost: .*--force/ })
  t.equal(file(server), menu(8, 'nowhere'))
  const forced = await tonval(['rollback', 'menu', first, '--force', ...admin(server)], server.root)
  t.match(forced, { status: 0, stdout: /what stands there|what stood there is kept in / })
  const kept = /kept in (.*)\n/.exec(forced.stdout)?.[1] ?? ''
  t.equal(readFileSync(kept, 'utf8'), menu(8, 'nowhere'), 'nothing is lost')
  t.equal(liveOf(server), first)

  // a version that no longer passes the check
  save(server, 'calls:\n  - { name: waits, steps: [{ ivr: { ivr: sound.wav, timeout: 5 } }, hang-up] }\n', 'menu.calls.yaml')
  await reload(server)
  t.match(await tonval(['rollback', 'menu', third, ...admin(server)], server.root), { status: 1, stdout: '', stderr: /nothing was written[^]*menu\.calls\.yaml:\d+:\d+: error: .*\[call-fails\]/ })
  t.equal(liveOf(server), first)
  rmSync(join(server.folder, 'menu.calls.yaml'))

  // its sounds come back with it; another flow that plays them is not changed by the way
  save(server, bye(2), 'bye.wav')
  await reload(server)
  const fourth = liveOf(server)
  t.not(fourth, first)
  const heard = await tonval(['rollback', 'menu', ...admin(server), first], server.root)
  t.match(heard, { status: 0, stdout: /bye\.wav is another recording, in `bye`\n {2}written: menu\.yaml, bye\.wav/ })
  t.equal(liveOf(server), first)
  t.strictSame(readFileSync(join(server.folder, 'bye.wav')), bye(1))
  save(server, bye(2), 'bye.wav')
  save(server, other, 'other.yaml')
  await reload(server)
  const shared = liveOf(server, 'other')
  t.match(await tonval(['rollback', 'menu', first, ...admin(server)], server.root), { status: 1, stderr: /`other` would be heard otherwise too[^]*--force/ })
  t.equal(liveOf(server, 'other'), shared)
  t.match(await tonval(['rollback', 'menu', first, '--force', ...admin(server)], server.root), { status: 0 })
  t.not(liveOf(server, 'other'), shared)

  // what stands in the way of writing
  const outside = join(server.root, 'outside.yaml')
  writeFileSync(outside, file(server))
  unlinkSync(join(server.folder, 'menu.yaml'))
  symlinkSync(outside, join(server.folder, 'menu.yaml'))
  await reload(server)
  t.match(await tonval(['rollback', 'menu', third, '--force', ...admin(server)], server.root), { status: 1, stderr: /leads out of the folder/ })
  t.equal(readFileSync(outside, 'utf8'), menu(5))
})

void t.test('without a server', { timeout: 120_000 }, async t => {
  const server = await run({ files: { 'menu.yaml': menu(5), 'bye.wav': bye(1) } })
  const root = mkdtempSync(join(tmpdir(), 'tonval-versions-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  const first = liveOf(server)
  save(server, menu(6))
  await reload(server)
  const second = liveOf(server)
  for (const name of ['data', 'flows']) cpSync(join(server.root, name), join(root, name), { recursive: true })
  await server.stop()
  const data = ['--data', 'data']
  t.match((await tonval(['versions', ...data], root)).stdout, new RegExp(`menu +${second} +live [^]*menu +${first} `))
  t.match(await tonval(['versions'], root, { TONVAL_ADMIN: '127.0.0.1:1', TONVAL_DATA: 'data' }), { status: 0, stdout: new RegExp(second) }, 'nobody answers: the folder')
  t.match(await tonval(['diff', 'menu@live', 'flows/menu.yaml', ...data], root), { status: 0 })
  t.match(await tonval(['rollback', 'menu', ...data, '--dir', 'nowhere'], root), { status: 2, stderr: /--dir/ })
  const back = await tonval(['rollback', 'menu', ...data], root)
  t.match(back, { status: 0, stdout: new RegExp(`menu is back on ${first}, before: ${second}; no server was asked`) })
  t.equal(readFileSync(join(root, 'flows', 'menu.yaml'), 'utf8'), menu(5))
  t.match(await tonval(['diff', `menu@${first}`, 'flows', ...data], root), { status: 0 })
  t.match(await tonval(['rollback', 'menu', second, ...data], root), { status: 1, stderr: /holds an edit that is not live/ }, 'without a server, what was put back is not live yet')

  // a version whose recording is lost
  rmSync(join(root, 'data', 'sounds'), { recursive: true })
  rmSync(join(root, 'flows', 'bye.wav'))
  t.match(await tonval(['rollback', 'menu', second, '--force', ...data], root), { status: 1, stderr: /played `bye\.wav`, and that recording is no longer/ })
  if (process.getuid?.() !== 0) {
    writeFileSync(join(root, 'flows', 'bye.wav'), bye(1))
    chmodSync(join(root, 'flows'), 0o555)
    t.match(await tonval(['rollback', 'menu', second, '--force', ...data], root), { status: 1, stderr: /cannot be written/ })
    chmodSync(join(root, 'flows'), 0o755)
  }
})

void t.test('what went live is noted down', async t => {
  const data = mkdtempSync(join(tmpdir(), 'tonval-history-'))
  t.teardown(() => rmSync(data, { recursive: true }))
  t.strictSame(await readHistory(join(data, 'nowhere')), [])
  await noteLive(data, { a: '1', b: '1' }, 1)
  await noteLive(data, { a: '1', b: '2' }, 2)
  writeFileSync(join(data, 'history.jsonl'), `${readFileSync(join(data, 'history.jsonl'), 'utf8')}{"at":3,"flow":"a"\n\n{"at":"x"}\n`)
  await noteLive(data, { b: '2' }, 4)
  t.strictSame(await readHistory(data), [{ at: 1, flow: 'a', version: '1' }, { at: 1, flow: 'b', version: '1' }, { at: 2, flow: 'b', version: '2' }, { at: 4, flow: 'a', version: null }])
  writeFileSync(join(data, 'history.jsonl'), Array.from({ length: 10_000 }, (_, at) => `${JSON.stringify({ at, flow: at === 0 ? 'rare' : 'often', version: String(at) })}\n`).join(''))
  await noteLive(data, { rare: '0', often: 'new' }, 10_000)
  const short = await readHistory(data)
  t.equal(short.length, 101, 'a long one is shortened, flow by flow')
  t.match([short[0], short.at(-1)], [{ flow: 'rare' }, { flow: 'often', version: 'new' }])
})
