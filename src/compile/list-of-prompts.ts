/** A list of prompts → one sound: joined when the version is made, or, where a call decides some of it, when it is first fetched. */
import type { Path } from '../parse/tree.ts'
import type { PromptData } from '../validate/document.ts'
import { allowedAs } from './allowed-hosts.ts'
import { tell } from './context.ts'
import type { Context } from './context.ts'
import type { Recipe } from './recipe.ts'
import { silence } from './silence.ts'
import { oneOf, recipeOf } from './sound.ts'
import type { Sound } from './sound.ts'
import { MOST_WITH_VALUES, madeSound } from './speech.ts'

/** Characters of all texts with values in one list: they travel in one address. */
const MOST_TOGETHER = MOST_WITH_VALUES
/** Parts whose names an address shows. */
const SHOWN_PARTS = 3
const MOST_NAME = 60

/** The sound of a list. `compileOne`: that of one part; what it registers counts only where the part is made by itself. */
export function compileList(context: Context, path: Path, list: readonly PromptData[], compileOne: (context: Context, path: Path, prompt: PromptData) => Sound): Sound {
  const within = { ...context, recipes: new Map<string, Recipe>() }
  const of = list.map((one, index) => flat(compileOne(within, [...path, index], one)))
  const [only] = of
  if (of.length === 1 && only?.length === 1) {
    for (const [id, recipe] of within.recipes) context.recipes.set(id, recipe)
    return only[0] as Sound
  }
  return joined(context, path, of.flat())
}

/** The parts of a list within a list. */
function flat(sound: Sound): readonly Sound[] {
  return (sound.kind === 'joined' || sound.kind === 'file') && sound.of !== undefined ? sound.of : [sound]
}

function joined(context: Context, path: Path, of: readonly Sound[]): Sound {
  if (!of.every(sound => mayStand(context, path, sound))) return silence(context)
  const known = of.filter(sound => sound.kind !== 'file' || sound.hash !== context.surroundings.silence.hash)
  if (known.length === 0) return silence(context)
  const isDecided = (sound: Sound): boolean => recipeOf(sound) !== undefined
  const decides = known.filter(sound => !isDecided(sound))
  // where only the language decides, the list is one sound in each
  if (decides.length > 0 && decides.every(sound => sound.kind === 'translated' && sound.sounds.every(isDecided))) {
    const count = Math.max(...decides.map(sound => (sound.kind === 'translated' ? sound.sounds.length : 0)))
    return oneOf({ kind: 'translated', sounds: Array.from({ length: count }, (_, index) => joined(context, path, known.map(sound => (sound.kind === 'translated' ? sound.sounds[Math.min(index, sound.sounds.length - 1)] as Sound : sound)))) })
  }
  const name = `${encodeURIComponent([...known.slice(0, SHOWN_PARTS).map(sound => decodeURIComponent(nameOf(sound))).join('-')].slice(0, MOST_NAME).join('').toWellFormed())}.wav`
  const text = wordsIn(known)
  const language = known.map(sound => ('language' in sound && sound.kind !== 'spoken' ? sound.language : undefined)).find(one => one !== undefined)
  if (decides.length === 0) return madeSound(context, path, known.flatMap(sound => recipeOf(sound) ?? []), name, { of: known, ...(text === '' ? {} : { text }), ...(language === undefined ? {} : { language }) })
  const size = decides.reduce((sum, sound) => sum + (sound.kind === 'spoken' ? sound.text.length : 0), 0)
  if (size > MOST_TOGETHER) tell(context, path, { code: 'out-of-range', message: `the texts with values in this list have ${size} characters, and ${MOST_TOGETHER} are possible`, help: 'write what does not change as a text of its own' })
  return { kind: 'joined', name, of: known.map(sound => made(context, path, sound)), ...(text === '' ? {} : { text }) }
}

/** What does not change in a list that does: made when the version is, and named by its hash in the address. */
function made(context: Context, path: Path, sound: Sound): Sound {
  if (sound.kind === 'translated' || sound.kind === 'picked') return { ...sound, sounds: sound.sounds.map(one => made(context, path, one)) }
  const recipe = recipeOf(sound)
  if (recipe === undefined || sound.kind === 'said' || recipe.every(part => 'file' in part || 'tones' in part)) return sound
  const { recipe: _recipe, ...file } = madeSound(context, path, recipe, `${nameOf(sound)}.wav`, 'text' in sound && sound.text !== undefined ? { text: sound.text } : {})
  return file
}

/** Whether a sound can be part of a list: it must be ours, or fetched from a host that may be asked. */
function mayStand(context: Context, path: Path, sound: Sound): boolean {
  if (sound.kind === 'translated' || sound.kind === 'picked') return sound.sounds.every(one => mayStand(context, path, one))
  const [input] = sound.kind === 'filled' ? sound.template : []
  // what a flow is given as a prompt may be any; what it turns out to be is looked at then
  if (sound.kind === 'filled' && !(typeof input === 'object' && input.from === 'prompt')) {
    tell(context, path, { code: 'bad-value', message: 'an address with values in it cannot stand in a list: it is fetched when the version is made', help: 'play it by itself, before or after the list' })
    return false
  }
  if (sound.kind !== 'given' || sound.address.startsWith('sound/')) return true
  const { hostname } = new URL(sound.address)
  if (allowedAs(context.surroundings.hosts, new URL(sound.address)) !== undefined) return true
  tell(context, path, { code: 'bad-value', message: `the server may not fetch from \`${hostname}\`, and in a list it has to`, effect: 'the list could not be joined', help: `put the sound beside the flow, or start the server with TONVAL_FETCH_HOSTS=${hostname}` })
  return false
}

function nameOf(sound: Sound): string {
  switch (sound.kind) {
    case 'file': case 'spoken': case 'joined': case 'said': return sound.name.replace(/\.[a-z0-9]+$/, '')
    case 'given': return sound.address.startsWith('sound/') ? sound.address.split('/')[1] as string : encodeURIComponent(new URL(sound.address).pathname.split('/').at(-1)?.replace(/\.[a-z0-9]+$/i, '') ?? '')
    case 'filled': return 'x'
    case 'translated': case 'picked': return nameOf(sound.sounds.at(-1) as Sound)
  }
}

/** The words of all parts, as far as somebody wrote them. */
export function wordsIn(of: readonly Sound[]): string {
  return of.flatMap(sound => ('text' in sound ? sound.text ?? [] : [])).join(' ')
}
