/**
 * `tonval lint` as people and build servers run it: arguments, files and standard input → exit status and output. Every
 * case runs with streams handed in; those marked `child` run as a process of their own as well, which costs 0.3 s of CPU.
 */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { lay } from './lay.ts'
import type { Files } from './lay.ts'
import { BARE_NODE, ENV } from './node.ts'

const MAIN = resolve('build/src/cli/main.js')
const good = 'start: bye\nlanguage: sv\nstates:\n  bye: { play: sound/beep, next: end }\n'
const bad = good.replace('next: end', 'next: edn')
const doubtful = `${good}  lost: { play: sound/beep, next: end }\n`
const numbered = `numbers: ["+46846500450"]\n${good}`

const calls = 'calls:\n  - name: bye\n    steps:\n      - play: sound/beep\n      - end\n'

interface Case {
  readonly name: string
  readonly args: readonly string[]
  /** null: a folder. */
  readonly files?: Files
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  readonly terminal?: { readonly columns: number }
  readonly child?: true
  readonly status: number
  readonly stdout?: RegExp | ''
  readonly stderr?: RegExp
}

const withCalls: Files = { 'flows/a.yaml': good, 'flows/a.calls.yaml': calls }
const mixed: Files = { 'flows/good.yaml': good, 'flows/bad.yaml': bad, 'flows/doubtful.yaml': doubtful }

