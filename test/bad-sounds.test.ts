/** Sounds as people drop them into a folder: what cannot be played is refused, by lint and by the server alike, what sounds bad is said. */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import { openStudio } from '../src/prompts/studio.ts'
import { RATE } from '../src/prompts/silence.ts'
import { writeWave } from '../src/prompts/wave.ts'
import { describeSound, readFolder } from '../src/reload/read-folder.ts'
import { marked, MP3, OGG } from './real-sounds.ts'
import { ask, run } from './serve/running.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-bad-sounds-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

const voice = (seconds: number, loud = 0.15, rate = RATE): Float32Array => new Float32Array(Math.round(seconds * rate)).map((_, at) => loud * Math.sin((2 * Math.PI * 300 * at) / rate))
const quiet = (seconds: number): Float32Array => new Float32Array(Math.round(seconds * RATE))
const wave = (...pieces: readonly Float32Array[]): Buffer => writeWave(Float32Array.from(pieces.flatMap(piece => [...piece])), RATE)
const GOOD = wave(voice(1))
const channels = (count: number): Buffer => {
  const bytes = wave(voice(1), ...Array.from({ length: count - 1 }, () => voice(1)))
  bytes.writeUInt16LE(count, 22)
  return bytes
}

/** Files by their names, and what lint says of a flow that plays one; nothing for what is good. */
const FILES: readonly (readonly [name: string, bytes: Buffer, says?: string])[] = [
  ['good.wav', GOOD], ['good.mp3', MP3], ['good.ogg', OGG],
  ['mp3-inside.wav', marked('a')], ['wav-inside.mp3', wave(voice(1.1))],
  ['cut.wav', GOOD.subarray(0, 5000), 'error: `cut.wav` is cut off: it ends before its header says'],
  ['cut.ogg', OGG.subarray(0, OGG.length - 50), 'error: `cut.ogg` is cut off: its last page is not whole'],
  ['cut-early.wav', GOOD.subarray(0, 20), 'error: `cut-early.wav` cannot be played: there are no samples in it'],
  ['empty.mp3', Buffer.alloc(0), 'error: `empty.mp3` is empty: it has 0 bytes'],
  ['picture.mp3', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'error: `picture.mp3` is a picture (PNG)'],
  ['opus.ogg', readFileSync('test/cases/sounds/opus.ogg'), 'error: `opus.ogg` is Ogg Opus, which the carrier does not play'],
  ['only-a-tag.mp3', Buffer.from('ID3 and nothing behind it'), 'error: `only-a-tag.mp3` holds no sound'],
  ['noise.mp3', Buffer.alloc(4000, 'no sound at all '), 'error: `noise.mp3` is no sound that the carrier plays'],
  ['page.mp3', Buffer.from('<!doctype html>404'), 'error: `page.mp3` is a web page or XML'],
  ['pointer.wav', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:1\n'), 'error: `pointer.wav` is only a pointer of Git LFS: the sound itself was not fetched'],
  ['quiet.wav', wave(voice(1, 0.005)), 'warning: `quiet.wav` is too quiet: -49 dBFS'],
  ['loud.wav', wave(voice(1, 0.9)), 'warning: `loud.wav` is too loud: -4 dBFS'],
  ['overdriven.wav', wave(voice(1, 3).map(value => Math.max(-1, Math.min(1, value)) * (value > 0 ? 1 : 0.1))), 'warning: `overdriven.wav` is overdriven: 0.39 s of it are cut off'],
  ['late.wav', wave(quiet(1.5), voice(1)), 'warning: `late.wav` begins with 1.5 s of silence'],
  ['long-tail.wav', wave(voice(1), quiet(3)), 'warning: `long-tail.wav` ends with 3.0 s of silence'],
  ['nothing-said.wav', wave(quiet(2)), 'warning: nothing is heard in `nothing-said.wav`'],
  ['thin.wav', writeWave(voice(1, 0.15, 4000), 4000), 'warning: `thin.wav` has only 4000 samples a second'],
  ['stereo.wav', channels(2)],
  ['surround.wav', channels(6), 'warning: `surround.wav` has 6 channels'],
]
const plays = (file: string): string => `start: hello\nlanguage: en\nstates:\n  hello: { play: ${file}, next: bye }\n  bye: { play: [sound.wav, sound.wav], next: end }\n`
const nameOf = (file: string): string => `f-${file.replace('.', '-')}`

interface Told { severity: string; message: string; file: string; code: string; range: { start: { line: number; column: number }; end: { column: number } } }

async function lint(cwd: string, env: Readonly<Record<string, string>> = {}): Promise<{ status: number; problems: Told[] }> {
  let out = ''
  const status = await runCommand(['lint', 'flows', '--format', 'json'], { stdout: { write: text => { out += text } }, stderr: { write: () => undefined }, stdin: (async function* () { yield '' })(), env, cwd })
  return { status, problems: (JSON.parse(out) as { problems: Told[] }).problems }
}

void t.test('every sound by its content, and the server says what lint says', async t => {
  const server = await run({ files: { ...Object.fromEntries(FILES.map(([name, bytes]) => [name, bytes])), ...Object.fromEntries(FILES.map(([name]) => [`${nameOf(name)}.yaml`, plays(name)])) } })
  t.teardown(() => server.stop())
  const told = async (env: Readonly<Record<string, string>>) => {
    const { status, problems } = await lint(server.root, env)
    return { status, said: problems.map(({ file, severity, message }) => `${file.replace(/^.*\//, '')} ${severity}: ${message}`).sort() }
  }
  const first = await told({})
  t.equal(first.status, 1)
  t.strictSame(first.said, FILES.flatMap(([name, , says]) => (says === undefined ? [] : [`${nameOf(name)}.yaml ${says}`])).sort())
  t.notOk(readdirSync(server.root).includes('.tonval'), 'lint leaves nothing behind')
  t.strictSame(await told({ TONVAL_DATA: join(server.root, 'data') }), first, 'what the server has heard before says the same')
  t.strictSame(server.first.problems.filter(problem => problem.severity !== 'info').map(({ file, severity, message }) => `${file.replace(/^.*\//, '')} ${severity}: ${message}`).sort(), first.said)
  t.strictSame(Object.keys(server.first.refused).sort(), FILES.filter(([, , says]) => says?.startsWith('error') === true).map(([name]) => nameOf(name)).sort())
  t.ok(server.live().size > 10)
  const heard = readdirSync(join(server.root, 'data', 'heard'))
  t.ok(heard.length >= FILES.length - 8, `${heard.length} sounds need not be listened to again`)

  // a good one that is broken while calls are answered
  const call = async (): Promise<string> => String((await server.call('f-good-wav')).json['play'])
  const before = await call()
  writeFileSync(join(server.folder, 'good.wav'), GOOD.subarray(0, 3000))
  t.match(await server.reload(), { refused: { 'f-good-wav': /^[0-9a-f]{20}$/ } }, 'the last good version answers')
  t.equal(await call(), before)
  t.equal((await ask(before, { method: 'GET' })).headers['content-length'], String(GOOD.length))
})

void t.test('a sound that is handed to another flow, or played between two numbers, is told where it is named', async t => {
  const folder = join(root, 'handed', 'flows')
  mkdirSync(folder, { recursive: true })
  const files = {
    'quiet.wav': wave(voice(1, 0.005)), 'overdriven.wav': wave(voice(1, 3).map(value => Math.max(-1, Math.min(1, value)) * (value > 0 ? 1 : 0.1))),
    'thin.wav': writeWave(voice(1, 0.15, 4000), 4000), 'late.wav': wave(quiet(1.5), voice(1)), 'long.wav': wave(voice(25)), 'loud.wav': wave(voice(1, 0.9)),
    'asks.yaml': `start: ask
language: en
prompts:
  thin: { file: thin.wav, text: "Your number, please." }
vars: { late: late.wav }
states:
  ask: { flow: number, with: { first: quiet.wav, again: thin, sorry: "{{late}}" }, on: { ok: again } }
  again: { flow: number, with: { first: ./overdriven.wav, again: thin, sorry: long.wav }, on: { ok: desk } }
  desk: { connect: ["+46846500401", "+46701740605"], order: in-turn, between: loud.wav, on: { failed: bye } }
  bye: { play: sound/beep, next: end }
`,
    'number.yaml': `start: ask
language: en
inputs: { first: prompt, again: prompt, sorry: prompt }
exits: [ok]
states:
  ask: { ivr: "{{first}}", again: "{{again}}", sorry: "{{sorry}}", digits: 4, next: done, on: { noinput: done, nomatch: done, failed: done } }
  done: { exit: ok }
`,
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const { status, problems } = await lint(join(root, 'handed'))
  t.equal(status, 0)
  const lines = files['asks.yaml'].split('\n')
  t.strictSame(problems.filter(one => one.severity === 'warning').map(({ file, code, range: { start, end } }) => [file, code, lines[start.line - 1]?.slice(start.column - 1, end.column - 1)]), [
    ['flows/asks.yaml', 'audio-form', 'thin.wav'], ['flows/asks.yaml', 'audio-level', 'quiet.wav'], ['flows/asks.yaml', 'silent-audio', '"{{late}}"'],
    ['flows/asks.yaml', 'clipped-audio', './overdriven.wav'], ['flows/asks.yaml', 'prompt-too-long', 'long.wav'], ['flows/asks.yaml', 'audio-level', 'loud.wav'],
  ])
  let out = ''
  await runCommand(['sounds', 'asks', '--dir', 'handed/flows', '--format', 'json'], { stdout: { write: text => { out += text } }, stderr: { write: () => undefined }, stdin: (async function* () { yield '' })(), env: {}, cwd: root })
  const rows = (JSON.parse(out) as { sounds: { file: string; used: string[]; problems: { rule: string }[] }[] }).sounds
  t.strictSame(rows.map(row => [row.file, row.used.join(), row.problems.map(one => one.rule).join()]), [
    ['quiet.wav', 'ask', 'audio-level'], ['thin.wav', 'ask,again', 'audio-form'], ['late.wav', 'ask', 'silent-audio'], ['overdriven.wav', 'again', 'clipped-audio'], ['long.wav', 'again', ''], ['loud.wav', 'desk', 'audio-level'],
    [null, 'bye', ''],
  ], 'and tonval sounds shows them there')
})

void t.test('200 MB, and what never ends', async t => {
  const folder = join(root, 'large', 'flows')
  mkdirSync(folder, { recursive: true })
  const large = openSync(join(folder, 'large.wav'), 'w')
  writeSync(large, GOOD)
  ftruncateSync(large, 200 * 1024 * 1024)
  closeSync(large)
  execFileSync('mkfifo', [join(folder, 'endless.mp3')])
  for (const name of ['large.wav', 'endless.mp3']) writeFileSync(join(folder, `${nameOf(name)}.yaml`), plays(name))
  writeFileSync(join(folder, 'sound.wav'), GOOD)
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().arrayBuffers - before) }, 1)
  const set = await readFolder(folder, new Map())
  clearInterval(watch)
  t.ok(most < 100 * 1024 * 1024, `${Math.round(most / 1024)} KB at most while it was read`)
  t.match(set.sounds.get('large.wav'), { hash: /^[0-9a-f]{32}$/, format: undefined })
  const { status, problems } = await lint(join(root, 'large'))
  t.equal(status, 1)
  t.match(problems.filter(one => one.severity === 'error'), [
    { code: 'missing-audio', message: 'the sound `endless.mp3` does not exist' },
    { code: 'bad-audio', message: '`large.wav` has 200 MB, and sounds of up to 64 MB are played' },
  ])
})

