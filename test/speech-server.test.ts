/** A server that speaks: every sound that a flow of ours has, to the byte, over restarts, with an engine that breaks. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { createTokens } from '../src/carrier/recent.ts'
import { createSealer } from '../src/carrier/seal.ts'
import { writeRecipe } from '../src/compile/recipe.ts'
import type { Recipe } from '../src/compile/recipe.ts'
import { recipeOf, soundsWithin } from '../src/compile/sound.ts'
import type { Sound } from '../src/compile/sound.ts'
import { openWire } from '../src/emulator/wire.ts'
import { hasEspeak } from '../src/prompts/espeak.ts'
import { soundHash } from '../src/prompts/sound-hash.ts'
import { openStudio } from '../src/prompts/studio.ts'
import { RATE } from '../src/prompts/silence.ts'
import { writeWave } from '../src/prompts/wave.ts'
import { ask, run, SECRET, until } from './serve/running.ts'
import type { Running } from './serve/running.ts'

const root = mkdtempSync(join(tmpdir(), 'tonval-speech-server-'))
t.teardown(() => rmSync(root, { recursive: true, force: true }))
const skip = hasEspeak() ? false : 'the optional package of the built-in engine is not installed'
const tone = writeWave(new Float32Array(RATE).map((_, at) => 0.5 * Math.sin(at / 3)), RATE)

const hashOf = (bytes: Uint8Array): string => soundHash(createHash('sha256').update(bytes))
const get = async (address: string, headers: Record<string, string> = {}, method = 'GET') => {
  const answer = await fetch(address, { method, headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

/** Every sound of a compiled flow, however deep. */
function soundsOf(value: unknown): Sound[] {
  if (typeof value !== 'object' || value === null) return []
  const { kind } = value as { kind?: unknown }
  return kind === 'file' || kind === 'spoken' || kind === 'joined' ? [...soundsWithin(value as Sound)] : Object.values(value).flatMap(soundsOf)
}

/** A server with the built-in engine and all flows of ours, and a studio that has heard nothing of it: engines start slowly, and all cases share these. */
const spoken = hasEspeak() ? { server: await run(), other: openStudio({ data: join(root, 'other') }) } : undefined
t.teardown(() => Promise.all([spoken?.server.stop(), spoken?.other.close()]))

void t.test('every sound of every example, as the emulator hears it', { skip, timeout: 280_000 }, async t => {
  const { server, other } = spoken as NonNullable<typeof spoken>
  t.strictSame(server.first.refused, {})
  const wire = openWire()
  t.teardown(() => wire.close())
  const heard = new Map([...server.live().values()].flatMap(flow => soundsOf([flow.states, flow.given])).flatMap(sound => (sound.kind === 'file' ? [[`${server.voice}/audio/${sound.hash}/${sound.name}`, sound] as const] : [])))
  t.ok(heard.size > 30, `${heard.size} sounds`)
  const ofWords = [...heard.values()].filter(sound => sound.recipe !== undefined)
  t.ok(ofWords.length > 10, `${ofWords.length} of them are spoken`)
  for (const [address, sound] of heard) {
    const answer = await get(address)
    t.equal(hashOf(answer.bytes), sound.hash, sound.name)
    const { trouble, seconds } = await wire.sounds.load(address, new Map())
    t.ok(trouble === undefined && seconds > 0.15, `${sound.name}: ${trouble ?? seconds}`)
  }
  // what was made here is what anybody makes of the same words: of some it is enough, speech.test.ts has every language
  for (const { recipe = [], hash, name } of ofWords.filter((_, index) => index % 4 === 0)) if (recipe.every(part => 'say' in part)) t.match(await other.make(recipe), { hash }, name)
})

/** What a call may make of a sound, in the language of some place, with a value of ours; undefined where it is an address. */
function recipeIn(sound: Sound, place: number): Recipe | undefined {
  switch (sound.kind) {
    case 'translated': case 'picked': return recipeIn(sound.sounds[Math.min(place, sound.sounds.length - 1)] as Sound, place)
    case 'joined': return sound.of.flatMap(one => recipeIn(one, place) ?? [])
    case 'spoken': {
      const text = sound.words.map(part => (typeof part === 'string' ? part : '0123')).join('').trim()
      const spoken = sound.voice === undefined ? { language: sound.language } : { language: sound.language, voice: sound.voice }
      return [sound.spell ? { spell: text, ...spoken } : { say: text, ...spoken }]
    }
    default: return recipeOf(sound)
  }
}

