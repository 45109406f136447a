/** The studio: words in, sounds out, whatever becomes of the engine. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Recipe } from '../src/compile/recipe.ts'
import { createPractice } from '../src/cli/practice.ts'
import { openCache } from '../src/prompts/cache.ts'
import { commandWords } from '../src/prompts/command-words.ts'
import { SpeechError } from '../src/prompts/engine.ts'
import type { Engine, Words } from '../src/prompts/engine.ts'
import { espeak, hasEspeak } from '../src/prompts/espeak.ts'
import { createMaker } from '../src/prompts/make.ts'
import { openStudio } from '../src/prompts/studio.ts'
import type { StudioSettings } from '../src/prompts/studio.ts'
import { RATE } from '../src/prompts/silence.ts'
import { writeWave } from '../src/prompts/wave.ts'
import { until } from './serve/running.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-speech-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const folder = (): string => join(root, String(folders++))

function studio(test: { teardown(end: () => Promise<void>): void }, settings: Omit<StudioSettings, 'data'> & { data?: string } = {}, options = {}) {
  const data = settings.data ?? folder()
  const opened = openStudio({ ...settings, data }, options)
  test.teardown(() => opened.close())
  return { ...opened, data, bytes: (hash: string) => readFileSync(join(data, 'sounds', `${hash}.wav`)) }
}

/** A program of a few lines, as a command. */
function program(lines: string): string {
  const path = join(root, `engine${folders++}.mjs`)
  writeFileSync(path, lines)
  return `"${process.execPath}" "${path}"`
}

const tone = writeWave(new Float32Array(RATE).map((_, at) => 0.5 * Math.sin(at / 3)), RATE).toString('base64')
const say = (text: string, language = 'sv'): Recipe => [{ say: text, language }]

/** Words, and roughly how long people take to say them, in seconds. */
const SPOKEN: readonly (readonly [language: string, text: string, seconds: number])[] = [
  ['sv', 'Välkommen till kommunen. För bygglov, tryck 1.', 3.5],
  ['en', 'Welcome to the council. For building permits, press one.', 3.5],
  ['nb', 'Velkommen til kommunen. For byggesaker, trykk en.', 3.5],
  ['no', 'Velkommen til kommunen. For byggesaker, trykk en.', 3.5],
  ['da', 'Velkommen til kommunen. For byggesager, tryk et.', 3.5],
  ['fi', 'Tervetuloa kuntaan. Rakennuslupa-asioissa, paina yksi.', 4],
  ['de', 'Willkommen bei der Gemeinde. Für Baugenehmigungen, drücken Sie eins.', 4.5],
]

/** The data folder in which all of them stand once they were spoken. */
const told = folder()

void t.test('the built-in engine', { skip: hasEspeak() ? false : 'the optional package of the built-in engine is not installed' }, async t => {
  const one = studio(t, { data: told })
  const other = studio(t)
  const heard = new Map<string, string>()
  for (const [language, text, seconds] of SPOKEN) {
    const made = await one.make(say(text, language))
    if ('trouble' in made) return t.fail(made.trouble)
    t.ok(made.seconds > seconds / 1.7 && made.seconds < seconds * 1.7, `${language}: ${made.seconds} s for words of some ${seconds} s`)
    t.match(await one.listen({ path: join(one.data, 'sounds', `${made.hash}.wav`), hash: made.hash, format: 'wav' }), { channels: 1, rate: RATE, clipped: 0, level: -20 })
    heard.set(language, made.hash)
  }
  t.equal(heard.get('nb'), heard.get('no'), 'Norwegian, however it is called')
  t.equal(new Set(heard.values()).size, SPOKEN.length - 1, 'each language sounds its own way')
  for (const [language, text] of [...SPOKEN].reverse()) t.match(await other.make(say(text, language)), { hash: heard.get(language) }, `${language}: the same bytes by another process, whatever was said before`)
  t.match(await one.make(say('hello', 'xx')), { trouble: 'the built-in engine does not speak `xx`', passes: false })
  t.match(await one.make([{ say: 'hello', language: 'en', voice: 'nobody' }]), { trouble: 'the built-in engine has no voice `nobody`', passes: false })
  const voice = await one.make([{ say: SPOKEN[0]?.[1] ?? '', language: 'sv', voice: '+f2' }])
  t.ok('hash' in voice && voice.hash !== heard.get('sv'), 'another voice')
  for (const text of ['-f/etc/passwd', '<speak><break time="5s"/></speak>', '[[h@l@U]]', '!?', '"; rm -rf /']) {
    const made = await one.make(say(text, 'en'))
    t.ok('seconds' in made && made.seconds < 6, `${text} is only words`)
  }
})

