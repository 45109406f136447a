/** Sounds as they are read, joined and made: samples in, samples out. */
import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { readRecipe, recipeId, writeRecipe } from '../src/compile/recipe.ts'
import type { Part } from '../src/compile/recipe.ts'
import { inspect } from '../src/prompts/inspect.ts'
import { decibels, Meter } from '../src/prompts/meter.ts'
import { levelled, monoOf, trimmed } from '../src/prompts/mono.ts'
import { Resampler } from '../src/prompts/resample.ts'
import { RATE, SILENCE } from '../src/prompts/silence.ts'
import { sniff } from '../src/prompts/sniff.ts'
import { spelled } from '../src/prompts/spelled.ts'
import { frequencies, quiet, tones } from '../src/prompts/tones.ts'
import { readWave, writeWave } from '../src/prompts/wave.ts'
import { goertzel } from './goertzel.ts'

function sine(hertz: number, seconds: number, rate: number, loud = 0.5): Float32Array {
  return new Float32Array(Math.round(seconds * rate)).map((_, at) => loud * Math.sin((2 * Math.PI * hertz * at) / rate))
}

void t.test('a WAV that was written is read again', async t => {
  fc.assert(fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 300 }), fc.constantFrom(8000, 22_050, 48_000), (values, rate) => {
    const wave = readWave(writeWave(Float32Array.from(values), rate))
    const [read = new Float32Array(0)] = wave.read(0, 1000)
    return wave.rate === rate && wave.channels === 1 && read.length === values.length && values.every((value, at) => Math.abs(value - (read[at] as number)) < 1 / 16_000)
  }))
  t.equal(SILENCE.length, 44 + 2 * RATE / 5)
})

void t.test('a header that says another length', async t => {
  const whole = writeWave(sine(440, 1, RATE), RATE)
  for (const [said, heard] of [[0, RATE], [0x7ffff000, RATE], [0xffffffff, RATE], [RATE, RATE / 2]] as const) {
    const bytes = Buffer.from(whole)
    bytes.writeUInt32LE(said, 40)
    t.equal(readWave(bytes).length, heard, `${said} bytes`)
    t.notOk(readWave(bytes).isCut)
  }
  t.ok(readWave(whole.subarray(0, 1000)).isCut)
})

void t.test('G.711, as the standard has its first and last steps', async t => {
  const header = (kind: number, body: Buffer): Buffer => {
    const bytes = Buffer.concat([writeWave(new Float32Array(0), RATE), body])
    bytes.writeUInt16LE(kind, 20)
    bytes.writeUInt16LE(8, 34)
    bytes.writeUInt32LE(body.length, 40)
    return bytes
  }
  const read = (kind: number, ...values: number[]): number[] => [...(readWave(header(kind, Buffer.from(values))).read(0, 10)[0] as Float32Array)].map(value => Math.round(value * 32_768))
  t.strictSame(read(6, 0xd5, 0x55, 0xaa, 0x2a), [8, -8, 32_256, -32_256])
  t.strictSame(read(7, 0xff, 0x80, 0x00), [0, 32_124, -32_124])
})

void t.test('another rate', async t => {
  for (const [from, to] of [[22_050, 8000], [44_100, 8000], [48_000, 8000], [8000, 8000], [11_025, 8000], [8000, 16_000]] as const) {
    const samples = sine(1000, 1, from)
    const all = new Resampler(from, to)
    const whole = [...all.take(samples), ...all.take(new Float32Array(0), true)]
    t.ok(Math.abs(whole.length - to) <= 2, `${from} → ${to}: ${whole.length} samples of a second`)
    const inside = Float32Array.from(whole.slice(to / 10, -to / 10))
    t.ok(Math.abs(decibels(Math.max(...inside)) - decibels(0.5)) < 0.3, `${from} → ${to} is as loud`)
    t.ok(goertzel(inside, 1000, to) > 50 * goertzel(inside, 1300, to), `${from} → ${to} is the same tone`)
    const piecewise = new Resampler(from, to)
    const pieces: number[] = []
    for (let at = 0; at < samples.length; at += 999) pieces.push(...piecewise.take(samples.subarray(at, at + 999)))
    pieces.push(...piecewise.take(new Float32Array(0), true))
    t.strictSame(pieces, whole, 'the pieces make no difference')
  }
  // what a telephone cannot carry is gone, and does not come back as another tone
  const high = new Resampler(22_050, 8000)
  const folded = [...high.take(sine(6000, 1, 22_050)), ...high.take(new Float32Array(0), true)]
  t.ok(decibels(Math.max(...folded.slice(800, -800).map(Math.abs))) < -50)
})

