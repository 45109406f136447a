/** What flows speak, before it is heard: lint tries it as the server makes it, an edit waits for it, digits are the tones of their keys. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../src/cli/commands.ts'
import type { Recipe } from '../src/compile/recipe.ts'
import { openStudio } from '../src/prompts/studio.ts'
import { soundHash } from '../src/prompts/sound-hash.ts'
import { RATE } from '../src/prompts/silence.ts'
import { frequencies } from '../src/prompts/tones.ts'
import { readWave, writeWave } from '../src/prompts/wave.ts'
import { trySounds } from '../src/reload/try-sounds.ts'
import { goertzel } from './goertzel.ts'
import { run } from './serve/running.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-spoken-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const tone = join(root, 'tone.wav')
writeFileSync(tone, writeWave(new Float32Array(RATE).map((_, at) => 0.5 * Math.sin(at / 3)), RATE))
/** An engine of a few words of shell; `asked` stands in a file once it was run. */
const asked = join(root, 'asked')
function engine(lines: string): string {
  const path = join(root, `${createHash('sha256').update(lines).digest('hex').slice(0, 8)}.sh`)
  writeFileSync(path, `echo > "${asked}"\n${lines}\n`)
  return `sh "${path}"`
}
const SPEAKS = engine(`cat > /dev/null; exec cat "${tone}"`)

async function lint(cwd: string, env: Readonly<Record<string, string>>): Promise<{ status: number; problems: unknown[] }> {
  let out = ''
  const status = await runCommand(['lint', 'flows', '--format', 'json'], { stdout: { write: text => { out += text } }, stderr: { write: () => undefined }, stdin: (async function* () { yield '' })(), env, cwd })
  return { status, problems: (JSON.parse(out) as { problems: { severity: string; message: string }[] }).problems.filter(one => one.severity === 'error').map(({ message }) => message) }
}

const speaking = (text: string): string => `start: hello\nlanguage: sv\nstates:\n  hello: { play: { say: "${text}" }, next: bye }\n  bye: { play: { say: "Hej då, och välkommen åter." }, next: end }\n`
const recorded = 'start: hello\nlanguage: sv\nstates:\n  hello: { play: sound.wav, next: end }\n'

void t.test('an engine that is broken shows in lint as at the server', async t => {
  const rows: readonly (readonly [what: string, command: string, served: readonly string[], says: RegExp])[] = [
    ['it speaks', SPEAKS, ['recorded', 'speaks', 'stumbles'], /^$/],
    ['it is broken', engine('echo out of voice >&2; exit 1'), ['recorded'], /^(this sound cannot be made: `sh` ended with status 1: out of voice\|?){4}$/],
    ['it is not there', '/nowhere/at-all', ['recorded'], /^(this sound cannot be made: `\/nowhere\/at-all` cannot be run: .*?ENOENT\|?){4}$/],
    ['one text is too much for it', engine(`if grep -q Boom; then exit 3; fi; exec cat "${tone}"`), ['recorded', 'speaks'], /^this sound cannot be made: `sh` ended with status 3$/],
  ]
  for (const [what, command, served, says] of rows) {
    const env = { TONVAL_TTS_COMMAND: command }
    const server = await run({ files: { 'recorded.yaml': recorded, 'speaks.yaml': speaking('Hej.'), 'stumbles.yaml': speaking('Boom.') }, env })
    t.strictSame([...server.live().keys()].sort(), served, what)
    const { status, problems } = await lint(server.root, env)
    t.equal(status, served.length === 3 ? 0 : 1, what)
    t.match(problems.join('|'), says, what)
    t.strictSame(problems, server.first.problems.filter(one => one.severity === 'error').map(one => one.message), what)
    await server.stop()
  }
})

void t.test('where nothing is spoken, no engine is asked', async t => {
  mkdirSync(join(root, 'quiet/flows'), { recursive: true })
  writeFileSync(join(root, 'quiet/flows/a.yaml'), recorded)
  writeFileSync(join(root, 'quiet/flows/sound.wav'), readFileSync(tone))
  rmSync(asked, { force: true })
  t.match(await lint(join(root, 'quiet'), { TONVAL_TTS_COMMAND: SPEAKS }), { status: 0, problems: [] })
  t.notOk(existsSync(asked))
})