const cases: readonly Case[] = [
  // which files
  { name: 'the default folder', args: [], files: { 'flows/a.yaml': good }, status: 0, stdout: /^no problems in 1 file with 1 state\n$/ },
  { name: 'good and bad files', child: true, args: [], files: mixed, status: 1, stdout: /error: `bye` leads.*unknown-target\n {2}--> flows\/bad\.yaml:4:34\n[^]*did you mean `end`\?\n\nwarning: [^]*1 error, 1 warning in 3 files/ },
  { name: 'only the named file is shown', args: ['flows/good.yaml'], files: mixed, status: 0, stdout: /^no problems in 1 file with 1 state\n$/ },
  { name: 'several named files', args: ['flows/good.yaml', './flows/bad.yaml'], files: mixed, status: 1, stdout: /1 error in 2 files/ },
  { name: 'a folder and one of its files', args: ['flows/good.yaml', 'flows'], files: mixed, status: 1, stdout: /in 3 files/ },
  { name: 'a folder named twice', args: ['flows', './flows/'], files: mixed, status: 1, stdout: /1 error, 1 warning in 3 files/ },
  { name: 'several folders', args: ['b', 'a'], files: { 'a/x.yaml': bad, 'b/x.yaml': bad }, status: 1, stdout: /--> a\/x\.yaml[^]*--> b\/x\.yaml[^]*2 errors in 2 files/ },
  { name: 'a line of a shell: a flow and its scripted calls', args: ['flows/a.yaml', 'flows/a.calls.yaml'], files: withCalls, status: 0, stdout: /^no problems in 2 files with 1 state\n$/ },
  { name: 'scripted calls go with their flow', args: ['flows/a.yaml'], files: { ...withCalls, 'flows/a.calls.yaml': 'calls: []\n' }, status: 1, stdout: /--> flows\/a\.calls\.yaml:1:1\n[^]*1 error in 2 files with 1 state\n$/ },
  { name: 'a call that fails', child: true, args: [], files: { ...withCalls, 'flows/b.yaml': good, 'flows/a.calls.yaml': calls.replace('beep', 'dtmf\/1') }, status: 1, stdout: /^error: the call `bye` goes another way {2,}call-fails\n {2}--> flows\/a\.calls\.yaml:4:9\n[^]*\^ met `play: sound\/beep`\n[^]*1 error in 3 files/ },
  { name: 'the same, left out', args: ['--no-calls'], files: { ...withCalls, 'flows/a.calls.yaml': 'calls: []\n' }, status: 0, stdout: /^no problems in 1 file with 1 state\n$/ },
  { name: 'calls of no flow', args: [], files: { ...withCalls, 'flows/c.calls.yaml': calls }, status: 1, stdout: /there is no flow `c` for these calls {2,}unknown-flow/ },
  { name: 'spaces and å', child: true, args: ['mina flöden', '--format', 'compact'], files: { 'mina flöden/växel.yaml': good, 'mina flöden/a b.yaml': good }, status: 1, stdout: /^mina flöden\/a b\.yaml:1:1: error: .* \[bad-name\]\nmina flöden\/växel\.yaml:1:1: error: .* \[bad-name\]\n$/ },
  { name: 'a link that leads nowhere', child: true, args: [], files: { 'flows/a.yaml': { link: 'gone.yaml' } }, status: 1, stdout: /unreadable-file[^]*1 error/ },
  { name: 'the same, named', args: ['flows/a.yaml'], files: { 'flows/a.yaml': { link: 'gone.yaml' } }, status: 1, stdout: /unreadable-file/ },
  { name: 'a folder that is called as a flow', args: [], files: { 'flows/a.yaml': null, 'flows/b.yaml': good }, status: 1, stdout: /unreadable-file/ },
  { name: 'a related place in a file that was not named', args: ['flows/b.yaml'], files: { 'flows/a.yaml': numbered, 'flows/b.yaml': numbered }, status: 1, stdout: /::: flows\/a\.yaml:1:11\n {3}\|\n 1 \| numbers: \["\+46846500450"\]\n[^]*in 1 file / },
  { name: 'a name that begins with a dash', args: ['--', '-x'], files: { '-x/a.yaml': good }, status: 0 },

  { name: 'a file that will not be read', args: [], files: { 'flows/a.yaml': good, 'flows/a.yaml.bak': good, 'flows/b.yml': good, 'flows/.c.yml': good, 'flows/a.calls.yaml': calls }, status: 0, stdout: /warning: `a\.yaml\.bak` lies among the flows[^]*--> flows\/a\.yaml\.bak:1:1[^]*`b\.yml`[^]*2 warnings in 2 files/ },
  { name: 'no scripted calls', args: ['--info'], files: { 'flows/a.yaml': good }, status: 0, stdout: /info: no scripted calls stand beside `a`[^]*a\.calls\.yaml/ },

  // nothing to check, bad usage
  { name: 'no flows folder', args: [], status: 2, stdout: '', stderr: /^tonval lint: there is no file or folder `flows`\n`tonval lint --help` shows how it is used\n$/ },
  { name: 'no such file', child: true, args: ['flows/god.yaml'], files: mixed, status: 2, stdout: '', stderr: /no file or folder `flows\/god\.yaml`; did you mean `flows\/good\.yaml`\?/ },
  { name: 'an empty folder', child: true, args: ['flows'], files: { flows: null }, status: 2, stdout: '', stderr: /there is no flow in `flows`: a flow is a file that ends in `\.yaml`/ },
  { name: 'the folder above', args: ['.'], files: mixed, status: 2, stderr: /did you mean `flows`\?/ },
  { name: 'yml', args: ['flows'], files: { 'flows/a.yml': good }, status: 2, stderr: /rename `a\.yml`/ },
  { name: 'a yml file', args: ['flows/a.yml'], files: { 'flows/a.yml': good }, status: 2, stderr: /`flows\/a\.yml` would not be served/ },
  { name: 'a sound', args: ['flows/a.mp3'], files: { 'flows/a.mp3': 'x' }, status: 2, stderr: /`flows\/a\.mp3` is no flow/ },
  { name: 'calls without a flow', args: ['flows/a.calls.yaml'], files: { 'flows/a.calls.yaml': 'calls: []\n' }, status: 2, stderr: /holds calls for `flows\/a\.yaml`, which is not there/ },
  { name: 'one good and one missing path', args: ['flows', 'gone'], files: mixed, status: 2, stdout: '', stderr: /`gone`/ },
  { name: 'a file as a folder', args: ['flows/good.yaml/x'], files: mixed, status: 2, stderr: /`flows\/good\.yaml\/x` cannot be read/ },
  { name: 'an empty name', args: ['--stdin-name', '', '-'], status: 2, stderr: /`--stdin-name` needs a value/ },
  { name: 'a format that there is not', child: true, args: ['--format', 'nonsense'], files: mixed, status: 2, stdout: '', stderr: /`--format` does not know `nonsense`; it knows: pretty, compact, json, sarif, github, junit/ },
  { name: 'a format with a typo', args: ['--format=jsno'], files: mixed, status: 2, stderr: /did you mean `json`\? It knows: pretty/ },
  { name: 'a format without a value', args: ['--format'], files: mixed, status: 2, stderr: /`--format` needs a value: pretty, compact/ },
  { name: 'an option with a typo', args: ['--fromat', 'json'], files: mixed, status: 2, stderr: /no option `--fromat`; did you mean `--format`\?/ },
  { name: 'an option named as what every object has', args: ['--constructor'], files: mixed, status: 2, stderr: /no option `--constructor`/ },
  { name: 'a flag with a value', args: ['--info=yes'], files: mixed, status: 2, stderr: /`--info` takes no value, and `yes` was given/ },

  // what fails
  { name: 'warnings may fail', args: ['--fail-on', 'warning', 'flows/doubtful.yaml'], files: mixed, status: 1 },
  { name: 'warnings do not fail by themselves', args: ['flows/doubtful.yaml'], files: mixed, status: 0, stdout: /1 warning in/ },
  { name: 'errors fail where warnings do', args: ['--fail-on', 'warning', 'flows/bad.yaml'], files: mixed, status: 1 },
  { name: 'nothing fails', args: ['--fail-on', 'never'], files: mixed, status: 0, stdout: /1 error/ },
  { name: 'infos may fail', args: ['--fail-on', 'info', 'flows/good.yaml'], files: mixed, status: 1, stdout: /no-calls/ },

  // formats
  { name: 'json', child: true, args: ['--format', 'json', 'flows/bad.yaml'], files: mixed, status: 1, stdout: /^\{"version":1,"checked":\{"files":1,"states":1\},"problems":\[\{"code":"unknown-target",.*\}\]\}\n$/ },
  { name: 'compact, clean', args: ['--format', 'compact', 'flows/good.yaml'], files: mixed, status: 0, stdout: '' },
  { name: 'sarif', args: ['--format', 'sarif'], files: mixed, status: 1, stdout: /"version": "2\.1\.0"/ },
  { name: 'github', args: ['--format', 'github'], files: mixed, status: 1, stdout: /^::error file=flows\/bad\.yaml,line=4,/ },
  { name: 'junit counts as failures what makes it fail', args: ['--format', 'junit', '--fail-on', 'warning'], files: mixed, status: 1, stdout: /tests="3" failures="2"/ },
  { name: 'no colours into a pipe', child: true, args: [], files: mixed, env: { FORCE_COLOR: '1' }, status: 1, stdout: /^[^\u001b]*$/ },

  { name: 'colours on a terminal', args: [], files: mixed, terminal: { columns: 80 }, status: 1, stdout: /^\u001b\[1;31merror:\u001b\[0m/ },
  { name: 'no colours where nobody wants them', args: [], files: mixed, terminal: { columns: 80 }, env: { NO_COLOR: '1' }, status: 1, stdout: /^error: `bye` leads to a state that does not exist {17}unknown-target\n[^\u001b]*$/ },
  { name: 'an empty NO_COLOR is none', args: [], files: mixed, terminal: { columns: 80 }, env: { NO_COLOR: '' }, status: 1, stdout: /^\u001b/ },

  // standard input
  { name: 'standard input in the place of a file', args: ['--stdin-name', 'flows/bad.yaml', '-'], files: mixed, stdin: good, status: 0, stdout: /^no problems in 1 file/ },
  { name: 'standard input as a new file', child: true, args: ['-', '--stdin-name=flows/new.yaml'], files: mixed, stdin: `\uFEFF${bad}`, status: 1, stdout: /--> flows\/new\.yaml:4:34/ },
  { name: 'standard input meets the other files', args: ['--stdin-name', './flows/b.yaml', '-'], files: { 'flows/a.yaml': numbered }, stdin: numbered, status: 1, stdout: /number-used-twice/ },
  { name: 'empty standard input', args: ['--stdin-name', 'flows/new.yaml', '-'], files: mixed, stdin: '', status: 1, stdout: /empty-file/ },
  { name: 'standard input without a name', args: ['-'], files: mixed, stdin: good, status: 2, stderr: /say with `--stdin-name FILE` which file it is/ },
  { name: 'a name without standard input', args: ['--stdin-name', 'flows/a.yaml'], files: mixed, status: 2, stderr: /goes with `-` as the path: `tonval lint --stdin-name flows\/a\.yaml -`/ },
  { name: 'a name in no folder', args: ['--stdin-name', 'flowers/a.yaml', '-'], files: mixed, stdin: good, status: 2, stderr: /no file or folder `flowers`; did you mean `flows`/ },
  { name: 'a name in a file', args: ['--stdin-name', 'flows/good.yaml/a.yaml', '-'], files: mixed, stdin: good, status: 2, stderr: /is no folder/ },
  { name: 'the name of no flow', args: ['--stdin-name', 'flows/a.txt', '-'], files: mixed, stdin: good, status: 2, stderr: /`flows\/a\.txt` is no flow/ },
  { name: 'the name of scripted calls', args: ['--stdin-name', 'flows/good.calls.yaml', '-'], files: mixed, stdin: 'calls: []', status: 2, stderr: /takes a flow's file/ },

  { name: 'help', args: ['--help'], status: 0, stdout: /^tonval lint: checks flows[^]*--fail-on LEVEL[^]*Exit status: 0 clean/ },
  { name: 'help, short', args: ['-h', '--format', 'json'], status: 0, stdout: /Usage: tonval lint/ },
]

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

async function run(args: readonly string[], cwd: string, one: Partial<Case> = {}): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const status = await runCommand(args, {
    stdout: { write: text => { stdout += text }, ...(one.terminal && { isTTY: true, ...one.terminal }) },
    stderr: { write: text => { stderr += text } },
    // in two pieces, the first of which may end within a character
    stdin: Readable.from([Buffer.from(one.stdin ?? '').subarray(0, 1), Buffer.from(one.stdin ?? '').subarray(1)]),
    env: one.env ?? {},
    cwd,
  })
  return { status, stdout, stderr }
}

function runChild(args: readonly string[], cwd: string, one: Partial<Case> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(ENV, [...BARE_NODE, MAIN, ...args], { cwd, input: one.stdin ?? '', encoding: 'utf8', env: { PATH: process.env['PATH'], ...one.env } })
  return { status, stdout, stderr }
}

for (const one of cases) {
  void t.test(one.name, async t => {
    const cwd = lay(one.files)
    const ran = await run(['lint', ...one.args], cwd, one)
    t.equal(ran.status, one.status, `exit status; standard error: ${ran.stderr}`)
    if (one.stdout === '') t.equal(ran.stdout, '')
    else if (one.stdout !== undefined) t.match(ran.stdout, one.stdout)
    if (one.stderr === undefined) t.equal(ran.stderr, '')
    else t.match(ran.stderr, one.stderr)
    if (one.child) t.strictSame(runChild(['lint', ...one.args], cwd, one), ran, 'the same as a process')
  })
}

void t.test('the command itself', async t => {
  const cwd = lay()
  const rows: [args: string[], status: number, stdout: RegExp, stderr: RegExp][] = [
    [[], 0, /Usage: tonval COMMAND[^]* {2}lint +check/, /^$/],
    [['--help'], 0, /Usage: tonval COMMAND/, /^$/],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['explain', 'unknown-target'], 0, /^unknown-target \(error\)\n[^]*What it finds:[^]*error: `desk` leads[^]*What is good:[^]*cannot be silenced/, /^$/],
    [['explain', 'abrupt-end', 'no-calls'], 0, /# tonval-ignore abrupt-end -- [^]*no-calls \(info\)/, /^$/],
    [['explain'], 0, /^Errors[^]* {2}yaml-syntax [^]*Warnings[^]* {2}abrupt-end [^]*Infos[^]* {2}no-calls /, /^$/],
    [['explain', 'abrupt-ned'], 2, /^$/, /no rule `abrupt-ned`; did you mean `abrupt-end`\?/],
    [['explain', '--help'], 0, /Usage: tonval explain/, /^$/],
    [['lnit'], 2, /^$/, /there is no command `lnit`; did you mean `tonval lint`\?\n`tonval --help` lists/],
    [['__proto__'], 2, /^$/, /there is no command `__proto__`\n/],
  ]
  for (const [args, status, stdout, stderr] of rows) {
    const ran = await run(args, cwd)
    t.equal(ran.status, status, args.join(' '))
    t.match(ran.stdout, stdout)
    t.match(ran.stderr, stderr)
  }
  t.strictSame(runChild(['--version'], cwd), await run(['--version'], cwd))
})

void t.test('a fault of our own', async t => {
  const broken = { async *[Symbol.asyncIterator]() { yield await Promise.reject<string>(new Error('the stream broke')) } }
  let stderr = ''
  const quiet = { write: (): void => undefined }
  const status = await runCommand(['lint', '--stdin-name', 'a.yaml', '-'], { stdout: quiet, stderr: { write: text => { stderr += text } }, stdin: broken, env: {}, cwd: lay() })
  t.equal(status, 3)
  t.match(stderr, /^tonval lint: this is a fault of tonval, not of your files\nError: the stream broke\n/)
})

void t.test('a reader that goes away early is no fault', async t => {
  const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`flows/f${i}.yaml`, bad.replace('bye:', `bye:${' '.repeat(2000)}`)]))
  const child = spawn(ENV, [...BARE_NODE, MAIN, 'lint', '--format', 'sarif'], { cwd: lay(many), stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  const [status, signal] = await new Promise<[number | null, string | null]>(done => child.on('close', (...end) => done(end)))
  t.strictSame([status, signal, stderr], [1, null, ''])
})

void t.test('an output that cannot be written is a fault', { skip: existsSync('/dev/full') ? false : 'this system has no /dev/full' }, async t => {
  const full = openSync('/dev/full', 'w')
  const { status, stderr } = spawnSync(ENV, [...BARE_NODE, MAIN, 'lint'], { cwd: lay({ 'flows/a.yaml': good }), stdio: ['ignore', full, 'pipe'], encoding: 'utf8' })
  closeSync(full)
  t.equal(status, 3)
  t.match(stderr, /^tonval: the output cannot be written: .*\n$/)
})