void t.test('levels and ends', async t => {
  const spoken = Float32Array.from([...quiet(0.5), ...sine(300, 1, RATE, 0.01), ...quiet(1)])
  const read = (samples: Float32Array) => { const meter = new Meter(RATE); meter.take(samples); return meter.levels() }
  t.match(read(spoken), { lead: 0.5, tail: 1, clipped: 0 })
  const loud = levelled(spoken)
  t.ok(Math.abs(read(loud).level + 20) < 0.2, `${read(loud).level} dBFS`)
  t.ok(Math.abs(trimmed(loud, 0.05).length / RATE - 1.1) < 0.03)
  t.match(read(quiet(1)), { level: -100, peak: -100, lead: 1, tail: 0 })
  const cut = sine(300, 1, RATE, 3).map(value => Math.max(-1, Math.min(1, value)))
  t.ok(read(cut).clipped > 0.5)
  t.equal(read(sine(300, 1, RATE, 0.9)).clipped, 0)
})

void t.test('every key of a telephone is its two frequencies, and no others', async t => {
  const all = [697, 770, 852, 941, 1209, 1336, 1477, 1633]
  for (const key of '0123456789ABCD*#') {
    const samples = tones(`sound/dtmf/${key}`).subarray(0, RATE / 10)
    const loudest = all.map(hertz => [goertzel(samples, hertz, RATE), hertz] as const).sort((a, b) => b[0] - a[0])
    t.strictSame(loudest.slice(0, 2).map(([, hertz]) => hertz).sort((a, b) => a - b), frequencies(key), key)
    t.ok((loudest[1]?.[0] ?? 0) > 5 * (loudest[2]?.[0] ?? 0), `${key} is clear`)
  }
  t.equal(tones('sound/dtmf/1p2P3').length, RATE * (3 * 0.15 + 0.55))
  t.throws(() => tones('sound/dtmf/x'))
  t.throws(() => tones('sound/gong'))
})

void t.test('what is spelled', async t => {
  t.equal(spelled('A4-7 å'), 'A, 4, 7, Å')
  t.equal(spelled('-- !'), '')
})

void t.test('a recipe has one text and one name', async t => {
  const text = fc.string({ unit: 'grapheme' })
  const part: fc.Arbitrary<Part> = fc.oneof(
    fc.record({ say: text, language: text }), fc.record({ say: text, language: text, voice: text }), fc.record({ spell: text, language: text }),
    fc.record({ file: text }), fc.record({ fetch: text }), fc.record({ tones: text }),
  )
  fc.assert(fc.property(fc.array(part), fc.array(part), (one, other) => {
    t.strictSame(readRecipe(writeRecipe(one)), one.map(value => ({ ...value })))
    return (recipeId(one) === recipeId(other)) === (JSON.stringify(readRecipe(writeRecipe(one))) === JSON.stringify(readRecipe(writeRecipe(other))))
  }))
})

void t.test('bad sounds, each with its words', async t => {
  const mp3 = readFileSync('flows/carrier-example/menu.mp3')
  const wav = writeWave(sine(440, 1, RATE), RATE)
  const ogg = readFileSync('test/cases/sounds/tone.ogg')
  t.match(await inspect(wav, 'wav'), { seconds: 1, channels: 1, rate: RATE })
  t.match(await inspect(ogg, 'ogg'), { seconds: 1, channels: 1 })
  const heard = await inspect(mp3, 'mp3')
  t.ok('seconds' in heard && heard.seconds > 1 && heard.level > -40)
  t.match(await inspect(wav.subarray(0, 3000), 'wav'), { trouble: /^is cut off/ })
  t.match(await inspect(ogg.subarray(0, ogg.length - 50), 'ogg'), { trouble: /^is cut off/ })
  t.match(await inspect(wav.subarray(0, 20), 'wav'), { trouble: /^cannot be played: there are no samples/ })
  t.match(await inspect(Buffer.from('ID3 but nothing behind it'), 'mp3'), { trouble: 'holds no sound' })
  t.match(await inspect(Buffer.concat([mp3.subarray(0, 4), createHash('sha512').update('noise').digest()]), 'mp3'), { trouble: 'holds no sound' })
  t.equal(sniff(Buffer.alloc(0)), undefined)
  t.equal(sniff(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])), undefined, 'a picture')
  t.equal(sniff(readFileSync('test/cases/sounds/opus.ogg')), undefined, 'Opus')
  await t.rejects(monoOf(writeWave(sine(440, 2, RATE), RATE), 'wav', 1), { message: 'is longer than 1 seconds' })
})

void t.test('any bytes are heard or refused in words, never a crash', async t => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.constantFrom('wav', 'mp3', 'ogg'), fc.integer({ min: 0, max: 3000 }), async (noise, format, at) => {
    const good = format === 'wav' ? writeWave(sine(440, 0.2, RATE), RATE) : format === 'ogg' ? readFileSync('test/cases/sounds/tone.ogg') : readFileSync('flows/carrier-example/menu.mp3').subarray(0, 4000)
    const bytes = Buffer.from(good)
    bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length))
    const found = await inspect(bytes, format)
    return 'trouble' in found ? found.trouble.length > 5 : Number.isFinite(found.seconds) && found.seconds >= 0
  }), { numRuns: 60 })
  t.pass()
})