void t.test('another program agrees', { skip: !hasEspeak() ? 'the built-in engine is not installed' : spawnSync('sox', ['--version']).error === undefined ? false : 'sox is not installed' }, async t => {
  const { make, data } = studio(t, { data: told })
  for (const [language, text] of SPOKEN.slice(0, 2)) {
    const made = await make(say(text, language))
    if ('trouble' in made) return t.fail(made.trouble)
    const path = join(data, 'sounds', `${made.hash}.wav`)
    const soxi = (what: string): string => execFileSync('sox', ['--info', what, path], { encoding: 'utf8' }).trim()
    t.strictSame([soxi('-c'), soxi('-r'), soxi('-b')], ['1', '8000', '16'])
    t.ok(Math.abs(Number(soxi('-D')) - made.seconds) < 0.01, `${soxi('-D')} s`)
    const stat = spawnSync('sox', [path, '-n', 'stat'], { encoding: 'utf8' }).stderr
    const figure = (name: string): number => Number(new RegExp(`${name}[^:]*:\\s*(-?[0-9.]+)`).exec(stat)?.[1])
    t.ok(figure('RMS     amplitude') > 0.02, 'not silent')
    t.ok(figure('Maximum amplitude') < 0.95 && figure('Minimum amplitude') > -0.95, 'not clipped')
  }
})

void t.test('lists: one sound, one rate, short gaps', async t => {
  const command = program(`process.stdin.resume().on('end', () => process.stdout.write(Buffer.from('${tone}', 'base64')))`)
  const { make, bytes, data } = studio(t, { command })
  const spoken = await make(say('one'))
  const made = await make([{ say: 'one', language: 'en' }, { tones: 'sound/beep' }, { say: '  ', language: 'en' }, { spell: '12', language: 'en' }])
  if ('trouble' in spoken || 'trouble' in made) return t.fail('no sound')
  t.equal(spoken.seconds, 1)
  t.equal(made.seconds, 1 + 0.25 + 0.5 + 0.25 + 1, 'what is empty takes no time')
  t.equal(bytes(made.hash).readUInt32LE(24), RATE)
  t.match(await make([{ file: spoken.hash }, { file: spoken.hash }]), { seconds: 2.25 }, 'files of the data folder')
  t.match(await make([{ file: '0'.repeat(32) }]), { trouble: /gone or was changed/ })
  const here = join(data, 'sounds', `${spoken.hash}.wav`)
  t.match(await make([{ file: spoken.hash }, { tones: 'sound/beep' }], { [spoken.hash]: here }), { seconds: 1.75 })
  t.match(await make([{ file: '1'.repeat(32) }], { ['1'.repeat(32)]: here }), { trouble: /changed/ }, 'a file that is another by now')
})

