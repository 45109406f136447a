/**
 * `tonval call` without a terminal: arguments → exit status and output, against flows and against small webhooks. Every
 * case runs with streams handed in, of which standard input must not be read; those marked `child` run in a pipe too.
 */
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { listen } from './emulator/webhook.ts'
import { lay } from './lay.ts'
import type { Files } from './lay.ts'
import { BARE_NODE, ENV } from './node.ts'

const MAIN = resolve('build/src/cli/main.js')
const good = 'start: bye\nlanguage: sv\ntimezone: Europe/Stockholm\nstates:\n  bye: { play: sound/beep, next: end }\n'
const bad = good.replace('next: end', 'next: edn')
const doubtful = `${good}  lost: { play: sound/beep, next: end }\n`
const numbered = `numbers: ["+46846500450"]\n${good}`
// what a flow believes about the call can be heard
const asks = `numbers: ["+46846500450"]\nstart: who\nlanguage: sv\ntimezone: Europe/Stockholm\nstates:
  who:
    route:
      - when: { caller: hidden }
        goto: hidden
      - when: { called: "+46846500499" }
        goto: other
      - goto: usual
  hidden: { play: sound/dtmf/1, next: end }
  other: { play: sound/dtmf/2, next: end }
  usual: { play: sound/dtmf/3, next: end }
`

interface Case {
  readonly name: string
  /** `$` at the start of an argument stands for the webhook. */
  readonly args: readonly string[]
  /** Files of the folder; without any the case runs in the repository, with its own flows. */
  readonly files?: Files
  readonly child?: true
  readonly status: number
  readonly stdout?: RegExp | ''
  readonly stderr?: RegExp
}

const both: Files = { 'flows/good.yaml': good, 'flows/bad.yaml': bad }
const keys = (words: string): string[] => ['--keys', words]

