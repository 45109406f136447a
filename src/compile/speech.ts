/** Words → what is heard: a sound that is made when the version is, or, where values stand in them, when it is first fetched. */
import type { Path } from '../parse/tree.ts'
import { quoted } from '../validate/words.ts'
import { tell } from './context.ts'
import type { Context } from './context.ts'
import { languagesOf } from './languages.ts'
import { recipeId } from './recipe.ts'
import type { Recipe, Voice } from './recipe.ts'
import { silence } from './silence.ts'
import { oneOf } from './sound.ts'
import type { Sound } from './sound.ts'
import { compileTemplate, fixedText } from './template.ts'

/** Characters of one text: five minutes of speech. */
const MOST_CHARACTERS = 4000
/** Characters of a text with values: it travels in an address. */
export const MOST_WITH_VALUES = 500
/** Words of a text that its address shows. */
const SHOWN_WORDS = 4

export interface SayData {
  readonly say: string
  readonly language?: string
  readonly voice?: string
}

/** What is known of words beside themselves. */
interface Words {
  readonly text: string
  readonly language: string
  readonly voice?: string
  /** Whether digits and letters are said one by one. */
  readonly spell: boolean
  /** The name of the prompt that holds them, if one does. */
  readonly name?: string
  readonly label?: { readonly language?: string }
}

/** The sound of `{ say: … }`, in the language of the call where it names none. */
export function compileSay(context: Context, path: Path, { say: text, language, voice }: SayData): Sound {
  const own = voice === undefined ? {} : { voice }
  if (language !== undefined) return compileWords(context, [...path, 'say'], { text, language, spell: false, ...own })
  return inEach(context, one => compileWords(context, [...path, 'say'], { text, language: one, spell: false, ...own }))
}

/** The sound of `{ spell: … }`, in the language of the call. */
export function compileSpell(context: Context, path: Path, text: string): Sound {
  return inEach(context, language => compileWords(context, [...path, 'spell'], { text, language, spell: true }))
}

/** One sound for each language that calls can be in. */
function inEach(context: Context, compileOne: (language: string) => Sound): Sound {
  const own = languagesOf(context.document.data)
  const first = compileOne(own[0])
  if (own.length === 1) return first
  context.spoken.used = true
  return oneOf({ kind: 'translated', sounds: [...context.spoken.languages.map(language => (language === own[0] || !own.includes(language) ? first : compileOne(language))), first] })
}

/** The sound of words; silence, with a problem reported, for those that cannot be spoken. */
export function compileWords(context: Context, path: Path, words: Words): Sound {
  const { text, language, voice, spell, label = {} } = words
  const template = compileTemplate(context, path, text)
  const fixed = fixedText(template)
  if (!isSpoken(context, path, language)) return silence(context)
  const most = fixed === undefined ? MOST_WITH_VALUES : MOST_CHARACTERS
  if (text.length > most) {
    tell(context, path, { code: 'out-of-range', message: `this text has ${text.length} characters, and ${fixed === undefined ? 'with values in it ' : ''}${most} are possible`, help: fixed === undefined ? 'write what does not change as a text of its own, and both as a list' : 'nobody listens for so long: let callers choose what they want to hear' })
    return silence(context)
  }
  const name = `${encodeURIComponent((words.name ?? shownWords(spell ? 'spell' : 'say', template)).toWellFormed())}.wav`
  const spoken: Voice = voice === undefined ? { language } : { language, voice }
  if (fixed === undefined) context.spoken.forCalls.set(`${language} ${voice ?? ''}`, spoken)
  if (fixed === undefined) return { kind: 'spoken', name, words: template, spell, ...spoken, text }
  if (!/[\p{L}\p{N}]/u.test(fixed)) {
    if (template.length > 0 || text.trim() === '') tellEmpty(context, path, text)
    return silence(context)
  }
  return madeSound(context, path, [spell ? { spell: fixed, ...spoken } : { say: fixed.trim(), ...spoken }], name, { text: fixed, ...label })
}

/** The sound of a recipe, under the hash of its bytes where it has been made; registered, so that it will be. */
export function madeSound(context: Context, path: Path, recipe: Recipe, name: string, label: Pick<Sound & { kind: 'file' }, 'text' | 'language' | 'of'>): Sound & { kind: 'file' } {
  const id = recipeId(recipe)
  context.recipes.set(id, recipe)
  const made = context.surroundings.made?.get(id)
  if (made !== undefined && 'trouble' in made) {
    tell(context, path, { code: 'cannot-speak', message: `this sound cannot be made: ${made.trouble}`, effect: 'the caller would hear nothing', help: 'see README, "Prompts and values"; a recording (`file:`) needs no speech' })
  }
  return { kind: 'file', hash: made === undefined || 'trouble' in made ? id : made.hash, name, recipe, ...label }
}

function tellEmpty(context: Context, path: Path, text: string): void {
  tell(context, path, { code: 'empty-prompt', message: text.trim() === '' ? 'this text is empty' : `there is nothing in \`${text.trim().slice(0, 40)}\` that can be spoken`, effect: 'the caller would hear nothing', help: 'write what is to be said; `ivr: true` and `record: true` say nothing where that is meant' })
}

function isSpoken(context: Context, path: Path, language: string): boolean {
  const { speaks } = context.surroundings
  const small = language.toLowerCase()
  if (speaks === undefined || speaks.includes(small) || speaks.includes(small.split('-')[0] as string)) return true
  tell(context, path, { code: 'cannot-speak', message: `the built-in speech has no voice for \`${language}\``, effect: 'the caller would hear nothing', help: `record it (\`file:\`), or give the server another engine with TONVAL_TTS_COMMAND; the built-in one speaks ${quoted(speaks.slice(0, 8))} and others` })
  return false
}

/** `say-welcome-to-the-council`: the first words, with `x` for what a call fills in: nothing of a caller's stands in an address or a log. */
function shownWords(kind: string, template: readonly unknown[]): string {
  const text = template.map(part => (typeof part === 'string' ? part : ' x ')).join('')
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(/[a-z0-9]+/g) ?? []
  return [kind, ...words.slice(0, SHOWN_WORDS).map(word => word.slice(0, 20))].join('-')
}
