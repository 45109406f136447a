/** Mends: what a safe one leaves as it was, that a second run changes nothing, and what is written. */
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { MP3 } from './real-sounds.ts'
import { check } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { mend } from '../src/cli/fix.ts'
import { unifiedDiff } from '../src/cli/unified-diff.ts'
import { applyFixes } from '../src/lint/apply-fixes.ts'
import { exampleSet } from '../src/lint/example.ts'
import { PAGES } from '../src/lint/pages.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'

const settings = { env: {}, hosts: [], silence: SILENCE_FILE, now: Date.UTC(2026, 2, 2) }

void t.test('the mend of every example leaves no such problem, and nothing for a second run', async t => {
  let mends = 0
  for (const page of PAGES.values()) {
    const set = exampleSet(page, 'invalid')
    const [problem] = check(set, settings).problems
    if (problem?.fix === undefined) continue
    mends++
    const { text } = applyFixes(set.flows[0]?.text ?? '', [problem], true)
    const after = { ...set, flows: [{ ...set.flows[0] as (typeof set.flows)[number], text }, ...set.flows.slice(1)] }
    const left = check(after, settings).problems
    t.same(left.filter(one => one.code === page.name || one.severity === 'error').map(one => one.message), [], page.name)
    t.same(mend(after, settings, true, undefined), [], `${page.name}: a second run`)
    const safely = mend(set, settings, false, undefined)
    t.equal(safely.length, problem.fix.safe ? 1 : 0, `${page.name}: safe or not`)
  }
  t.ok(mends >= 15, `${mends} examples have a mend`)
})

void t.test('dates that are over are deleted with their line, and with the last one the line above', async t => {
  const flow = (except: string) => `start: a\ntimezone: UTC\nschedules:\n  s:\n    open: { daily: 08:00-17:00 }\n${except}states:\n  a: { play: sound/beep, next: end }\n`
  const rows: readonly (readonly [before: string, after: string])[] = [
    ['    except:\n      2020-01-01: closed # old\n      2099-01-01: closed\n', '    except:\n      2099-01-01: closed\n'],
    ['    except:\n      2020-01-01..2026-03-01: closed\n', ''],
    ['    except:\n      2020-01-01..2026-03-02: closed\n', '    except:\n      2020-01-01..2026-03-02: closed\n'],
    ['    except: { 2020-01-01: closed }\n', '    except: { 2020-01-01: closed }\n'],
    ['    except: { 2020-01-01: closed,\n      2099-01-01: closed }\n', '    except: { 2020-01-01: closed,\n      2099-01-01: closed }\n'],
  ]
  for (const [before, after] of rows) {
    const { problems } = check({ flows: [{ name: 'a', path: 'a.yaml', text: flow(before) }], sounds: new Map() }, settings)
    t.equal(applyFixes(flow(before), problems.filter(one => one.code === 'past-date'), true).text, flow(after), before)
  }
})

const MESS = `# the switchboard
start: desk   # first
title: Line # 1
states:
  desk:
    connect: +46846500411 # the desk
    on: { failed: "bye" }
  hello: { play: welcome.mp3, next: menu }
  menu:
    ivr: menu.mp3
    on: { 1: desk, noinput: desk, nomatch: desk, failed: desk, 2: hello }
  bye: { play: sound/beep, next: end }`

const root = mkdtempSync(join(tmpdir(), 'tonval-fix-'))
t.teardown(() => rmSync(root, { recursive: true }))

async function run(cwd: string, ...args: string[]) {
  let stdout = ''
  let stderr = ''
  const status = await runCommand(['lint', ...args], { stdout: { write: text => { stdout += text } }, stderr: { write: text => { stderr += text } }, stdin: (async function* () {})(), env: {}, cwd })
  return { status, stdout, stderr }
}