void t.test('a list whose parts are fetched: lint fetches as the server does', async t => {
  const sounds = createServer((request, response) => {
    if (request.url === '/good.wav') response.end(GOOD)
    else if (request.url === '/picture.wav') response.end('\u0089PNG')
    else if (request.url === '/endless.wav') { const more = (): void => { while (!response.destroyed && response.write(Buffer.alloc(1e6))); response.once('drain', more) }; more() }
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => sounds.once('listening', resolve))
  t.teardown(() => { sounds.closeAllConnections(); sounds.close() })
  const host = `127.0.0.1:${(sounds.address() as AddressInfo).port}`
  const folder = join(root, 'fetched', 'flows')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'sound.wav'), GOOD)
  for (const name of ['good', 'picture', 'endless', 'gone']) writeFileSync(join(folder, `${name}.yaml`), plays(`["http://${host}/${name}.wav", sound.wav]`))
  const { problems } = await lint(join(root, 'fetched'), { TONVAL_FETCH_HOSTS: host })
  t.match(problems.filter(one => one.severity === 'error').map(({ file, message }) => `${file}: ${message.replaceAll(host, 'HOST')}`), [
    'flows/endless.yaml: this sound cannot be made: the sound at http://HOST/endless.wav cannot be fetched: it is larger than 32 MB',
    'flows/gone.yaml: this sound cannot be made: the sound at http://HOST/gone.wav cannot be fetched: it was answered with status 404',
    'flows/picture.yaml: this sound cannot be made: the sound at http://HOST/picture.wav is no WAV, MP3 or Ogg Vorbis',
  ])
})

void t.test('what was heard is kept by content, and a file that is another by now is not taken for it', async t => {
  const data = join(root, 'data')
  const path = join(root, 'one.wav')
  writeFileSync(path, GOOD)
  const { hash } = describeSound(GOOD)
  const lying = { path, hash, format: 'wav' as const }
  const first = openStudio({ data })
  const heard = await first.listen(lying)
  t.match(heard, { seconds: 1, channels: 1, rate: RATE, level: -19.49, clipped: 0 })
  t.equal(await first.listen({ ...lying, path: '/nowhere' }), heard, 'the same bytes are listened to once')
  await first.close()
  const second = openStudio({ data })
  t.teardown(() => second.close())
  t.strictSame(await second.listen({ ...lying, path: '/nowhere' }), heard, 'and after a restart')
  t.match(await second.listen({ ...lying, path: '/nowhere', hash: '0'.repeat(32) }), { trouble: /^cannot be read: ENOENT/, passes: true })
  t.match(await second.listen({ ...lying, hash: '0'.repeat(32) }), { trouble: 'was changed while it was looked at', passes: true })
})
