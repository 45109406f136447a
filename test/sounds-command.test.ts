/** `tonval sounds`: what it lists, and that mending loses nothing. sounds-cut-off.test.ts runs it as a process of its own. */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { inspect } from '../src/prompts/inspect.ts'
import { hasEspeak } from '../src/prompts/espeak.ts'
import { RATE } from '../src/prompts/silence.ts'
import { readWave } from '../src/prompts/wave.ts'
import { MP3, OGG } from './real-sounds.ts'
import { CALLS, FLOW, lay as layIn, LOUD, STEREO, tonval as runHere } from './sounds/folder.ts'
import type { Ran } from './sounds/folder.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-sounds-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

const lay = (): string => layIn(root)
/** What was spoken once is spoken for all: the engine starts slowly. */
const data = join(root, 'data')
mkdirSync(data)
const tonval = (cwd: string, ...args: readonly string[]): Promise<Ran> => runHere(cwd, args, { TONVAL_DATA: data })

interface Row { flow: string; prompt: string; language: string | null; kind: string; file: string | null; seconds: number; channels: number; rate: number; level: number; used: string[]; trouble: string | null; problems: { rule: string }[] }
const rowsOf = (stdout: string): Row[] => (JSON.parse(stdout) as { sounds: Row[] }).sounds
const skip = hasEspeak() ? false : 'the optional package of the built-in engine is not installed'

void t.test('every prompt, in every language, with what is wrong with it', { skip }, async t => {
  const cwd = lay()
  const json = await runHere(cwd, ['sounds', 'a', '--format', 'json'])
  t.equal(json.status, 0, json.stderr)
  const rows = rowsOf(json.stdout)
  t.match(rows.map(row => [row.prompt, row.language, row.kind, row.file, row.used.join()]), [
    ['"Press 1."', 'en', 'joined', null, 'menu'], ['menu', 'en', 'file', 'en/menu.wav', 'menu'], ['good.mp3', null, 'file', 'good.mp3', 'menu'],
    ['"Tryck 1."', 'sv', 'joined', null, 'menu'], ['menu', 'sv', 'file', 'tone.ogg', 'menu'],
    ['"No."', 'en', 'spoken', null, 'menu'], ['"No."', 'sv', 'spoken', null, 'menu'], ['loud.mp3', null, 'file', 'loud.mp3', 'bye'], ['spare', null, 'file', 'good.mp3', ''],
  ])
  const of = (file: string): Row | undefined => rows.find(row => row.file === file)
  t.match(of('en/menu.wav'), { seconds: 2, channels: 2, rate: 44_100, level: -43.01, problems: [{ rule: 'silent-audio' }, { rule: 'audio-level' }] })
  t.match(of('good.mp3'), { seconds: 0.828, channels: 1, rate: 16_000, problems: [] })
  t.match(rows.find(row => row.kind === 'spoken'), { channels: 1, rate: RATE, level: -20 })
  const table = await tonval(cwd, 'sounds')
  t.equal(table.status, 0)
  t.match(table.stdout, /^flow +prompt +language +seconds +what +level +played by +remark\n/)
  t.match(table.stdout, /^a +menu +en +2\.0 +WAV stereo 44\.1 kHz +-43 dBFS +menu +silent-audio, audio-level$/m)
  t.notOk(existsSync(join(cwd, '.tonval')), 'nothing is left behind')
})

void t.test('what cannot be heard, and flows with errors', async t => {
  const cwd = lay()
  writeFileSync(join(cwd, 'flows/good.mp3'), 'no sound')
  writeFileSync(join(cwd, 'flows/other.yaml'), 'start: bye\nlanguage: en\nstates:\n  bye: { play: nothing.mp3, next: end }\n')
  const { status, stdout, stderr } = await tonval(cwd, 'sounds', '--format', 'json')
  t.equal(status, 1)
  t.match(rowsOf(stdout).find(row => row.file === 'good.mp3'), { trouble: 'is no sound that the carrier plays' })
  t.match(stderr, /the sound `nothing\.mp3` does not exist/)
  const unused = lay()
  writeFileSync(join(unused, 'flows/a.yaml'), FLOW.replace('good.mp3, text: "Nobody', 'gone.mp3, text: "Nobody'))
  const one = await tonval(unused, 'sounds', 'a', '--format', 'json')
  t.match(rowsOf(one.stdout).find(row => row.prompt === 'spare'), { kind: 'file', file: 'gone.mp3', trouble: 'does not exist' }, 'also where nobody plays it yet')
  t.equal(one.status, 1)
  t.match(await tonval(cwd, 'sounds', 'b'), { status: 2, stderr: /there is no flow `b`/ })
  t.match(await tonval(cwd, 'sounds', '--dir', 'nowhere'), { status: 2, stderr: /`nowhere` does not exist/ })
  t.match(await tonval(cwd, 'sounds', '--fixx'), { status: 2, stderr: /did you mean `--fix`/ })
  t.match(await tonval(cwd, 'sounds', '--help'), { status: 0, stdout: /Exit status: 0 / })
})