void t.test('what is tried of what the built-in engine is to speak', async t => {
  const recipes = new Map<string, Recipe>([
    ['short', [{ say: 'Hej.', language: 'sv' }]], ['longest', [{ say: 'Hej och välkommen.', language: 'sv' }]], ['english', [{ say: 'Hello.', language: 'en' }]], ['with a voice', [{ say: 'Hi.', language: 'en', voice: '+f2' }]],
    ['digits without end', [{ spell: '1'.repeat(4000), language: 'sv' }]], ['list', [{ file: 'a' }, { say: 'Hi.', language: 'en' }]], ['list with a file of no known length', [{ file: 'b' }, { say: 'Hi.', language: 'en' }]], ['fetched', [{ fetch: 'https://x.example/' }]],
  ])
  const sounds = new Map([['a.wav', { hash: 'a', format: 'wav' as const, seconds: 3 }], ['b.mp3', { hash: 'b', format: 'mp3' as const }]])
  const made: string[] = []
  const nameOf = (recipe: Recipe): string => [...recipes].find(([, one]) => one === recipe)?.[0] ?? ''
  const make = (fails: (name: string) => { trouble: string; passes: boolean } | undefined) => async (recipe: Recipe) => {
    made.push(nameOf(recipe))
    return fails(nameOf(recipe)) ?? { hash: nameOf(recipe), format: 'wav' as const, seconds: 1 }
  }
  const all = trySounds(sounds)
  await all(recipes, make(() => undefined))
  t.strictSame(made.splice(0).sort(), ['digits without end', 'english', 'fetched', 'list with a file of no known length', 'with a voice'])
  const few = new Map([...recipes].filter(([name]) => name !== 'digits without end'))
  const broken = await all(few, make(name => (name === 'longest' ? { trouble: 'broke off', passes: true } : undefined)))
  t.strictSame([...broken.made].filter(([, sound]) => 'trouble' in sound).map(([name]) => name).sort(), ['longest', 'short'], 'what breaks it once breaks it for all of the voice')
  t.strictSame([...broken.later], ['longest'])
  made.splice(0)
  const refused = await all(few, make(name => (name === 'longest' ? { trouble: 'too long', passes: false } : undefined)))
  t.ok(made.includes('short'), 'where the words are to blame, the others are tried')
  t.strictSame([...refused.made].filter(([, sound]) => 'trouble' in sound).map(([name]) => name), ['longest'])
})

void t.test('an edit is answered when its sounds are there', async t => {
  const server = await run({ files: { 'a.yaml': recorded }, env: { TONVAL_TTS_COMMAND: SPEAKS } })
  t.teardown(() => server.stop())
  const put = await fetch(`${server.admin}/api/flows/new`, { method: 'PUT', headers: { 'content-type': 'application/yaml', 'if-none-match': '*' }, body: speaking('Hej.') })
  t.ok([200, 201].includes(put.status), await put.text())
  const address = String((await server.call('new')).json['play'])
  const [, hash = ''] = /\/audio\/([0-9a-f]{32})\/say-hej\.wav$/.exec(address) ?? []
  t.ok(existsSync(join(server.root, 'data', 'sounds', `${hash}.wav`)), 'made before anybody asks for it')
  const bytes = Buffer.from(await (await fetch(address)).arrayBuffer())
  t.equal(soundHash(createHash('sha256').update(bytes)), hash)
  const bad = await fetch(`${server.admin}/api/flows/worse`, { method: 'PUT', headers: { 'content-type': 'application/yaml', 'if-none-match': '*' }, body: recorded.replace('sound.wav', 'gone.mp3') })
  t.equal(bad.status, 422)
})

