/** Lengths of sounds: told by their bytes, as the emulator's library tells them, and what lint makes of them. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { parseBuffer } from 'music-metadata'
import t from 'tap'
import { check } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import { runCommand } from '../src/cli/commands.ts'
import { soundLength } from '../src/prompts/length.ts'
import { SILENCE, SILENCE_FILE } from '../src/prompts/silence.ts'
import { sniff } from '../src/prompts/sniff.ts'
import { describeSound, readFolder } from '../src/reload/read-folder.ts'
import type { SoundCache } from '../src/reload/read-folder.ts'
import { makeMp3, makeOpus, makeVorbis } from './emulator/sound-files.ts'
import { makeWave } from './emulator/wave.ts'

const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
const root = mkdtempSync(join(tmpdir(), 'tonval-lengths-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))

/** An ID3 tag with a body that looks like sound. */
function tag(size: number): Buffer {
  const head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, size >> 7, size & 0x7f])
  return Buffer.concat([head, makeMp3(Math.ceil(size / 417)).subarray(0, size)])
}

/** Frames of 32 kbit/s at 16 kHz (MPEG 2), 36 ms each, mono. */
function makeMpeg2(frames: number): Buffer {
  const frame = Buffer.alloc(144)
  frame.writeUInt32BE(0xfff348c0, 0)
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

/** A frame that holds a table instead of sound. */
function tableFrame(word: string, at: number): Buffer {
  const frame = makeMp3(1)
  frame.write(word, at, 'latin1')
  frame.writeUInt32BE(1, at + 4)
  frame.writeUInt32BE(100, at + 8)
  return frame
}

function withSaidSize(wave: Buffer, size: number): Buffer {
  wave.writeUInt32LE(size, 40)
  return wave
}

/** A WAV whose sound stands behind another chunk of an odd size. */
function withChunk(wave: Buffer): Buffer {
  return Buffer.concat([wave.subarray(0, 36), Buffer.from('LIST\x03\0\0\0abc\0', 'latin1'), wave.subarray(36)])
}

const MP3_FRAME = 1152 / 44_100
const KNOWN: readonly (readonly [what: string, bytes: Buffer, seconds: number | undefined])[] = [
  ['WAV', makeWave(2.5), 2.5],
  ['WAV of 16 bits', SILENCE, 0.2],
  ['WAV with another chunk before the sound', withChunk(makeWave(1.5)), 1.5],
  ['WAV that was written into a pipe', withSaidSize(makeWave(3), 0xffffffff), 3],
  ['WAV that never said how long it became', withSaidSize(makeWave(3), 0), 3],
  ['WAV cut in the middle', makeWave(4).subarray(0, 44 + 16_000), 2],
  ['WAV without any sound', makeWave(0), 0],
  ['WAV cut before its sound', makeWave(4).subarray(0, 40), undefined],
  ['MP3', makeMp3(100), 100 * MP3_FRAME],
  ['MP3 behind a tag', Buffer.concat([tag(5000), makeMp3(100)]), 100 * MP3_FRAME],
  ['MP3 before a tag', Buffer.concat([makeMp3(100), Buffer.from('TAG'), Buffer.alloc(125)]), 100 * MP3_FRAME],
  ['MP3 with a table of its frames', Buffer.concat([tableFrame('Xing', 36), makeMp3(100)]), 100 * MP3_FRAME],
  ['MP3 of a constant rate with a table', Buffer.concat([tableFrame('Info', 36), makeMp3(100)]), 100 * MP3_FRAME],
  ['MP3 of MPEG 2', makeMpeg2(50), 1.8],
  ['MP3 with rubbish in the middle', Buffer.concat([makeMp3(20), Buffer.from([0xff, 0xfb, 0x90, 0xff, 0, 1, 2, 0xff]), makeMp3(30)]), 50 * MP3_FRAME],
  ['only a tag', tag(3000), undefined],
  ['Ogg Vorbis', makeVorbis(7), 7],
  ['Ogg Vorbis cut before its last page', makeVorbis(7).subarray(0, 60), 0],
  ['Ogg Opus, which the carrier does not play', makeOpus(), undefined],
  ['no sound', Buffer.from('nothing of the kind'), undefined],
  ['nothing', Buffer.alloc(0), undefined],
]

for (const [what, bytes, seconds] of KNOWN) {
  void t.test(what, async t => t.equal(soundLength(bytes, sniff(bytes)), seconds === undefined ? undefined : Math.round(seconds * 1000) / 1000))
}

void t.test('every sound of our flows is as long as the emulator hears it', async t => {
  const paths = readdirSync('flows', { recursive: true, encoding: 'utf8' }).filter(name => /\.(wav|mp3|ogg)$/.test(name))
  t.ok(paths.length > 10)
  for (const path of paths) {
    const bytes = readFileSync(join('flows', path))
    const { format } = await parseBuffer(bytes, undefined, { duration: true })
    const told = soundLength(bytes, sniff(bytes)) ?? 0
    t.ok(Math.abs(told - (format.duration ?? 0)) < 0.05, `${path}: ${told} s, ${format.duration} s`)
  }
})

void t.test('whatever the bytes are, the length is a number of seconds or unknown', async t => {
  const whole = [makeWave(0.1), makeMp3(5), makeMpeg2(5), makeVorbis(2)]
  fc.assert(fc.property(fc.constantFrom(...whole), fc.nat(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 20 }), (sound, cut, changes) => {
    const bytes = Buffer.from(sound.subarray(0, cut % (sound.length + 1)))
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value
    for (const format of ['wav', 'mp3', 'ogg', undefined] as const) {
      const seconds = soundLength(bytes, format)
      if (seconds !== undefined && !(seconds >= 0 && Number.isFinite(seconds))) throw new Error(`${seconds} s of ${format}`)
    }
  }), { numRuns: 2000 })
  t.pass()
})