void t.test('a command: words on standard input, language and voice beside it, no shell', async t => {
  const log = join(root, 'asked.jsonl')
  const command = program(`
import { appendFileSync } from 'node:fs'
let text = ''
for await (const piece of process.stdin) text += piece
appendFileSync(${JSON.stringify(log)}, JSON.stringify([text, process.argv.slice(2), process.env.TONVAL_LANGUAGE, process.env.TONVAL_VOICE]) + '\\n')
process.stdout.write(Buffer.from('${tone}', 'base64'))`)
  const settings = { command: `${command} --lang {language} "--voice={voice}" '$(id)'`, data: folder() }
  const { make } = studio(t, settings)
  const text = 'Hej "$(touch x)" \'; `id`'
  const recipe: Recipe = [{ say: text, language: 'sv', voice: 'alma' }]
  const made = await make(recipe)
  t.match(made, { seconds: 1 })
  const asked = (): unknown[] => readFileSync(log, 'utf8').trim().split('\n').map(line => JSON.parse(line) as unknown)
  t.strictSame(asked(), [[text, ['--lang', 'sv', '--voice=alma', '$(id)'], 'sv', 'alma']])
  t.strictSame(await make(recipe), made)
  t.strictSame(await studio(t, settings).make(recipe), made, 'kept on disk')
  t.equal(asked().length, 1, 'made once')
  for (const name of readdirSync(join(settings.data, 'sounds'))) rmSync(join(settings.data, 'sounds', name))
  t.strictSame(await make(recipe), made, 'made again where it was lost')
  await make([{ say: text, language: 'sv' }])
  t.strictSame(asked().at(-1), [text, ['--lang', 'sv', '--voice=', '$(id)'], 'sv', ''])
  await Promise.all([1, 2, 3].map(() => make(say('at the same time'))))
  t.equal(asked().length, 4, 'the same three times at once is made once')
  t.strictSame(commandWords(`a "b c"d 'e "f' g`), ['a', 'b cd', 'e "f', 'g'])
  t.throws(() => commandWords('a "b'))
  t.throws(() => commandWords('  '))
})

void t.test('what can go wrong with an engine, each in its words', async t => {
  const rows: [what: string, command: string, says: RegExp][] = [
    ['it is not there', '/nowhere/at-all', /^`\/nowhere\/at-all` cannot be run: /],
    ['it fails', program(`console.error('no model'); process.exit(3)`), /ended with status 3: no model$/],
    ['it is killed', program(`process.kill(process.pid, 'SIGKILL')`), /ended with SIGKILL/],
    ['it says nothing', program(''), /wrote nothing/],
    ['it is no sound', program(`console.log('hello')`), /no WAV, MP3 or Ogg Vorbis/],
    ['it never comes to an end', program(`process.stdout.on('error', () => {}); const more = () => { while (process.stdout.write(Buffer.alloc(1e6))); process.stdout.once('drain', more) }; more()`), /does not come to an end/],
    ['it stops half-way', program(`process.stdout.write(Buffer.from('${tone}', 'base64').subarray(0, 5000))`), /is cut off/],
  ]
  for (const [what, command, says] of rows) t.match(await studio(t, { command }).make(say('hello')), { trouble: says, passes: true }, what)
  const hangs = studio(t, { command: program('setInterval(() => {}, 1000)'), patience: 500 })
  t.match(await hangs.make(say('hello')), { trouble: /did not end within 0.5 seconds/ })
})

