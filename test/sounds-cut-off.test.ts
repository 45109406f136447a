/** `tonval sounds --fix` where the disk is full or the process is killed: each name keeps its whole sound, no original is lost, and the next run ends the work. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { inspect } from '../src/prompts/inspect.ts'
import { sniff } from '../src/prompts/sniff.ts'
import { BARE_NODE, ENV } from './node.ts'
import { MP3, OGG } from './real-sounds.ts'
import { lay, LOUD, STEREO, tonval } from './sounds/folder.ts'
import type { Ran } from './sounds/folder.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-cut-off-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const MAIN = resolve('build/src/cli/main.js')
const PROBE = pathToFileURL(resolve('build/test/sounds/disk-probe.js')).href
/** Nothing is spoken, so that no engine has to start. */
const FLOW = `start: menu
language: en
states:
  menu: { ivr: [en/menu.wav, good.mp3], on: { 1: bye, noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: loud.mp3, next: end }
`

interface Killed extends Omit<Ran, 'status'> { readonly status: number | null; readonly signal: string | null }

async function run(cwd: string, how: Readonly<Record<string, string>>): Promise<Killed> {
  const child = spawn(ENV, [...BARE_NODE, '--import', PROBE, MAIN, 'sounds', '--fix', '--format', 'json'], { cwd, env: { PATH: process.env['PATH'] ?? '', TMPDIR: root, DISK: join(cwd, 'flows'), ...how }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const [status, signal] = await once(child, 'close') as [number | null, string | null]
  return { status, signal, stdout, stderr }
}

/** The files of a folder of flows with what is in them; `hidden`: with those that a process in the middle of writing has. */
function filesOf(cwd: string, hidden = false): Map<string, Buffer> {
  const flows = join(cwd, 'flows')
  const names = readdirSync(flows, { recursive: true, encoding: 'utf8' }).filter(name => statSync(join(flows, name)).isFile() && (hidden || !/(^|\/)\./.test(name)))
  return new Map(names.sort().map(name => [name, readFileSync(join(flows, name))]))
}

const text = (files: ReadonlyMap<string, Buffer>): Record<string, string> => Object.fromEntries([...files].map(([name, bytes]) => [name, bytes.toString('base64')]))

/** What must hold wherever it was cut off. */
async function holds(t: Test, cwd: string, what: string): Promise<void> {
  const files = filesOf(cwd)
  for (const [name, original] of Object.entries({ STEREO, LOUD, MP3, OGG })) t.ok([...files.values()].some(bytes => bytes.equals(original)), `${what}: the original ${name} is there`)
  for (const flow of ['a.yaml', 'other.yaml']) {
    const names = files.get(flow)?.toString().match(/[\w/]+\.(?:mp3|wav|ogg)/g) ?? []
    t.equal(names.length, flow === 'a.yaml' ? 3 : 1, `${what}: ${flow} is whole`)
    for (const name of names) {
      const bytes = files.get(name)
      const heard = bytes === undefined ? undefined : await inspect(bytes, sniff(bytes) ?? 'wav')
      t.match(heard, { seconds: /^[0-9.]+$/ }, `${what}: ${name} in ${flow} is heard whole`)
      t.ok(bytes !== undefined && ([STEREO, LOUD, MP3].some(original => original.equals(bytes)) || (heard !== undefined && 'level' in heard && Math.abs(heard.level + 20) < 1)), `${what}: ${name} is the old sound or the new one`)
    }
  }
}

void t.test('killed after each step', { timeout: 280_000 }, async t => {
  const whole = lay(root, FLOW)
  t.match(await run(whole, {}), { status: 0 })
  const meant = text(filesOf(whole))
  // two recordings and two originals, two flows and the calls of one: seven are written, seven renamed, one is removed
  const last = 15
  const ends = [await tonval(whole, ['lint']), await run(lay(root, FLOW), { KILL: String(last + 1) })]
  t.strictSame(ends.map(one => one.status), [0, 0], 'there are no more steps')
  // what is written beside the folder's files is the same each time
  for (const step of [1, 7, 8, 9, 10, 11, 12, 13, 14, last]) {
    const cwd = lay(root, FLOW)
    t.match(await run(cwd, { KILL: String(step) }), { signal: 'SIGKILL' }, `step ${step}`)
    await holds(t, cwd, `killed after step ${step}`)
    const left = [...filesOf(cwd, true).keys()].filter(name => name.endsWith('.tmp'))
    t.equal(left.length, step <= 7 ? step : 14 - Math.min(step, 14), 'what was being written')
    for (const name of left) utimesSync(join(cwd, 'flows', name), 1, 1)
    const next = await tonval(cwd, ['sounds', '--fix', '--format', 'json'])
    t.equal(next.status, 0, next.stderr)
    t.strictSame(text(filesOf(cwd, true)), meant, `the next run ends what was cut off after step ${step}, and tidies up`)
  }
})

void t.test('what another process writes just now is left alone', async t => {
  const cwd = lay(root, FLOW)
  t.match(await run(cwd, { KILL: '2' }), { signal: 'SIGKILL' })
  t.equal((await tonval(cwd, ['sounds', '--fix'])).status, 0)
  t.equal([...filesOf(cwd, true).keys()].filter(name => name.endsWith('.tmp')).length, 2)
})

void t.test('a disk that has no room for one of the files', { timeout: 120_000 }, async t => {
  for (const step of [1, 4, 7]) {
    const cwd = lay(root, FLOW)
    const before = text(filesOf(cwd))
    t.match(await run(cwd, { FULL: String(step) }), { status: 1, stderr: 'tonval sounds: nothing was changed: the disk is full\n' }, `file ${step}`)
    t.strictSame(text(filesOf(cwd, true)), before, 'nothing was changed, and nothing is left')
    const next = await tonval(cwd, ['sounds', '--fix'])
    t.equal(next.status, 0, next.stderr)
  }
})

/** A file system of two megabytes, full but for some kilobytes; then with room again. */
const FULL_DISK = `set -e
mount -t tmpfs -o size=2m tmpfs "$1"
cp -r "$2"/. "$1"
cd "$1"
list() { find . -type f ! -name .filler ! -path './.tonval/*' | sort | xargs sha256sum; }
list > "$3/before"
free=$(df --output=avail -k . | tail -n 1)
dd if=/dev/zero of=.filler bs=1k count=$((free - $4)) status=none
"$5" "$6" sounds --fix --format json > "$3/out" 2> "$3/err" && echo 0 > "$3/status" || echo $? > "$3/status"
list > "$3/after"
rm .filler
"$5" "$6" sounds --fix --format json > /dev/null 2>&1 && echo 0 > "$3/again" || echo $? > "$3/again"
list | sed 's/ .*//' | sort > "$3/end"
`

void t.test('a real disk that is full', { timeout: 120_000 }, async t => {
  if (spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status !== 0) return t.comment('nobody may mount a small disk here')
  const hash = async (cwd: string): Promise<string> => {
    await tonval(cwd, ['sounds', '--fix'])
    return spawnSync('sh', ['-c', 'find flows -type f | xargs sha256sum | sed "s/ .*//" | sort'], { cwd, encoding: 'utf8' }).stdout
  }
  const meant = await hash(lay(root, FLOW))
  // no room at all; for one original, and not for the other files
  for (const room of [0, 372]) {
    const cwd = lay(root, FLOW)
    mkdirSync(join(cwd, '.tonval'))
    const [disk, told] = [mkdtempSync(join(root, 'disk-')), mkdtempSync(join(root, 'told-'))]
    const ran = spawnSync('unshare', ['-rm', ENV, '-u', 'NODE_OPTIONS', 'sh', '-c', FULL_DISK, 'sh', disk, cwd, told, String(room), process.execPath, MAIN], { encoding: 'utf8' })
    t.equal(ran.status, 0, ran.stderr)
    const of = (name: string): string => readFileSync(join(told, name), 'utf8')
    t.equal(of('status'), '1\n', `${room} kB`)
    t.equal(of('err'), 'tonval sounds: nothing was changed: the disk is full\n')
    t.equal(of('after'), of('before'))
    t.equal(of('again'), '0\n')
    t.equal(of('end'), meant, 'with room again, all of it is done')
  }
})
