/** `tonval call` by hand: a keyboard and a screen handed in, and a real terminal (tmux) where there is one. Nothing sleeps: the screen is read until it says what is expected. */
import { execFileSync, spawnSync } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { skippingClock } from '../src/emulator/skipping-clock.ts'
import { wrap } from '../src/cli/telephone/screen.ts'
import { listen } from './emulator/webhook.ts'

const PATIENCE = 30_000
t.setTimeout(115_000)

async function until(what: string, holds: () => boolean, screen: () => string): Promise<void> {
  const since = performance.now()
  while (!holds()) {
    if (performance.now() - since > PATIENCE) throw new Error(`waited in vain for ${what}; the screen:\n${screen()}`)
    await setImmediate()
  }
}

class Keyboard extends EventEmitter {
  readonly isTTY = true
  raw = false
  setRawMode(on: boolean): void { this.raw = on }
  resume(): void { /* it runs anyway */ }
  pause(): void { /* nothing holds it */ }
  async *[Symbol.asyncIterator](): AsyncIterableIterator<string> { yield* [] }
}

/** A call at a terminal of our own: what is written, and the keys pressed when some text has appeared behind the last. */
async function byHand(args: readonly string[], moves: readonly (readonly [after: string, key: string])[], env: Record<string, string> = {}, columns = 100) {
  const keyboard = new Keyboard()
  let written = ''
  let stderr = ''
  const done = runCommand(['call', ...args], { stdout: { isTTY: true, columns, write: text => { written += text } }, stderr: { write: text => { stderr += text } }, stdin: keyboard, env, cwd: process.cwd() })
  let seen = 0
  for (const [after, key] of moves) {
    await until(JSON.stringify(after), () => written.includes(after, seen), () => written)
    seen = written.indexOf(after, seen) + after.length
    if (!keyboard.raw) throw new Error('the terminal is not raw')
    keyboard.emit('data', Buffer.from(key))
  }
  const status = await done
  return { status, stderr, written, lines: written.replace(/[^\n]*\r\u001b\[J/g, '').replace(/\u001b\[[?0-9;]*[A-Za-z]/g, '').split(/\r?\n/), isRestored: !keyboard.raw && keyboard.listenerCount('data') === 0 && written.lastIndexOf('\u001b[?25h') > written.lastIndexOf('\u001b[?25l') }
}

void t.test('a call in the hand', { timeout: 100_000 }, async t => {
  const hook = await listen({
    '/': { ivr: '$/1.wav', digits: 2, timeout: 3, repeat: 2, next: '$/ring' },
    '/ring': { connect: '+46812345671', timeout: 20, next: { connect: '+46812345672', next: { play: '$/60.wav', next: { record: '$/recorded', timelimit: 60, next: { play: 'sound/beep', skippable: false, next: { record: '$/recorded', silencedetection: 'no', next: '$/bye' } } } } } },
    '/bye': { hangup: 'reject' },
    '/slow': ({ path }) => (path === '' ? '' : undefined),
  })
  t.teardown(() => hook.close())

  await t.test('every kind of action', async t => {
    const made = await byHand(['--url', `${hook.base}/`], [
      ['hear', 's'], ['rings  +46812345671', 'b'], ['rings  +46812345672', 'a'], ['talking', 'o'],
      ['60.wav', 's'], ['the recording runs', '\u001b[A '], ['speaking', ' '], ['the recording runs', '\r'],
    ])
    t.equal(made.status, 0, made.stderr)
    const screen = made.lines.join('\n')
    for (const line of [/you {4}stay silent\n/, /hear {3}1\.wav, time 2\n/, /line {3}busy\n/, /line {3}success: \+46812345672 answers\n/, /ended by the callee\n/, /record \d\S* s are recorded\n/, /you {4}press #\n/, /the application hangs up \(reject\)\n/, /the call is over\n\nLength/]) t.match(screen, line)
    t.strictSame(hook.posts.filter(({ path }) => path !== '/recorded').map(({ path, form }) => `${path} ${form['result']}`), ['/ newincoming', '/ring failed', '/bye success'])
    t.ok(made.isRestored)
  })

  await t.test('digits, then Ctrl-C, without colours', async t => {
    const made = await byHand(['--url', `${hook.base}/`], [['hear', '1'], ['press 1', '2'], ['rings', '\u0003']], { NO_COLOR: '1' }, 40)
    t.equal(made.status, 0)
    t.match(made.lines.join('\n'), /you {4}hang up\n[^]*the\ncaller hung up/)
    t.notMatch(made.written, /\u001b\[\d+m/)
    t.strictSame(made.lines.filter(line => line.length > 40), [])
    t.ok(made.isRestored)
  })

  await t.test('Ctrl-C twice leaves an application that does not answer', async t => {
    const made = await byHand(['--url', `${hook.base}/slow`], [['calling', '\u0003'], ['hang up', '\u0003']])
    t.equal(made.status, 0)
    t.ok(made.isRestored)
  })

  await t.test('an application that fails', async t => {
    const made = await byHand(['--url', 'http://127.0.0.1:9/'], [])
    t.equal(made.status, 1)
    t.match(made.lines.join('\n'), /ERROR {2}start[^]*The application failed the call\./)
    t.ok(made.isRestored)
  })
})

void t.test('sounds, and a call recorded', { timeout: 60_000 }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-hand-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const played = join(folder, 'played')
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'ffplay'), `#!/bin/sh\nfor file; do :; done\nwc -c < "$file" >> ${played}\n`)
  chmodSync(join(bin, 'ffplay'), 0o755)
  const record = join(folder, 'carrier-example.calls.yaml')
  const hears = byHand(['carrier-example', '--play', '--record', record], [['played by ffplay', ''], ['hear', 's'], ['goodbye', 'p'], ['1/7 s', 'h']], { PATH: `${bin}:/bin:/usr/bin` })
  const made = await hears
  t.equal(made.status, 0, made.stderr)
  t.match(made.lines.join('\n'), /menu: "To be thanked, press 1[^]*States {5}menu, goodbye\n/)
  t.match(readFileSync(played, 'utf8'), /^( *\d{4,}\n)+$/, 'the player got the bytes')
  t.match(readFileSync(record, 'utf8'), /^calls:\n {2}- name: A call by hand\n {4}steps:\n {6}- ivr: menu\n {6}- silence\n {6}- play: goodbye\n {6}- hang-up\n$/)
  const mute = await byHand(['carrier-example', '--play'], [['no sound: none of ffplay', ''], ['hear', 'h']], { PATH: folder })
  t.equal(mute.status, 0)
})

void t.test('the clock runs in real time, and jumps while it is hurried', async t => {
  const clock = skippingClock(1000)
  const fired: string[] = []
  clock.at(61_000, () => { fired.push('minute') })
  clock.at(31_000, () => { fired.push('half') })
  clock.at(31_000, () => { fired.push('carrier') }, -1)
  const cancel = clock.at(41_000, () => { fired.push('cancelled') })
  const soon = new Promise<void>(done => clock.at(1010, done))
  await soon
  t.ok(clock.now() >= 1010 && clock.now() < 30_000)
  t.strictSame(fired, [])
  cancel()
  clock.rush()
  clock.at(61_000, () => clock.stop(), 1)
  clock.at(99_000, () => { fired.push('later') })()
  while (fired.length < 3) await setImmediate()
  t.strictSame(fired, ['carrier', 'half', 'minute'])
  t.ok(clock.now() >= 61_000 && clock.now() < 99_000)
})

void t.test('lines are broken between words', async t => {
  t.strictSame(wrap('one two three', 7), ['one two', 'three'])
  t.strictSame(wrap('abcdefghij k', 4), ['abcd', 'efgh', 'ij k'])
  t.strictSame(wrap('åäö 音声案内', 4), ['åäö', '音声', '案内'])
  t.strictSame(wrap('a\u001b[2Jb\nc', 20), ['a␛[2Jb', 'c'])
})

const tmux = spawnSync('tmux', ['-V']).status === 0
void t.test('a real terminal', { timeout: 100_000, skip: tmux ? false : 'tmux is not installed: the call in a real terminal was NOT tried' }, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'tonval-tmux-'))
  const run = (...args: string[]): string => execFileSync('tmux', ['-S', join(folder, 'socket'), '-f', '/dev/null', ...args], { encoding: 'utf8' })
  const main = resolve('build/src/cli/main.js')
  run('new-session', '-d', '-s', 'call', '-x', '40', '-y', '40', 'sh')
  t.teardown(() => {
    run('kill-server')
    rmSync(folder, { recursive: true, force: true })
  })
  // the lines of a narrow terminal, joined as they were before they were broken
  const screen = (): string => run('capture-pane', '-p', '-J', '-t', 'call')
  const see = (text: RegExp): Promise<void> => until(String(text), () => text.test(screen().replace(/\s+/g, ' ')), screen)
  const type = (...keys: string[]): void => { run('send-keys', '-t', 'call', ...keys) }

  await t.test('dials, presses 1, hears, hangs up', async t => {
    type(`"${process.execPath}" "${main}" call carrier-example; echo "status=$?"; stty -a | tr ' ;' '\\n\\n' | grep -x -e -icanon -e icanon -e -echo -e echo`, 'Enter')
    await see(/hear menu: "To be thanked, press 1/)
    await see(/\[#*-+\] \d\/8 s menu/)
    run('resize-window', '-t', 'call', '-x', '60', '-y', '40')
    type('1')
    await see(/you press 1 .*hear thank-you: "Thank you for calling/)
    type('h')
    await see(/you hang up .*the call is over .*the caller hung up .*The call was completed\. status=0 icanon echo/)
    t.equal(run('display-message', '-p', '-t', 'call', '#{cursor_flag}').trim(), '1', 'the cursor is on')
  })

  await t.test('Ctrl-C and a signal give the terminal back', async t => {
    for (const end of ['C-c', 'kill']) {
      type('clear', 'Enter')
      const pid = join(folder, 'pid')
      type(`sh -c 'echo $$ > "${pid}"; exec "${process.execPath}" "${main}" call carrier-example'; echo "status=$?"; stty -a | tr ' ;' '\\n\\n' | grep -x -e -icanon -e icanon -e -echo -e echo`, 'Enter')
      await see(/hear menu: "To be thanked.*\d\/8 s menu/)
      if (end === 'kill') process.kill(Number(readFileSync(pid, 'utf8')), 'SIGTERM')
      else type(end)
      await see(/you hang up .*The call was completed\. status=0 icanon echo/)
      t.ok(existsSync(pid))
    }
  })
})