const MENU = '  menu: { ivr: menu.wav, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }\n  desk: { connect: "+46846500411", on: { failed: bye } }\n  bye: { play: bye.wav, next: end }\n'
const SOUNDS: Readonly<Record<string, Buffer>> = {
  'menu.wav': makeWave(8), 'bye.wav': makeWave(2), 'short.wav': makeWave(18), 'also-short.wav': makeWave(17), 'twenty.wav': makeWave(20),
  'long.wav': makeWave(20.6), 'long.mp3': makeMp3(900), 'long.ogg': makeVorbis(33), 'nothing.wav': makeWave(0), 'broken.mp3': tag(300),
}

let folders = 0
function lay(flow: string): string {
  const folder = join(root, String(folders++))
  mkdirSync(folder)
  for (const [name, bytes] of Object.entries(SOUNDS)) writeFileSync(join(folder, name), bytes)
  writeFileSync(join(folder, 'a.yaml'), flow)
  return folder
}

/** What lint says of a flow of states, about lengths only: rule and place. */
async function said(states: string, head = 'start: hello\n'): Promise<string[]> {
  const text = `${head}states:\n${states}${MENU}`
  const set = await readFolder(lay(text), new Map())
  return check(set, settings).problems.filter(({ code }) => ['prompt-too-long', 'long-start', 'empty-prompt', 'bad-silence'].includes(code))
    .map(({ code, span, message }) => `${code} ${text.slice(span.start, span.end)}: ${message}`)
}

