/** `tonval test` as people and build servers run it: arguments and files → exit status and output. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { checkCalls } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { holdTwice } from '../src/cli/hold-twice.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { lay } from './lay.ts'
import type { Files } from './lay.ts'
import { BARE_NODE, ENV } from './node.ts'
import { readXml } from './xml.ts'

const MAIN = resolve('build/src/cli/main.js')
const flow = `start: menu
states:
  menu: { ivr: true, sorry: sound/beep, on: { 1: bye, noinput: bye, nomatch: end } }
  bye: { play: sound/beep, next: end }
`
const one = `calls:
  - name: a key
    steps: [{ ivr: {} }, { press: 1 }, { play: sound/beep }, end]
`
const two = `${one}  - name: no <key> & no "word"
    steps:
      - ivr: {}
      - silence
      - end
`
const lost = flow.replace('next: end', 'next: edn')

const good: Files = { 'flows/a.yaml': flow, 'flows/a.calls.yaml': one }
const failing: Files = { 'flows/a.yaml': flow, 'flows/a.calls.yaml': two, 'flows/b.yaml': flow, 'flows/b.calls.yaml': one }
const broken: Files = { ...good, 'flows/b.yaml': lost, 'flows/b.calls.yaml': one }

interface Case {
  readonly name: string
  readonly args: readonly string[]
  readonly files?: Files
  readonly terminal?: true
  readonly status: number
  readonly stdout?: RegExp | ''
  readonly stderr?: RegExp
}

const cases: readonly Case[] = [
  { name: 'all pass', args: [], files: good, status: 0, stdout: /^1 call goes as written\n$/ },
  { name: 'one fails', args: ['flows'], files: failing, status: 1, stdout: /^error: the call `no <key> & no "word"` goes another way +call-fails\n {2}--> flows\/a\.calls\.yaml:8:9\n[^]* 8 \| +- end\n[^]*\^\^\^ met `play: sound\/beep`[^]*= so far:\n +ivr silence\.wav\n\n1 of 3 calls fails\n$/ },
  { name: 'a flow stands for its calls', args: ['flows/b.yaml'], files: failing, status: 0, stdout: /^1 call goes/ },
  { name: 'calls stand for themselves', args: ['flows/b.calls.yaml'], files: failing, status: 0, stdout: /^1 call goes/ },
  { name: 'a filter', args: ['--filter', 'A KEY'], files: failing, status: 0, stdout: /^2 calls go as written\n$/ },
  { name: 'a filter that nothing passes', args: ['--filter', 'x'], files: failing, status: 2, stdout: '', stderr: /no call has `x` in its name/ },
  { name: 'a flow that cannot be held', args: [], files: broken, status: 1, stdout: /unknown-target\n[^]*\n1 call goes as written, and 1 error keeps others from being held\n$/ },
  { name: 'calls that cannot be read', args: [], files: { ...good, 'flows/a.calls.yaml': 'calls: []' }, status: 1, stdout: /missing-field/ },
  { name: 'coverage', args: ['--coverage'], files: good, status: 0, stdout: /^flow {2}states {2}edges\na {5}2 of 2 {2}2 of 5 {2}40 %\n {2}no call walks menu: sorry → menu\n {2}no call walks menu: noinput → bye\n {2}no call walks menu: nomatch → end\n40 % of the edges are walked\n\n1 call goes/ },
  { name: 'coverage by state', args: ['--coverage'], files: { 'flows/a.yaml': flow, 'flows/a.calls.yaml': one.replace('{ press: 1 }, { play: sound/beep }, end', 'hang-up') }, status: 0, stdout: /a {5}1 of 2 {2}0 of 5 {2}0 %\n {2}no call comes to bye\n/ },
  { name: 'enough', args: ['--min', '40'], files: good, status: 0, stdout: /40 %/ },
  { name: 'not enough', args: ['--min=41'], files: good, status: 1, stdout: /1 call goes as written, and fewer than 41 % of the edges are walked\n$/ },
  { name: 'every reading', args: ['--readings', 'all'], files: good, status: 0, stdout: /^1 call goes/ },
  { name: 'a reading that changes the call', args: ['--readings', 'all'], files: { 'flows/a.yaml': 'start: n\nstates:\n  n: { ivr: true, digits: 3, min: 1, on: { noinput: end, nomatch: end }, next: bye }\n  bye: { play: sound/beep, next: end }\n', 'flows/a.calls.yaml': 'calls:\n  - name: too few\n    steps: [{ ivr: {} }, { press: 12 }, end]\n' }, status: 1, stdout: /goes another way under the reading `partialInput` \(Too few digits when the time is over: lost, or returned as they are\? returned\) +call-differs\n/ },
  { name: 'json', args: ['--format', 'json', '--coverage'], files: failing, status: 1, stdout: /^\{"version":1,"summary":\{"calls":3,"passed":2,"failed":1\},"calls":\[.*"code":"call-fails".*"expected":"`end`","met":"`play: sound\/beep`".*"coverage":\{"percent":50,.*\n$/ },
  { name: 'junit', args: ['--format', 'junit'], files: { ...failing, ...broken, 'flows/a.calls.yaml': two }, status: 1, stdout: /<testsuites name="tonval test" tests="3" failures="1" errors="1">\n[^]*<testcase name="no &lt;key&gt; &amp; no &quot;word&quot;" classname="flows\/a\.calls\.yaml" time="[\d.]+"><failure type="call-fails"/ },
  { name: 'tap', args: ['--format', 'tap'], files: failing, status: 1, stdout: /^TAP version 14\n1\.\.3\nok 1 - flows\/a\.calls\.yaml: a key\nnot ok 2 - flows\/a\.calls\.yaml: no <key> & no "word"\n {2}---\n {2}code: call-fails\n {2}message: \|\n {4}flows\/a\.calls\.yaml:8:9\n[^]* {2}\.\.\.\nok 3 - / },
  { name: 'tap, too little walked', args: ['--format', 'tap', '--min', '90'], files: good, status: 1, stdout: /1\.\.2\nok 1 [^\n]*\nnot ok 2 - at least 90 % of the edges are walked\n$/ },
  { name: 'progress on a terminal', args: [], files: good, terminal: true, status: 0, stdout: /^1 call/, stderr: /^\r\u001b\[K1 of 1 calls\r\u001b\[K$/ },
  { name: 'our own flows', args: [resolve('flows'), '--coverage', '--min', '100'], status: 0, stdout: /\n100 % of the edges are walked\n\n\d+ calls go as written\n$/ },

  { name: 'no calls', args: [], files: { 'flows/a.yaml': flow }, status: 2, stdout: '', stderr: /there are no scripted calls: those of `support\.yaml` stand in/ },
  { name: 'no flows', args: [], status: 2, stdout: '', stderr: /no file or folder `flows`/ },
  { name: 'no percentage', args: ['--min', '101'], files: good, status: 2, stderr: /`--min` is a whole percentage from 0 to 100, and `101` was given/ },
  { name: 'no such reading', args: ['--readings', 'al'], files: good, status: 2, stderr: /did you mean `all`/ },
  { name: 'help', args: ['--help'], status: 0, stdout: /^tonval test: holds the scripted calls[^]*--readings all[^]*Exit status: 0 all pass/ },
]

for (const one of cases) {
  void t.test(one.name, async t => {
    let stdout = ''
    let stderr = ''
    const status = await runCommand(['test', ...one.args], {
      stdout: { write: text => { stdout += text } }, stderr: { write: text => { stderr += text }, ...(one.terminal && { isTTY: true }) },
      stdin: Readable.from([]), env: {}, cwd: lay(one.files),
    })
    t.equal(status, one.status, `exit status; standard error: ${stderr}`)
    if (one.stdout === '') t.equal(stdout, '')
    else if (one.stdout !== undefined) t.match(stdout, one.stdout)
    if (one.stderr === undefined) t.equal(stderr, '')
    else t.match(stderr, one.stderr)
    if (one.args.includes('junit')) t.equal(readXml(stdout).name, 'testsuites')
    if (one.args.includes('json')) t.equal((JSON.parse(stdout) as { calls: { line: number }[] }).calls[1]?.line, 4)
  })
}

void t.test('a call that goes another way over HTTP fails by itself', async t => {
  const { held } = checkCalls({ flows: [{ name: 'a', path: 'a.yaml', text: flow }], calls: [{ name: 'a', path: 'a.calls.yaml', text: one }], sounds: new Map() }, { env: {}, hosts: [], silence: SILENCE_FILE })
  const [first] = held
  if (first === undefined) throw new Error('no call was held')
  const other = { ...first, transcript: first.transcript.map(line => line.replace('sound/beep', 'sound/dtmf/1')) }
  const [same, differs] = await holdTwice([first, other], false, () => undefined)
  t.equal(same?.failure, undefined)
  t.match(differs?.failure, { code: 'call-differs', message: /goes another way over HTTP/, effect: 'over step play sound/dtmf/1\nhere      play sound/beep' })
})

void t.test('--watch holds the calls again when a file changes, and ends when it is told to', async t => {
  const cwd = lay(good)
  const child = spawn(ENV, [...BARE_NODE, MAIN, 'test', '--watch'], { cwd, stdio: ['ignore', 'pipe', 'ignore'] })
  let stdout = ''
  const seen = (text: string): Promise<void> => new Promise(done => {
    const look = (): void => {
      if (!stdout.includes(text)) return
      child.stdout.off('data', look)
      done()
    }
    child.stdout.on('data', look)
    look()
  })
  child.stdout.setEncoding('utf8').on('data', (data: string) => { stdout += data })
  await seen('1 call goes as written')
  // the watcher begins after the first screen: the change is written until it is seen
  const writing = setInterval(() => writeFileSync(join(cwd, 'flows/a.calls.yaml'), `${two}# ${Date.now()}\n`), 300)
  await seen('1 of 2 calls fails')
  clearInterval(writing)
  child.kill('SIGTERM')
  const [status] = await new Promise<[number | null]>(done => child.on('close', code => done([code])))
  t.equal(status, 1, 'the status of the last time')
})