const cases: readonly Case[] = [
  // which flow
  { name: 'the only flow', args: keys('hang-up'), files: { 'flows/a.yaml': good }, status: 0, stdout: /plays? sound\/beep[^]*States {5}bye\n/ },
  { name: 'another folder', args: ['--dir', 'mina flöden', ...keys('1')], files: { 'mina flöden/a.yaml': good }, status: 0, stdout: /States {5}bye/ },
  { name: 'a file', args: ['x/a.yaml', ...keys('1')], files: { 'x/a.yaml': good }, status: 0, stdout: /States {5}bye/ },
  { name: 'a flow beside one with errors', args: ['good', ...keys('1')], files: both, status: 0, stdout: /The call was completed\.\n$/ },
  { name: 'warnings of lint keep nobody from calling', args: keys('1'), files: { 'flows/a.yaml': doubtful }, status: 0 },
  { name: 'several flows', args: keys('1'), files: both, status: 2, stdout: '', stderr: /there are 2 flows in `flows`; name the one to call: bad, good/ },
  { name: 'an unknown flow', args: ['god', ...keys('1')], files: both, status: 2, stdout: '', stderr: /there is no flow `god` in `flows`; did you mean `good`\?/ },
  { name: 'a flow unlike all', args: ['xyzzy', ...keys('1')], files: both, status: 2, stderr: /there are: bad, good/ },
  { name: 'a flow with errors', child: true, args: ['bad', ...keys('1')], files: both, status: 2, stdout: '', stderr: /unknown-target\n {2}--> flows\/bad\.yaml:5:34[^]*did you mean `end`\?[^]*`bad` has errors and would not answer calls/ },
  { name: 'no folder', args: keys('1'), files: { x: '' }, status: 2, stderr: /the folder `flows` does not exist; say with --dir/ },
  { name: 'an empty folder', args: keys('1'), files: { 'flows/x.txt': '' }, status: 2, stderr: /there is no flow in `flows`/ },
  { name: 'two flows', args: ['good', 'bad', ...keys('1')], files: both, status: 2, stderr: /one flow is called at a time/ },
  { name: 'keys without --keys', args: ['good', '1'], files: both, status: 2, stderr: /keys go with --keys "1 2#"/ },

  // bad usage
  { name: 'no terminal and no keys', child: true, args: ['good'], files: both, status: 2, stdout: '', stderr: /here is no terminal to press keys at: say with --keys/ },
  { name: 'words that are none', args: ['good', ...keys('1 silense')], files: both, status: 2, stderr: /--keys: "silense" is no move: write digits, silence/ },
  { name: 'keys of no telephone', args: ['good', ...keys('1A')], files: both, status: 2, stderr: /"1A" is no move/ },
  { name: 'an address for a flow', args: ['http://localhost:1/', ...keys('1')], files: both, status: 2, stderr: /write `--url http:\/\/localhost:1\/`/ },
  { name: 'an address without http', args: ['--url', 'localhost:5000/call', ...keys('1')], files: both, status: 2, stderr: /did you mean `http:\/\/localhost:5000\/call`\?/ },
  { name: 'a flow and an address', args: ['good', '--url', '$/', ...keys('1')], files: both, status: 2, stderr: /`good` is a flow, and --url/ },
  { name: 'a time for an address', args: ['--url', '$/', '--at', '2026-03-02T14:30Z', ...keys('1')], status: 2, stderr: /has a clock of its own/ },
  { name: 'a time without offset', args: ['good', '--at', '2026-03-02T14:30', ...keys('1')], files: both, status: 2, stderr: /add the offset from UTC: `2026-03-02T14:30\+01:00`/ },
  { name: 'a time that there is not', args: ['good', '--at', '2026-13-02T14:30Z', ...keys('1')], files: both, status: 2, stderr: /is no time/ },
  { name: 'a number that is none', args: ['good', '--from', '0701234567', ...keys('1')], files: both, status: 2, stderr: /--from: `0701234567` is no number such as/ },
  { name: 'readings without keys', args: ['good', '--readings', 'all'], files: both, status: 2, stderr: /`--readings all` goes with --keys/ },
  { name: 'json without keys', args: ['good', '--format', 'json'], files: both, status: 2, stderr: /`--format json` goes with --keys/ },
  { name: 'sounds in no time', args: ['good', '--play', ...keys('1')], files: both, status: 2, stderr: /`--play` is for a call in real time/ },
  { name: 'a record of another kind', args: ['good', '--record', 'flows/good.yaml', ...keys('1')], files: both, status: 2, stderr: /ends in `\.calls\.yaml`/ },
  { name: 'a record nowhere', args: ['good', '--record', 'gone/good.calls.yaml', ...keys('1')], files: both, status: 2, stderr: /there is no folder `gone`/ },
  { name: 'a name for nothing', args: ['good', '--name', 'x', ...keys('1')], files: both, status: 2, stderr: /give the file too/ },
  { name: 'help', args: ['--help'], status: 0, stdout: /^tonval call: a telephone in the terminal[^]*Exit status: 0 the call was completed/ },

  // the flows of this repository
  { name: 'a key', child: true, args: ['carrier-example', ...keys('1')], status: 0, stdout: /To be thanked, press 1[^]*presses 1\n[^]*plays thank-you\.mp3, 2\.988 s: "Thank you[^]*Length {5}3 s; it ended because nothing was to follow\nStates {5}menu, menu\.on\.1\nRequests {3}3, of which the caller waited for 2 round trips \(\d+ ms\)\n\nThe call was completed\.\n$/ },
  { name: 'no address of this machine and no token is shown', args: ['carrier-example', ...keys('1')], status: 0, stdout: /^(?!.*(127\.0\.0\.1|key=))[^]*POST \/voice\/carrier-example\/\.\.\. \(next, result=1\)/s },
  { name: 'silence through all repeats', args: ['carrier-example', ...keys('silence')], status: 0, stdout: /time 3[^]*result=failed, why=noinput[^]*Length {5}59\.8 s[^]*States {5}menu, goodbye/ },
  { name: 'a busy line, a message', args: ['switchboard', ...keys('7 1 busy failed speak:9')], status: 0, stdout: /States {5}welcome, news, menu, sales, voicemail, thanks\n[^]*Recorded {3}9 s\n/ },
  { name: 'after the last word the caller hangs up', args: ['switchboard', ...keys('2')], status: 0, stdout: /caller {4}hangs up[^]*it ended because the caller hung up/ },
  { name: 'words that the call does not come to', args: ['carrier-example', ...keys('1 2# busy')], status: 0, stdout: /Not done {3}2# busy\n/ },
  { name: 'a word that does not suit', args: ['carrier-example', ...keys('busy')], status: 0, stdout: /Not done {3}busy: an ivr was met, but line comes next, so the caller hung up/ },
  { name: 'json', args: ['carrier-example', '--format', 'json', '--at', '2026-03-02T14:30+01:00', ...keys('1')], status: 0, stdout: /^\{"version":1,"flow":"carrier-example","callid":"c[0-9a-f]{32}","direction":"incoming","from":"\+46701234567","to":"\+46846500450","began":"2026-03-02T13:30:00\.000Z","seconds":2\.988,"state":"success","ended":"no-next","ok":true,"states":\["menu","menu\.on\.1"\],"roundTrips":2,.*\}\n$/ },
  { name: 'readings, all the same', args: ['carrier-example', '--readings', 'all', ...keys('1')], status: 0, stdout: /^cautious +same\nrepeat +same\n[^]*\n34 readings, all the same\n\nUnder the cautious reading:\n {2}Length/ },
  { name: 'readings that differ', args: ['switchboard', '--readings', 'all', ...keys('* 1 success')], status: 0, stdout: /\nstar +differs\n +Is \* a digit like others\? ignored\n +here: +\S.*\n +cautious: \S.* \(line \d+\)\n[^]*34 readings, \d+ differ/ },
  { name: 'readings as json', args: ['switchboard', '--readings', 'all', '--format', 'json', ...keys('* 1 success')], status: 0, stdout: /"readings":\[\{"name":"cautious","differs":false,"ok":true,"ended":"[a-z-]+"\},.*"name":"star",.*"differs":true/ },

  // who calls
  { name: 'the usual caller', args: keys('1'), files: { 'flows/a.yaml': asks }, status: 0, stdout: /sound\/dtmf\/3/ },
  { name: 'a hidden number', args: ['--from', 'hidden', ...keys('1')], files: { 'flows/a.yaml': asks }, status: 0, stdout: /sound\/dtmf\/1/ },
  { name: 'another line', args: ['--to', '+46 8-465 004 99', ...keys('1')], files: { 'flows/a.yaml': asks }, status: 0, stdout: /sound\/dtmf\/2/ },
  { name: 'the line of the flow', args: ['--format', 'json', ...keys('1')], files: { 'flows/a.yaml': numbered }, status: 0, stdout: /"to":"\+46846500450"/ },

  // other applications
  { name: 'an application', args: ['--url', '$/', ...keys('1')], status: 0, stdout: /plays 2\.wav, 2 s\n[^]*Requests {3}3, of[^]*The call was completed\.\n$/ },
  { name: 'warnings do not fail', args: ['--url', '$/', ...keys('2')], status: 0, stdout: /warning: next \(POST http:\/\/127[^]*answered with \{\}[^]*\[reply-empty\][^]*The call was completed, with 1 warning\.\n$/ },
  { name: 'an application that crashes', child: true, args: ['--url', '$/', ...keys('3')], status: 1, stdout: /error: next \(POST .* with result=3\): answered with status 500: the application broke[^]*\[reply-status\]\n\nThe application failed the call\.\n$/ },
  { name: 'an action in place of an address', args: ['--url', '{"play":"sound/beep"}', ...keys('1')], status: 0, stdout: /plays sound\/beep/ },
  { name: 'what an application sends does not move the cursor', args: ['--url', '{"play":"sound/beep\\u001b[2J"}', ...keys('1')], status: 0, stdout: /^[^\u001b]*␛\[2J[^\u001b]*$/ },
  { name: 'nobody there', args: ['--url', 'http://127.0.0.1:9/', ...keys('1')], status: 1, stdout: /nothing listens at 127\.0\.0\.1:9: is the application running\?[^]*The application failed the call\.\n$/ },
]

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

async function run(args: readonly string[], cwd: string): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const stdin = { [Symbol.asyncIterator](): AsyncIterator<string> { throw new Error('standard input was read') } }
  const status = await runCommand(args, { stdout: { write: text => { stdout += text } }, stderr: { write: text => { stderr += text } }, stdin, env: {}, cwd })
  return { status, stdout, stderr }
}

/** As a process; its standard input stays open, so that it would wait for ever if it read it. */
function runChild(args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(ENV, [...BARE_NODE, MAIN, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  return new Promise(done => child.on('close', status => done({ status, stdout, stderr })))
}

// a machine that is busy with other tests takes long for a process
t.setTimeout(110_000)

void t.test('arguments', { timeout: 100_000 }, async t => {
  const hook = await listen({
    '/': { ivr: '$/3.wav', digits: 1, timeout: 5, repeat: 2, next: '$/next' },
    '/next': ({ form }, response) => {
      if (form['result'] === '1') return { play: '$/2.wav', next: '$/bye' }
      if (form['result'] === '2') return {}
      response.writeHead(500).end('TypeError: undefined is not a function')
      return undefined
    },
    '/bye': { hangup: 'reject' },
  })
  t.teardown(() => hook.close())
  for (const one of cases) {
    await t.test(one.name, async t => {
      const cwd = one.files === undefined ? process.cwd() : lay(one.files)
      const args = ['call', ...one.args.map(arg => (arg.startsWith('$') ? hook.base + arg.slice(1) : arg))]
      const check = (ran: Ran): void => {
        t.equal(ran.status, one.status, `exit status; standard error: ${ran.stderr}`)
        if (one.stdout === '') t.equal(ran.stdout, '')
        else if (one.stdout !== undefined) t.match(ran.stdout, one.stdout)
        if (one.stderr === undefined) t.equal(ran.stderr, '')
        else t.match(ran.stderr, one.stderr)
      }
      check(await run(args, cwd))
      if (one.child) check(await runChild(args, cwd))
    })
  }
})

void t.test('nothing is written', async t => {
  const cwd = lay({ 'flows/a.yaml': good })
  await run(['call', '--keys', '1'], cwd)
  t.strictSame(readdirSync(cwd, { recursive: true }).sort(), ['flows', 'flows/a.yaml'])
})

void t.test('a reader that goes away early is no fault', { timeout: 60_000 }, async t => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" call switchboard --keys "7 1 busy failed speak:9"; echo "status $?" >&2`], { stdio: ['ignore', 'pipe', 'pipe'] })
  const head = spawn('head', ['-1'], { stdio: [child.stdout, 'pipe', 'ignore'] })
  child.stdout.destroy()
  let first = ''
  let stderr = ''
  head.stdout.setEncoding('utf8').on('data', (text: string) => { first += text })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  await Promise.all([child, head].map(one => new Promise(done => one.on('close', done))))
  t.match(first, /^00:00\.0 {2}carrier {3}POST \/voice\/switchboard.*\n$/)
  t.equal(stderr, 'status 0\n')
})

void t.test('the webhook of the README', { timeout: 60_000 }, async t => {
  const free = createServer().listen(0, '127.0.0.1')
  await new Promise(done => free.once('listening', done))
  const { port } = free.address() as AddressInfo
  await new Promise(done => free.close(done))
  const hook = spawn(ENV, [...BARE_NODE, 'test/cases/call/webhook.js'], { env: { PORT: String(port) }, stdio: 'ignore' })
  t.teardown(() => hook.kill())
  const url = `http://localhost:${port}`
  while (!await fetch(url).then(() => true, () => false)) if (hook.exitCode !== null) throw new Error('the webhook did not start')
  const rows: [words: string, stdout: RegExp][] = [
    ['0 busy 1', /plays menu\.mp3, 7\.884 s[^]*line {6}busy[^]*plays sound\/beep[^]*4 round trips[^]*The call was completed\.\n$/],
    ['silence', /result=failed and why=noinput\): answered with an empty body \(request 2, at 25\.768 s\)\n {2}An empty reply[^]*with 1 warning\.\n$/],
  ]
  for (const [words, stdout] of rows) {
    const ran = await run(['call', '--url', url, '--keys', words], process.cwd())
    t.equal(ran.status, 0, ran.stderr)
    t.match(ran.stdout, stdout)
  }
})