const ASK = (play: string, more = ''): string => `  hello: { play: ${play}, skippable: false, next: menu${more} }\n`
const CASES: readonly (readonly [what: string, states: string, problems: readonly string[], head?: string])[] = [
  ['twenty seconds', ASK('twenty.wav'), []],
  ['more than twenty seconds', ASK('long.wav'), ['prompt-too-long long.wav: this prompt is 21 s long']],
  ['an MP3 of more than twenty seconds', ASK('long.mp3'), ['prompt-too-long long.mp3: this prompt is 24 s long']],
  ['an Ogg Vorbis of more than thirty seconds', ASK('long.ogg'), ['long-start long.ogg: until `menu` asks, 33 s have to be heard that cannot be skipped', 'prompt-too-long long.ogg: this prompt is 33 s long']],
  ['what is long is told where it is declared, once', '  hello: { play: story, next: again }\n  again: { play: story, next: menu }\n', ['prompt-too-long long.wav: this prompt is 21 s long'], 'start: hello\nprompts: { story: { file: long.wav, text: Long } }\n'],
  ['also under defaults', '  hello: { play: short.wav, next: menu }\n', ['prompt-too-long long.wav: this prompt is 21 s long'], 'start: hello\ndefaults: { ivr: { sorry: long.wav } }\n'],
  ['two that are long only together', '  hello: { play: short.wav, skippable: false, next: then }\n  then: { play: also-short.wav, skippable: false, next: menu }\n', ['long-start also-short.wav: until `menu` asks, 35 s have to be heard that cannot be skipped']],
  ['one of them can be skipped', '  hello: { play: short.wav, next: then }\n  then: { play: also-short.wav, skippable: false, next: menu }\n', []],
  ['nobody is asked', '  hello: { play: short.wav, skippable: false, next: then }\n  then: { play: also-short.wav, skippable: false, next: end }\n', []],
  ['a choice before', '  hello: { play: short.wav, skippable: false, next: ask }\n  ask: { ivr: menu.wav, on: { 1: then, noinput: end, nomatch: end, failed: end } }\n  then: { play: also-short.wav, skippable: false, next: menu }\n', []],
  ['the longer of two ways', '  hello: { route: [{ when: { caller: "+46*" }, goto: menu }, { goto: one }] }\n  one: { play: short.wav, skippable: false, next: two }\n  two: { play: also-short.wav, skippable: false, next: menu }\n', ['long-start also-short.wav: until `menu` asks, 35 s have to be heard that cannot be skipped']],
  ['once around a circle', '  hello: { play: short.wav, skippable: false, next: again }\n  again: { route: [{ when: { visited: hello, times: 3 }, goto: menu }, { goto: hello }] }\n', []],
  ['a file without sound', ASK('nothing.wav'), ['empty-prompt nothing.wav: `nothing.wav` holds no sound: it is 0 s long']],
  ['a file whose length nobody can tell', ASK('broken.mp3'), []],
  ['silenced', `  # tonval-ignore prompt-too-long -- the law wants every word of it\n${ASK('long.wav')}`, []],
  ['a silence for what is short', `  # tonval-ignore long-start -- the law wants every word of it\n${ASK('short.wav')}`, ['bad-silence # tonval-ignore long-start -- the law wants every word of it: `long-start` finds nothing here: this silence has no effect']],
]

for (const [what, states, problems, head] of CASES) {
  void t.test(what, async t => t.same((await said(states, head)), problems))
}

void t.test('tonval lint says it of real files', async t => {
  const folder = lay(`start: hello\nlanguage: sv\nstates:\n${ASK('long.wav')}${MENU}`)
  let out = ''
  const status = await runCommand(['lint', folder, '--format', 'compact'], { stdout: { write: text => { out += text } }, stderr: { write: () => undefined }, stdin: (async function* () { yield '' })(), env: {}, cwd: root })
  t.equal(status, 0, out)
  t.match(out, /a\.yaml:4:18: warning: this prompt is 21 s long .*prompt-too-long/)
})

void t.test('a file that did not change is not measured again, one that did is', async t => {
  const folder = lay(`start: hello\nstates:\n${ASK('short.wav')}${MENU}`)
  const path = join(folder, 'short.wav')
  const cache: SoundCache = new Map()
  const first = (await readFolder(folder, cache)).sounds.get('short.wav')
  t.equal((await readFolder(folder, cache)).sounds.get('short.wav'), first)
  const { atime, mtime } = statSync(path)
  writeFileSync(path, makeWave(25))
  utimesSync(path, atime, mtime)
  t.match((await readFolder(folder, cache)).sounds.get('short.wav'), { format: 'wav', seconds: 25 })
})

void t.test('no version depends on a length', async t => {
  const set = await readFolder(lay(`start: hello\nstates:\n${ASK('short.wav')}${MENU}`), new Map())
  const unmeasured: SourceSet = { ...set, sounds: new Map([...set.sounds].map(([path, { hash, format }]) => [path, { hash, format }])) }
  const version = (one: SourceSet): string | undefined => check(one, settings).served.get('a')?.flow.version
  t.ok(version(set))
  t.equal(version(unmeasured), version(set))
  t.same(describeSound(SOUNDS['long.mp3'] as Buffer), set.sounds.get('long.mp3'), 'an edit through the server is measured as the folder is')
})
