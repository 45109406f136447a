/** Words in a flow: what has to be made before it goes live, what a call has made, and what is refused. */
import t from 'tap'
import { check, rebuild } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import type { MadeSound, SoundFile } from '../src/compile/context.ts'
import type { Action } from '../src/compile/action.ts'
import type { Recipe } from '../src/compile/recipe.ts'
import { recipeId } from '../src/compile/recipe.ts'
import type { Sound } from '../src/compile/sound.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { start, step } from '../src/run/step.ts'
import { checkText, eventOf, FIRST, flowIn, NOW, walk } from './flow-in-text.ts'

const settings = { env: {}, hosts: ['media.example'], silence: SILENCE_FILE }

/** What a call that plays these prompts hears, one after the other. */
function heard(prompt: string, head = '', forms: readonly string[] = []): Sound | undefined {
  const flow = flowIn(`start: s\n${head}states:\n  s: { play: ${prompt}, next: end }\n`, { hosts: settings.hosts })
  const action = walk(flow, forms, {})[forms.length]?.reply.actions[0] as Action
  return 'sound' in action ? action.sound : undefined
}

void t.test('what a prompt is made of', async t => {
  const rows: [prompt: string, head: string, recipe: Recipe, name: string][] = [
    ['{ say: "Hello there." }', '', [{ say: 'Hello there.', language: 'en' }], 'say-hello-there.wav'],
    ['{ say: "Hej då", voice: alma }', 'language: sv\n', [{ say: 'Hej då', language: 'sv', voice: 'alma' }], 'say-hej-da.wav'],
    ['{ say: "Hello", language: de }', 'language: sv\n', [{ say: 'Hello', language: 'de' }], 'say-hello.wav'],
    ['{ spell: A4 }', '', [{ spell: 'A4', language: 'en' }], 'spell-a4.wav'],
    ['{ say: "{{who}}!" }', 'vars: { who: You }\n', [{ say: 'You!', language: 'en' }], 'say-you.wav'],
    ['bye', 'prompts: { bye: { text: "Good bye" } }\n', [{ say: 'Good bye', language: 'en' }], 'bye.wav'],
    ['bye', 'language: sv\nlanguages: [en, sv]\nprompts: { bye: { text: "Good bye" } }\n', [{ say: 'Good bye', language: 'en' }], 'bye.wav'],
    ['bye', 'language: sv\nlanguages: [en, sv]\nprompts: { bye: { en: { text: Bye }, sv: { text: Adjö } } }\n', [{ say: 'Adjö', language: 'sv' }], 'bye.wav'],
    ['{ say: Nu }', 'language: sv\nlanguages: [en, sv]\n', [{ say: 'Nu', language: 'sv' }], 'say-nu.wav'],
    ['[a.mp3, { say: Now }, sound/beep]', '', [{ file: 'a.mp3' }, { say: 'Now', language: 'en' }, { tones: 'sound/beep' }], 'a-say-now-beep.wav'],
    ['[a.mp3, https://media.example/b.ogg]', '', [{ file: 'a.mp3' }, { fetch: 'https://media.example/b.ogg' }], 'a-b.wav'],
    ['[one, two]', 'prompts: { one: { file: a.mp3, text: One }, two: { text: Two } }\n', [{ file: 'a.mp3' }, { say: 'Two', language: 'en' }], 'one-two.wav'],
    ['[one, one]', 'languages: [en, sv]\nprompts: { one: { en: { text: One }, sv: { text: Ett } } }\n', [{ say: 'One', language: 'en' }, { say: 'One', language: 'en' }], 'one-one.wav'],
    ['{ say: "From {{caller | last4}} " }', '', [{ say: 'From 0699', language: 'en' }], 'say-from-x.wav'],
    ['{ spell: "{{caller}}" }', 'language: fi\n', [{ spell: '+46701740699', language: 'fi' }], 'spell-x.wav'],
    ['[{ say: You are }, { spell: "{{caller | last4}}" }, a.mp3]', '', [{ file: recipeId([{ say: 'You are', language: 'en' }]) }, { spell: '0699', language: 'en' }, { file: 'a.mp3' }], 'say-you-are-spell-x-a.wav'],
    ['[{ pick: "{{direction}}", from: { incoming: a.mp3 }, else: b.mp3 }, { say: Now }]', '', [{ file: 'a.mp3' }, { file: recipeId([{ say: 'Now', language: 'en' }]) }], 'b-say-now.wav'],
  ]
  for (const [prompt, head, recipe, name] of rows) {
    const sound = heard(prompt, head)
    if (sound?.kind !== 'file' && sound?.kind !== 'said') return t.fail(`${prompt}: ${JSON.stringify(sound)}`)
    t.strictSame(sound.recipe?.map(part => ({ ...part })), recipe, prompt)
    t.equal(sound.name, name, prompt)
    t.equal(sound.kind, /\{\{(?!who)/.test(prompt) ? 'said' : 'file', prompt)
  }
  t.match(heard('[a.mp3]'), { kind: 'file', hash: 'a.mp3', name: 'a.mp3' }, 'a list of one file is the file')
  t.match(heard('one', 'prompts: { one: { file: a.mp3, text: One } }\n'), { hash: 'a.mp3' }, 'a recording wins')
  t.match(heard('{ say: "{{digits}}" }'), { hash: SILENCE_FILE.hash }, 'nothing to say is silence')
  t.match(heard('[{ spell: "{{digits}}" }, a.mp3]'), { kind: 'said', recipe: [{ file: 'a.mp3' }] })
})

void t.test('what is refused', async t => {
  const rows: [prompt: string, problem: object][] = [
    ['{ say: "" }', { code: 'empty-prompt' }],
    ['{ say: " ?! " }', { code: 'empty-prompt' }],
    ['{ spell: "--" }', { code: 'empty-prompt' }],
    ['[a.mp3, { say: "" }]', { code: 'empty-prompt' }],
    [`{ say: "${'word '.repeat(900)}" }`, { code: 'out-of-range', message: 'this text has 4500 characters, and 4000 are possible' }],
    [`{ say: "${'word '.repeat(101)}{{caller}}" }`, { code: 'out-of-range' }],
    ['["https://media.example/{{caller}}.mp3", a.mp3]', { code: 'bad-value' }],
    ['[https://other.example/b.mp3, a.mp3]', { code: 'bad-value', message: 'the server may not fetch from `other.example`, and in a list it has to' }],
    ['[a.mp3, nothing.mp3]', { code: 'missing-audio' }],
    ['{ say: "{{nobody}}" }', { code: 'undefined-value' }],
  ]
  for (const [prompt, problem] of rows) {
    const { problems, served } = checkText(`start: s\nstates:\n  s: { play: ${prompt}, next: end }\n`, { hosts: settings.hosts, missing: ['nothing.mp3'] })
    t.match(problems.filter(one => one.severity === 'error'), [problem], prompt.slice(0, 60))
    t.equal(served.size, 0)
  }
})

const TEXT = `start: s
prompts: { hi: { text: "Hi" } }
states:
  s: { ivr: [hi, a.mp3], save: x, next: t, on: { noinput: end, nomatch: end, failed: end } }
  t: { play: [hi, { spell: "{{x}}" }], next: u }
  u: { play: hi, next: end }
`
const sounds = new Map<string, SoundFile>([['a.mp3', { hash: 'a.mp3', format: 'mp3', seconds: 1 }]])

function checked(made?: ReadonlyMap<string, MadeSound>, more: Partial<SourceSet> = {}, memo?: <T>(key: string, make: () => T) => T) {
  return check({ flows: [{ name: 'test', path: 'test.yaml', text: TEXT }], sounds, ...(made === undefined ? {} : { made }), ...more }, settings, memo === undefined ? {} : { memo })
}

void t.test('made, and made again from the store', async t => {
  const first = checked().served.get('test')
  if (first === undefined) throw new Error('refused')
  const hi = recipeId([{ say: 'Hi', language: 'en' }])
  const list = recipeId([{ say: 'Hi', language: 'en' }, { file: 'a.mp3' }])
  t.strictSame([...first.recipes.keys()].sort(), [hi, list].sort())
  const made = new Map([...first.recipes.keys()].map(id => [id, { hash: `made ${id}`, format: 'wav' as const, seconds: 2 }]))
  const second = checked(made).served.get('test')
  if (second === undefined) throw new Error('refused')
  t.not(second.flow.version, first.flow.version, 'its sounds are part of a version')
  t.strictSame(rebuild(JSON.parse(JSON.stringify(second.source)), settings), second.flow)
  t.strictSame(rebuild(JSON.parse(JSON.stringify(second.source)), { ...settings, speaks: ['sv'] }), second.flow, 'whatever is spoken now')
  const begun = start(second.flow, FIRST, NOW)
  t.match(begun.reply.actions, [{ do: 'ivr', sound: { hash: `made ${list}` } }])
  const told = step(second.flow, begun.call, eventOf('5'), NOW)
  t.match(told.reply.actions, [{ do: 'play', sound: { kind: 'said', recipe: [{ file: `made ${hi}` }, { spell: '5', language: 'en' }] } }, { do: 'play', sound: { hash: `made ${hi}` } }])
  t.match(checked(new Map([[hi, { trouble: 'no voice' }]])), { refused: ['test'], problems: [{ code: 'cannot-speak', message: 'this sound cannot be made: no voice' }] })
})

void t.test('what is kept from one check to the next depends on what was made', async t => {
  const known = new Map<string, unknown>()
  const memo = <T>(key: string, make: () => T): T => { if (!known.has(key)) known.set(key, make()); return known.get(key) as T }
  const ids = [...(checked(undefined, {}, memo).served.get('test')?.recipes.keys() ?? [])]
  const versions = ['x', 'y', 'x'].map(word => checked(new Map(ids.map(id => [id, { hash: `${word}${id}`, format: 'wav' as const }])), {}, memo).served.get('test')?.flow.version)
  t.equal(versions[0], versions[2])
  t.not(versions[0], versions[1])
})

void t.test('lengths are guessed until they are known', async t => {
  const long = `start: s\nstates:\n  s: { play: [{ say: "${'many words '.repeat(28)}" }, a.mp3], next: end }\n`
  t.match(checked(undefined, { flows: [{ name: 'test', path: 'test.yaml', text: long }] }).problems.filter(one => one.code === 'prompt-too-long'), [{ message: 'this prompt is 23 s long' }])
})

void t.test('all that a call holds may be too much for an address: the way out is taken', async t => {
  const say = (name: string): string => `{ say: "${'words '.repeat(16)}{{${name}}}" }`
  const flow = flowIn(`start: a\non_error: sorry\nstates:\n  a: { set: { x: "${'å'.repeat(240)}" }, next: b }\n  b: { play: [${say('x')}, ${say('x')}, ${say('x')}], next: end }\n  sorry: { play: a.mp3, next: end }\n`)
  const [first] = walk(flow, [])
  t.match(first, { broke: /bytes of an address/, reply: { actions: [{ sound: { hash: 'a.mp3' } }] } })
})