void t.test('--fix: a WAV for a telephone, the original beside it, every name mended', { skip }, async t => {
  const cwd = lay()
  const flows = join(cwd, 'flows')
  const fixed = await tonval(cwd, 'sounds', '--fix')
  t.equal(fixed.status, 0, fixed.stderr)
  t.strictSame(fixed.stderr.trim().split('\n').sort(), [
    'en/menu.wav: now en/menu.wav; the original is kept as en/menu.original.wav', 'loud.mp3: now loud.wav; the original is kept as loud.original.mp3',
  ])
  t.strictSame(readdirSync(flows, { recursive: true, encoding: 'utf8' }).sort(), ['a.calls.yaml', 'a.yaml', 'en', 'en/menu.original.wav', 'en/menu.wav', 'good.mp3', 'loud.original.mp3', 'loud.wav', 'other.yaml', 'tone.ogg'], 'what is good is left alone')
  for (const [name, before] of [['en/menu.original.wav', STEREO], ['loud.original.mp3', LOUD], ['tone.ogg', OGG]] as const) t.ok(readFileSync(join(flows, name)).equals(before), name)
  for (const name of ['en/menu.wav', 'loud.wav']) {
    const bytes = readFileSync(join(flows, name))
    t.match(readWave(bytes), { rate: RATE, channels: 1 }, name)
    const heard = await inspect(bytes, 'wav')
    t.ok('level' in heard && Math.abs(heard.level + 20) < 1 && heard.lead < 0.2 && heard.clipped === 0, `${name}: ${JSON.stringify(heard)}`)
  }
  t.equal(readFileSync(join(flows, 'a.yaml'), 'utf8'), FLOW.replace("'loud.mp3'", "'loud.wav'"), 'nothing else changes')
  t.equal(readFileSync(join(flows, 'a.calls.yaml'), 'utf8'), CALLS.replace('loud.mp3', 'loud.wav'))
  t.match(readFileSync(join(flows, 'other.yaml'), 'utf8'), /^\uFEFFstart[^]*play: loud\.wav/)
  const linted = await tonval(cwd, 'lint', '--format', 'compact')
  t.equal(linted.status, 0)
  t.notMatch(linted.stdout, /-audio|audio-/)
  t.match(await tonval(cwd, 'sounds', '--fix', '--format', 'json'), { status: 0, stderr: 'nothing had to be converted\n' })

  // one that was cut off before its last step: the same again, and nothing twice
  const again = lay()
  for (const name of ['loud.wav', 'loud.original.mp3']) cpSync(join(flows, name), join(again, 'flows', name))
  t.equal((await tonval(again, 'sounds', '--fix')).status, 0)
  t.strictSame(readdirSync(join(again, 'flows'), { recursive: true }).sort(), readdirSync(flows, { recursive: true }).sort())
})

void t.test('--fix changes nothing where something stands in its way', { skip }, async t => {
  const all = (cwd: string): string => execFileSync('bash', ['-c', 'find . -type f | sort | xargs sha256sum'], { cwd, encoding: 'utf8' })
  const taken = lay()
  writeFileSync(join(taken, 'flows/loud.wav'), MP3)
  const before = readFileSync(join(taken, 'flows/a.yaml'), 'utf8')
  const { status, stderr } = await tonval(taken, 'sounds', 'other', '--fix')
  t.equal(status, 1)
  t.match(stderr, /loud\.mp3: left as it is: `loud\.wav` is there already, and is another sound/)
  t.equal(readFileSync(join(taken, 'flows/a.yaml'), 'utf8'), before)

  const folder = lay()
  mkdirSync(join(folder, 'flows/loud.original.mp3'))
  const was = all(folder)
  t.match(await tonval(folder, 'sounds', '--fix'), { status: 1, stderr: /nothing was changed: `loud\.original\.mp3` is a folder or a device/ })
  t.equal(all(folder), was, 'all or nothing')
})