void t.test('an edit is refused exactly where lint has an error, and with the same problem', async t => {
  const env = { TONVAL_TTS_COMMAND: SPEAKS }
  const files = { 'sound.wav': readFileSync(tone), 'broken.mp3': Buffer.from('no sound'), 'cut.wav': readFileSync(tone).subarray(0, 4000) }
  const other = 'start: hello\nlanguage: en\ninputs: { greeting: prompt }\nexits: [done]\nstates:\n  hello: { play: "{{greeting}}", next: bye }\n  bye: { exit: done }\n'
  const server = await run({ files: { ...files, 'a.yaml': recorded, 'other.yaml': other }, env })
  t.teardown(() => server.stop())
  const alone = join(root, 'agree/flows')
  mkdirSync(alone, { recursive: true })
  for (const [name, content] of Object.entries({ ...files, 'other.yaml': other })) writeFileSync(join(alone, name), content)
  const flow = (prompts: string, plays = 'sound.wav'): string => `start: hello\nlanguages: [sv, en]\nprompts:\n  hello: { file: sound.wav, text: "Hej." }\n${prompts}states:\n  hello: { play: ${plays}, next: bye }\n  bye: { play: hello, next: end }\n`
  const rows: readonly (readonly [what: string, text: string, says?: RegExp])[] = [
    ['an unused prompt whose file is missing', flow('  spare: { file: nothing.mp3, text: "Nobody plays this." }\n')],
    ['an unused prompt whose file is none', flow('  spare: { file: broken.mp3 }\n')],
    ['an unused prompt in a language whose file is missing', flow('  spare: { en: { file: nothing.mp3 }, sv: { text: "Hej." } }\n')],
    ['an unused prompt that is cut off', flow('  spare: { file: cut.wav }\n')],
    ['a prompt whose file is missing', flow('  spare: { file: nothing.mp3 }\n', 'spare'), /^the sound `nothing\.mp3` does not exist$/],
    ['a prompt whose file is missing in one language', flow('  spare: { sv: { file: sound.wav }, en: { file: nothing.mp3 } }\n', 'spare'), /^the sound `nothing\.mp3` does not exist$/],
    ['a prompt that is cut off', flow('  spare: { file: cut.wav }\n', '[spare, hello]'), /^`cut\.wav` is cut off/],
    ['a prompt without the first language', flow('  spare: { en: { file: sound.wav } }\n', 'spare'), /has no wording in `sv`/],
    ['a prompt that says nothing', flow('  spare: { text: "..." }\n', 'spare'), /nothing in `\.\.\.` that can be spoken/],
    ['a missing file that is handed to another flow', flow('', 'sound.wav').replace('play: hello, next: end', 'flow: other, with: { greeting: nothing.mp3 }, next: end'), /^the sound `nothing\.mp3` does not exist$/],
    ['a sound that is handed to another flow', flow('', 'sound.wav').replace('play: hello, next: end', 'flow: other, with: { greeting: hello }, next: end')],
    ['a wrong name beside an unused prompt', flow('  spare: { file: nothing.mp3 }\n', 'helo'), /^there is no prompt `helo`/],
  ]
  for (const [what, text, says] of rows) {
    const tag = (await fetch(`${server.admin}/api/flows/a`, { headers: { accept: 'application/yaml' } })).headers.get('etag') ?? ''
    const put = await fetch(`${server.admin}/api/flows/a`, { method: 'PUT', headers: { 'content-type': 'application/yaml', 'if-match': tag }, body: text })
    const body = await put.text()
    writeFileSync(join(alone, 'a.yaml'), text)
    const { status, problems } = await lint(join(root, 'agree'), env)
    t.equal(status, says === undefined ? 0 : 1, `lint: ${what}`)
    t.equal(put.status, says === undefined ? 200 : 422, `edit: ${what}: ${body}`)
    if (says === undefined) continue
    t.ok(problems.some(one => says.test(String(one))), what)
    t.strictSame((JSON.parse(body) as { problems: { severity: string; message: string }[] }).problems.filter(one => one.severity === 'error').map(one => one.message), problems, what)
  }
})

void t.test('keys in a list are the tones of a telephone, in their place', async t => {
  const data = join(root, 'data')
  const studio = openStudio({ data, command: SPEAKS })
  t.teardown(() => studio.close())
  const made = await studio.make([{ tones: 'sound/dtmf/1p9#' }, { say: 'Hej.', language: 'sv' }, { tones: 'sound/beep' }])
  if ('trouble' in made) return t.fail(made.trouble)
  const [samples = new Float32Array(0)] = readWave(readFileSync(join(data, 'sounds', `${made.hash}.wav`))).read(0, 1e6)
  const within = (from: number, seconds: number): Float32Array => samples.subarray(Math.round(from * RATE), Math.round((from + seconds) * RATE))
  // a key is 100 ms and its pause 50 ms, `p` is 50 ms more
  for (const [key, from] of [['1', 0], ['9', 0.2], ['#', 0.35]] as const) {
    const heard = within(from, 0.1)
    const loudest = [697, 770, 852, 941, 1209, 1336, 1477, 1633].map(hertz => [goertzel(heard, hertz, RATE), hertz] as const).sort((a, b) => b[0] - a[0])
    t.strictSame(loudest.slice(0, 2).map(([, hertz]) => hertz).sort((a, b) => a - b), frequencies(key), key)
  }
  const spoken = within(0.5 + 0.25, 1)
  t.ok(goertzel(spoken, RATE / 3 / (2 * Math.PI), RATE) > 10 * goertzel(spoken, 1000, RATE), 'then what is said, after a pause')
  t.ok(Math.max(...within(0.52, 0.2).map(Math.abs)) < 0.001, 'the pause')
  const beep = within(0.5 + 0.25 + 1 + 0.25, 0.5)
  t.ok(goertzel(beep, 1000, RATE) > 10 * goertzel(beep, 424, RATE), 'then the beep')
})
