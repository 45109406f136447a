/** What a sound is made of that no file holds: words that an engine speaks, and parts that are joined. */
import { createHash } from 'node:crypto'

/** Who speaks: a language, and one of the engine's voices where it is not the usual one. */
export interface Voice {
  readonly language: string
  readonly voice?: string
}

/** One part of a sound that is made. */
export type Part =
  /** Words, spoken in a language; `voice` is one of the engine's. */
  | { readonly say: string; readonly language: string; readonly voice?: string }
  /** Digits and letters, one by one. */
  | { readonly spell: string; readonly language: string; readonly voice?: string }
  /** A file of ours, by the hash of its bytes. */
  | { readonly file: string }
  /** A sound that is fetched once, when the version is made. */
  | { readonly fetch: string }
  /** `sound/beep` or `sound/dtmf/…`, as the carrier would play it. */
  | { readonly tones: string }

/** The parts of one sound, in the order in which they are heard. */
export type Recipe = readonly Part[]

/** The name of a recipe: the same for the same parts, whichever engine speaks them. */
export function recipeId(recipe: Recipe): string {
  return createHash('sha256').update(writeRecipe(recipe)).digest('hex').slice(0, 32)
}

/** A recipe as text, which parts it in one way only. */
export function writeRecipe(recipe: Recipe): string {
  return JSON.stringify(recipe.map(part => {
    if ('say' in part) return ['say', part.say, part.language, ...(part.voice === undefined ? [] : [part.voice])]
    if ('spell' in part) return ['spell', part.spell, part.language, ...(part.voice === undefined ? [] : [part.voice])]
    return Object.entries(part)[0]
  }))
}

/** The recipe of such a text. Throws on any other. */
export function readRecipe(text: string): Recipe {
  return (JSON.parse(text) as readonly (readonly string[])[]).map(([kind, what = '', language = '', voice]): Part => {
    const spoken = voice === undefined ? { language } : { language, voice }
    switch (kind) {
      case 'say': return { say: what, ...spoken }
      case 'spell': return { spell: what, ...spoken }
      case 'file': return { file: what }
      case 'fetch': return { fetch: what }
      case 'tones': return { tones: what }
      default: throw new Error(`there is no part \`${kind}\``)
    }
  })
}