let folders = 0
function lay(text: string): { cwd: string; path: string; read: () => string } {
  const cwd = join(root, String(folders++))
  mkdirSync(join(cwd, 'flows'), { recursive: true })
  const path = join(cwd, 'flows/a.yaml')
  writeFileSync(path, text)
  for (const sound of ['welcome', 'menu']) writeFileSync(join(cwd, `flows/${sound}.mp3`), MP3)
  return { cwd, path, read: () => readFileSync(path, 'utf8') }
}

const SAFE = MESS.replace('title: Line #', 'title: "Line" #').replace('+46846500411', '"+46846500411"') + '\n'

void t.test('--fix writes safe mends, --unsafe the others', async t => {
  for (const [name, change] of [['as it is', (text: string) => text], ['line ends of Windows', (text: string) => text.replaceAll('\n', '\r\n')], ['a byte order mark', (text: string) => `\uFEFF${text}`]] as const) {
    const { cwd, path, read } = lay(change(MESS))
    chmodSync(path, 0o640)
    const diff = await run(cwd, '--diff')
    t.equal(diff.status, 1)
    t.match(diff.stdout, /^--- flows\/a\.yaml\n\+\+\+ flows\/a\.yaml\n@@ -1,\d+ \+1,\d+ @@\n # the switchboard\r?\n[^]*-title: Line # 1\r?\n\+title: "Line" # 1/)
    t.equal(read(), change(MESS), `${name}: --diff writes nothing`)
    const ran = await run(cwd, '--fix')
    t.equal(read(), change(SAFE), name)
    t.equal(ran.stderr, 'flows/a.yaml: 3 problems mended\n')
    t.match(ran.stdout, /lost-key/, 'what is left is shown')
    t.equal(statSync(path).mode & 0o777, 0o640)
    t.equal((await run(cwd, '--fix')).stderr, '', 'a second run changes nothing')
    await run(cwd, '--fix', '--unsafe')
    t.equal(read(), change(SAFE.replace('play: welcome.mp3,', 'play: welcome.mp3, skippable: false,')))
    t.same(await run(cwd, '--diff', '--unsafe'), { status: 0, stdout: '', stderr: '' })
    t.same(readdirSync(join(cwd, 'flows')).sort(), ['a.yaml', 'menu.mp3', 'welcome.mp3'], 'nothing is left behind')
  }
})

void t.test('a link stays a link', async t => {
  const { cwd, path, read } = lay(MESS)
  writeFileSync(join(cwd, 'kept.yaml'), MESS)
  rmSync(path)
  symlinkSync('../kept.yaml', path)
  await run(cwd, '--fix')
  t.ok(lstatSync(path).isSymbolicLink())
  t.equal(read(), SAFE)
})

void t.test('only named files are written; bad usage', async t => {
  const { cwd, read } = lay(MESS)
  writeFileSync(join(cwd, 'flows/b.yaml'), SAFE)
  await run(cwd, '--fix', 'flows/b.yaml')
  t.equal(read(), MESS)
  t.match(await run(cwd, '--unsafe'), { status: 2, stderr: /`--unsafe` goes with `--fix` or `--diff`/ })
  t.match(await run(cwd, '--fix', '--stdin-name', 'flows/a.yaml', '-'), { status: 2, stderr: /`--fix` mends files, and standard input is none/ })
})

void t.test('differences', async t => {
  const many = Array.from({ length: 30 }, (_, index) => `${index}\n`).join('')
  t.equal(unifiedDiff('a', many, many), '')
  t.equal(unifiedDiff('a', 'x\n', 'x'), '--- a\n+++ a\n@@ -1,1 +1,1 @@\n-x\n+x\n\\ No newline at end of file\n')
  t.equal(unifiedDiff('a', '', 'x\n'), '--- a\n+++ a\n@@ -0,0 +1,1 @@\n+x\n')
  t.match(unifiedDiff('a', many, many.replace('2\n', 'two\n').replace('\n27\n', '\n')), /@@ -1,6 \+1,6 @@\n 0\n 1\n-2\n\+two\n 3\n 4\n 5\n@@ -25,6 \+25,5 @@\n 24\n 25\n 26\n-27\n 28\n 29\n/)
})
