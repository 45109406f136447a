/** `tonval lint` as a process: what it loads, and `--watch` in a pipe and in a real terminal (tmux) where there is one. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { compiledSchemas } from '../src/validate/fits-schema.ts'
import { BARE_NODE, ENV } from './node.ts'
import { until } from './serve/running.ts'

const MAIN = resolve('build/src/cli/main.js')
const PATIENCE = 60_000
t.setTimeout(280_000)

const root = mkdtempSync(join(tmpdir(), 'tonval-process-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

const GOOD = 'start: bye\nlanguage: sv\nstates:\n  bye: { play: sound/beep, next: end }\n'
const BAD = GOOD.replace('next: end', 'next: edn')
const CALLS = 'calls:\n  - name: bye\n    steps: [{ play: sound/beep }, end]\n'

let folders = 0
function lay(): { readonly cwd: string; readonly write: (text: string) => void } {
  const cwd = join(root, String(folders++))
  mkdirSync(join(cwd, 'flows'), { recursive: true })
  const write = (text: string): void => writeFileSync(join(cwd, 'flows/a.yaml'), text)
  write(GOOD)
  writeFileSync(join(cwd, 'flows/a.calls.yaml'), CALLS)
  return { cwd, write }
}

void t.test('the build has compiled the schemas of this version: run `npm run build`', async t => {
  for (const { name, text } of compiledSchemas()) t.equal(readFileSync(join('build/src/validate', name), 'utf8'), text, name)
})

void t.test('a check loads nothing that it does not need', async t => {
  const { cwd } = lay()
  const scripts = join(cwd, 'scripts')
  const { status, stderr } = spawnSync(ENV, [...BARE_NODE, MAIN, 'lint'], { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], NODE_V8_COVERAGE: scripts } })
  t.equal(status, 0, stderr)
  const urls = readdirSync(scripts).flatMap(name => (JSON.parse(readFileSync(join(scripts, name), 'utf8')) as { result: { url: string }[] }).result.map(one => one.url))
  t.ok(urls.some(url => url.includes('/yaml/')), 'what is loaded was seen')
  t.ok(urls.some(url => url.endsWith('flow-schema.cjs')), 'the compiled schema was taken')
  t.same(urls.filter(url => /node_modules\/(fastify|@fastify|pino|chokidar|undici|music-metadata|libphonenumber-js|ajv\/dist\/(?!runtime\/))/.test(url)), [])
})

void t.test('--watch in a pipe: one check after the other, ended by the status of the last', async t => {
  const { cwd, write } = lay()
  const child = spawn(ENV, [...BARE_NODE, MAIN, 'lint', '--watch'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => { stdout += part })
  child.stderr.setEncoding('utf8').on('data', (part: string) => { stderr += part })
  const closed = new Promise<number | null>(done => child.on('close', done))
  await until('it is clean', () => stdout === 'no problems in 2 files with 1 state\n' && /^checked at \d\d:\d\d:\d\d; waiting for changes, Ctrl-C ends\n$/.test(stderr), PATIENCE)
  write(BAD)
  await until('the error is shown', () => stdout.includes('did you mean `end`?'), PATIENCE)
  write(GOOD)
  await until('it is clean again', () => stdout.endsWith('no problems in 2 files with 1 state\n') && stdout.split('no problems').length === 3, PATIENCE)
  write(BAD)
  await until('the error is shown again', () => stdout.split('did you mean `end`?').length === 3, PATIENCE)
  t.notMatch(stdout, '\u001b', 'nothing wipes what is no screen')
  child.kill('SIGINT')
  t.equal(await closed, 1)
})

void t.test('--watch goes with no mend and no standard input', async t => {
  const { cwd } = lay()
  for (const args of [['--fix'], ['--diff'], ['--stdin-name', 'flows/a.yaml', '-']]) {
    let stderr = ''
    const status = await runCommand(['lint', '--watch', ...args], { stdout: { write: () => undefined }, stderr: { write: text => { stderr += text } }, stdin: (async function* () { yield GOOD })(), env: {}, cwd })
    t.equal(status, 2, args.join(' '))
    t.match(stderr, /`--watch` looks at files and changes none/)
  }
})

void t.test('progress on a terminal, wiped when the check is done', async t => {
  const { cwd } = lay()
  let stderr = ''
  await runCommand(['lint'], { stdout: { write: () => undefined }, stderr: { isTTY: true, write: text => { stderr += text } }, stdin: (async function* () { yield '' })(), env: {}, cwd })
  t.equal(stderr, '\r\u001b[Kchecking flows/a.yaml (1 of 2)\r\u001b[Kchecking flows/a.calls.yaml (2 of 2)\r\u001b[K')
})

const tmux = spawnSync('tmux', ['-V']).status === 0
void t.test('--watch in a terminal: the last check alone, until Ctrl-C', { skip: tmux ? false : 'tmux is not installed: --watch in a real terminal was NOT tried' }, async t => {
  const { cwd, write } = lay()
  const run = (...args: string[]): string => execFileSync('tmux', ['-S', join(cwd, 'socket'), '-f', '/dev/null', ...args], { encoding: 'utf8', cwd })
  run('new-session', '-d', '-s', 'lint', '-x', '100', '-y', '40', 'sh')
  t.teardown(() => run('kill-server'))
  const screen = (): string => run('capture-pane', '-p', '-t', 'lint')
  run('send-keys', '-t', 'lint', `"${process.execPath}" "${MAIN}" lint --watch; echo "status=$?"`, 'Enter')
  await until('it is clean', () => /^no problems in 2 files with 1 state\n\nchecked at [\d:]+; waiting for changes, Ctrl-C ends\n/.test(screen()), PATIENCE)
  write(BAD)
  await until('only the error is shown', () => /^error: `bye` leads to a state that does not exist[^]*1 error in 2 files with 1 state\n\nchecked at/.test(screen()) && !screen().includes('no problems'), PATIENCE)
  run('send-keys', '-t', 'lint', 'C-c')
  await until('it has ended', () => screen().includes('status=1'), PATIENCE)
  t.pass()
})