void t.test('every sound of every example that a call decides, in every language', { skip, timeout: 280_000 }, async t => {
  const { server, other } = spoken as NonNullable<typeof spoken>
  const tokens = createTokens(createSealer([SECRET]))
  const found = new Map([...server.live().values()].flatMap(flow => soundsOf([flow.states, flow.given]).filter(sound => sound.kind !== 'file').flatMap(sound => flow.languages.flatMap((_, place) => {
    const recipe = recipeIn(sound, place)
    return recipe === undefined ? [] : [[writeRecipe(recipe), { recipe, flow: flow.name }] as const]
  }))))
  t.ok(found.size > 1, `${found.size} sounds`)
  const places = Object.fromEntries(readdirSync(join(server.root, 'data/sounds')).map(name => [name.split('.')[0] ?? '', join(server.root, 'data/sounds', name)]))
  for (const [written, { recipe, flow }] of found) {
    const answer = await get(`${server.voice}/speech/${tokens.sealSpeech(`engine\n${written}`)}/x.wav`)
    t.match(await other.make(recipe, places), { hash: hashOf(answer.bytes) }, `${flow}: ${written}`)
  }
})

const FLOW = `start: menu
languages: [en, sv]
states:
  menu: { ivr: { say: "Hello. Enter four digits." }, digits: 4, save: code, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { play: [{ say: "You entered" }, { spell: "{{code}}" }, { say: "from {{caller | last4}}" }], next: end }
`

/** A call up to the sound that is made for it. */
async function told(server: Running, digits = '4839'): Promise<string> {
  const first = await server.call('code')
  const next = await ask(String(first.json['next']), { body: `result=${digits}` })
  return String(next.json['play'])
}

void t.test('a sound that is made for a call', { skip, timeout: 280_000 }, async t => {
  const { server, other } = spoken as NonNullable<typeof spoken>
  await until('the engine is ready', async () => (await ask(`${server.voice}/ready`, { method: 'GET' })).status === 200, 120_000)
  writeFileSync(join(server.folder, 'code.yaml'), FLOW)
  await server.reload()
  t.strictSame(server.live().get('code')?.speaks, [{ language: 'en' }, { language: 'sv' }], 'the voices that its calls need')
  const address = await told(server)
  t.match(address, /\/speech\/[\w-]+\/say-you-entered-spell-x-say-from-x\.wav$/)
  t.ok(address.length < 1000, `${address.length} characters`)
  t.notMatch(address, /4839/)
  t.equal(await told(server), address, 'the same words have the same address: the carrier may keep them')
  t.not(await told(server, '4838'), address)
  const whole = await get(address)
  t.equal(whole.status, 200)
  t.equal(whole.headers.get('content-type'), 'audio/wav')
  t.match(whole.headers.get('cache-control'), /max-age=31536000, immutable/)
  const recipe: Recipe = [{ say: 'You entered', language: 'en' }]
  const first = await other.make(recipe)
  const meant = 'hash' in first ? await other.make([{ file: first.hash }, { spell: '4839', language: 'en' }, { say: 'from 0699', language: 'en' }]) : first
  t.match(meant, { hash: hashOf(whole.bytes) }, 'exactly the bytes that were meant')
  const head = await get(address, {}, 'HEAD')
  t.strictSame([head.status, head.headers.get('content-length'), head.bytes.length], [200, String(whole.bytes.length), 0])
  const part = await get(address, { range: 'bytes=10-19' })
  t.strictSame([part.status, part.bytes], [206, whole.bytes.subarray(10, 20)])
  const [, base, token = '', name = ''] = /^(.*\/speech\/)([^/]+)\/(.*)$/.exec(address) ?? []
  for (const wrong of [`${token.slice(0, -2)}AA`, token.slice(1), '', 'x', `${token}A`]) t.ok([403, 404].includes((await get(`${base ?? ''}${wrong}/${name}`)).status), 'what nobody sealed')
  const next = String((await server.call('code')).json['next'])
  t.equal((await get(`${base ?? ''}${next.split('/').at(-1) ?? ''}/x.wav`)).status, 403, 'the token of a call is no token of a sound')
  t.equal((await get(address, {}, 'POST')).status, 405)
  const path = new URL(address).pathname
  for (const name of ['..%2f..%2fsecret', '%00']) t.ok((await get(`${server.voice}${path.slice(0, path.lastIndexOf('/'))}/${name}`)).bytes.equals(whole.bytes), 'the name is for people')
})