void t.test('a service', async t => {
  const asked: unknown[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', piece => { body += String(piece) }).on('end', () => {
      const { text } = JSON.parse(body) as { text: string }
      asked.push([request.headers.authorization, JSON.parse(body)])
      if (text === 'broken') response.writeHead(500).end('secret')
      else if (text === 'away') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
      else if (text === 'endless') { const more = (): void => { while (!response.destroyed && response.write(Buffer.alloc(1e6))); response.once('drain', more) }; more() }
      else if (text !== 'never') response.end(Buffer.from(tone, 'base64'))
    })
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.teardown(() => { server.closeAllConnections(); server.close() })
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/speak`
  const { make } = studio(t, { service: { address, token: 'sesame' } })
  t.match(await make(say('hello')), { seconds: 1 })
  t.strictSame(asked, [['Bearer sesame', { text: 'hello', language: 'sv' }]])
  t.match(await make(say('broken')), { trouble: /status 500/, passes: true })
  t.match(await make(say('away')), { trouble: /gave no sound/ })
  t.match(await make(say('endless')), { trouble: /larger than 32 MB/ })
  t.match(await studio(t, { service: { address }, patience: 300 }).make(say('never')), { trouble: /did not answer within 0.3 seconds/ })
})

void t.test('the built-in engine breaks, hangs, babbles', async t => {
  const child = (lines: string): string => /"([^"]*)"$/.exec(program(lines))?.[1] ?? ''
  const counter = join(root, 'starts')
  writeFileSync(counter, '')
  const once = espeak({ program: child(`
import { appendFileSync, readFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(counter)}, '.')
if (readFileSync(${JSON.stringify(counter)}, 'utf8').length === 1) process.exit(7)
process.stdin.once('data', () => { const head = Buffer.alloc(8); head.writeUInt32LE(4, 4); process.stdout.write(Buffer.concat([head, Buffer.alloc(4)])) })`) })
  t.teardown(() => once.close())
  t.equal((await once.speak({ text: 'a', language: 'sv' })).length, 48, 'a second process does it')
  const always = espeak({ program: child('process.exit(7)') })
  await t.rejects(always.speak({ text: 'a', language: 'sv' }), { message: 'the built-in engine broke off (status 7)', passes: true })
  const never = espeak({ program: child('setInterval(() => {}, 1000)'), patience: 300 })
  await t.rejects(never.speak({ text: 'a', language: 'sv' }), { message: 'the built-in engine did not answer within 0.3 seconds' })
  const huge = espeak({ program: child(`process.stdin.once('data', () => { const head = Buffer.alloc(8); head.writeUInt32LE(4e9, 4); process.stdout.write(head) })`) })
  await t.rejects(huge.speak({ text: 'a', language: 'sv' }), { message: /does not come to an end/ })
  await Promise.all([always, never, huge].map(engine => engine.close()))
  await t.rejects(huge.speak({ text: 'a', language: 'sv' }), { message: /was stopped/ })
})

void t.test('an engine practises before calls need it: each voice that flows speak with, once', async t => {
  const data = folder()
  const cache = await openCache(data)
  const spoken: Words[] = []
  const engine = (own: Partial<Engine>): Engine => ({ name: 'test', speak: async words => { spoken.push(words); return Buffer.from(tone, 'base64') }, close: async () => undefined, ...own })
  const practises = createMaker(engine({ practises: true }), cache)
  await practises.warm([{ language: 'en' }, { language: 'sv', voice: '+f2' }])
  const times = (language: string): number => spoken.filter(words => words.language === language).length
  t.ok(times('en') > 1, 'the first until it is no faster')
  t.equal(times('sv'), 1)
  t.match(spoken.at(-1), { language: 'sv', voice: '+f2', text: /\w{3}/ })
  const before = spoken.length
  await practises.warm([{ language: 'sv', voice: '+f2' }, { language: 'en' }])
  t.equal(spoken.length, before, 'what has practised costs nothing')
  await practises.warm([{ language: 'fi' }])
  t.equal(times('fi'), 1, 'a language that comes later')
  t.strictSame([readdirSync(join(data, 'sounds')), readdirSync(join(data, 'speech'))], [[], []], 'nothing of it is kept')
  spoken.splice(0)
  await createMaker(engine({}), cache).warm([{ language: 'en' }])
  t.strictSame(spoken, [], 'a command or a service is not asked for what nobody hears')
  await createMaker(engine({ practises: true, speak: () => Promise.reject(new SpeechError('broken')) }), cache).warm([{ language: 'en' }])

  let done = (): void => undefined
  const asked: number[] = []
  const practice = createPractice({ warm: voices => { asked.push(voices.length); return new Promise(resolve => { done = resolve }) } })
  t.ok(practice.isOver(), 'nobody speaks')
  practice.warm([])
  t.ok(practice.isOver())
  practice.warm([{ language: 'en' }])
  t.notOk(practice.isOver())
  done()
  await new Promise(setImmediate)
  t.ok(practice.isOver())
  practice.warm([{ language: 'en' }, { language: 'sv' }])
  t.ok(practice.isOver(), 'only a start is waited for')
  t.strictSame(asked, [0, 1, 2])
  const never = createPractice({ warm: () => new Promise(() => undefined) }, 5)
  never.warm([{ language: 'en' }])
  t.notOk(never.isOver())
  await until('an engine that hangs is waited for no longer', () => never.isOver())
})

void t.test('the queue has an end, and stopping answers all of it', async t => {
  const { make, close } = studio(t, { command: program('setInterval(() => {}, 1000)') }, { waiting: 5 })
  const asked = Array.from({ length: 8 }, (_, index) => make(say(`text ${index}`)))
  const late = await Promise.all(asked.slice(5))
  for (const one of late) t.match(one, { trouble: /waiting to be made already/, passes: true })
  await close()
  for (const one of await Promise.all(asked.slice(0, 5))) t.match(one, { trouble: 'the server stops' })
  t.match(await make(say('after')), { trouble: 'the server stops' })
})