/** An engine that does what a file says. */
function engine(): { readonly command: string; does(what: 'speak' | 'fail' | 'hang'): void } {
  const folder = mkdtempSync(join(root, 'engine-'))
  const [path, state, sound] = [join(folder, 'engine.sh'), join(folder, 'state'), join(folder, 'tone.wav')]
  writeFileSync(sound, tone)
  // a shell starts many times faster than Node
  writeFileSync(path, `case $(cat "${state}") in hang) exec sleep 1000;; fail) echo out of voice >&2; exit 1;; *) cat > /dev/null; exec cat "${sound}";; esac\n`)
  writeFileSync(state, 'speak')
  return { command: `sh "${path}"`, does: what => writeFileSync(state, what) }
}

void t.test('an engine that fails keeps a flow from going live, until it speaks again', { timeout: 280_000 }, async t => {
  const { command, does } = engine()
  does('fail')
  const server = await run({ files: { 'code.yaml': FLOW }, env: { TONVAL_TTS_COMMAND: command } })
  t.teardown(() => server.stop())
  t.match(server.first, { live: {}, refused: { code: null }, problems: [{ code: 'cannot-speak', message: /^this sound cannot be made: .* ended with status 1: out of voice$/ }] })
  does('speak')
  await until('it is tried again by itself', () => server.live().size === 1, 120_000)
  t.match((await server.call('code')).json, { ivr: /\/audio\/[0-9a-f]{32}\/say-hello-enter-four-digits\.wav$/ })

  does('fail')
  writeFileSync(join(server.folder, 'code.yaml'), FLOW.replace('Hello.', 'Good day.'))
  const broken = await server.reload()
  t.match(broken.refused, { code: /^[0-9a-f]{20}$/ }, 'the last good version answers')
  t.match((await server.call('code')).json, { ivr: /say-hello-enter/ })
})

void t.test('a storm of sounds that hang keeps no call waiting', { timeout: 280_000 }, async t => {
  const { command, does } = engine()
  const server = await run({ files: { 'code.yaml': FLOW }, env: { TONVAL_TTS_COMMAND: command } })
  t.teardown(() => server.stop())
  const addresses: string[] = []
  for (let digits = 1000; digits < 1300; digits++) addresses.push(await told(server, String(digits)))
  does('hang')
  const storm = addresses.map(address => get(address))
  const busy = await Promise.race(storm)
  t.equal(busy.status, 503, 'more than can wait are told so at once')
  t.equal(busy.headers.get('retry-after'), '1')
  t.match(await told(server), /\/speech\//, 'a call goes on')
  does('speak')
  await server.stop()
  const ends = await Promise.allSettled(storm)
  t.equal(ends.length, 300, 'nobody waits any more')
  t.ok(ends.every(one => one.status === 'rejected' || one.value.status === 503 || one.value.status === 200))
})

void t.test('after a restart, sounds of a version in use are there, and none is made again', { timeout: 280_000 }, async t => {
  const { command, does } = engine()
  const data = join(root, 'data')
  const start = (): Promise<Running> => run({ files: { 'code.yaml': FLOW }, args: ['--data', data], env: { TONVAL_TTS_COMMAND: command } })
  const first = await start()
  const menu = String((await first.call('code')).json['ivr'])
  const spoken = await told(first)
  const [one, other] = [await get(menu), await get(spoken)]
  t.strictSame([one.status, other.status], [200, 200])
  const version = first.first.live['code']
  await first.stop()
  does('fail')
  const second = await start()
  t.teardown(() => second.stop())
  t.strictSame(second.first.live['code'], version)
  for (const [address, before] of [[menu, one], [spoken, other]] as const) {
    const after = await get(address.replace(first.voice, second.voice))
    t.strictSame([after.status, hashOf(after.bytes)], [200, hashOf(before.bytes)])
  }
  t.equal(readFileSync(join(data, 'versions', `${version ?? ''}.json`), 'utf8').includes('"made"'), true)
})
