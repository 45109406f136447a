/** Whether all that flows have spoken can be made, without making all of it: for those who only want to know. */
import type { MadeSound, SoundFile } from '../compile/context.ts'
import type { Part, Recipe } from '../compile/recipe.ts'
import { makeSounds } from './check-with-sounds.ts'
import type { Make, MadeSounds } from './check-with-sounds.ts'

/** Seconds of a list up to which nobody doubts that it is not too long: a third of what can be made. */
const CERTAIN = 200
/** Seconds that a letter, and one that is said by itself, take at most. */
const LETTER = 0.2
const SPELLED = 1.5
/** Of a carrier's sound. */
const TONES = 30

/**
 * Makes of each voice the longest text, and whatever may be too long or has to be fetched. What an engine fails at it
 * fails at for all texts of that voice, and where it is the words that it refuses, all of them are tried.
 */
export function trySounds(sounds: ReadonlyMap<string, SoundFile>): (recipes: ReadonlyMap<string, Recipe>, make: Make) => Promise<MadeSounds> {
  const lengths = new Map([...sounds.values()].map(({ hash, seconds }) => [hash, seconds]))
  return async (recipes, make) => {
    const first = new Map([...recipes].filter(([, recipe]) => secondsAtMost(recipe, lengths) > CERTAIN))
    for (const voice of new Set([...recipes.values()].flatMap(voicesOf))) {
      const all = [...recipes].filter(([, recipe]) => voicesOf(recipe).includes(voice))
      const spoken = all.filter(([, recipe]) => recipe.every(isSpoken))
      const longest = spoken.reduce<typeof spoken[number] | undefined>((most, one) => (most === undefined || letters(one[1]) > letters(most[1]) ? one : most), undefined)
      for (const [id, recipe] of longest === undefined ? all : [longest]) first.set(id, recipe)
    }
    const { made, later } = await makeSounds(first, make)
    const broken = new Map<string, MadeSound>()
    const refused = new Set<string>()
    for (const [id, sound] of made) {
      const recipe = first.get(id) as Recipe
      if (!('trouble' in sound) || !recipe.every(isSpoken)) continue
      for (const voice of voicesOf(recipe)) {
        if (later.has(id)) broken.set(voice, sound)
        else refused.add(voice)
      }
    }
    const all = new Map(made)
    const doubted = new Map<string, Recipe>()
    for (const [id, recipe] of recipes) {
      if (made.has(id)) continue
      const trouble = voicesOf(recipe).flatMap(voice => broken.get(voice) ?? [])[0]
      if (trouble !== undefined) all.set(id, trouble)
      else if (voicesOf(recipe).some(voice => refused.has(voice))) doubted.set(id, recipe)
    }
    const rest = await makeSounds(doubted, make)
    for (const [id, sound] of rest.made) all.set(id, sound)
    return { made: all, later: new Set([...later, ...rest.later]) }
  }
}

function isSpoken(part: Part): part is Extract<Part, { readonly language: string }> {
  return 'language' in part
}

function voicesOf(recipe: Recipe): string[] {
  return recipe.filter(isSpoken).map(({ language, voice = '' }) => `${language} ${voice}`)
}

function letters(recipe: Recipe): number {
  return recipe.reduce((sum, part) => sum + ('say' in part ? part.say.length : 'spell' in part ? part.spell.length : 0), 0)
}

function secondsAtMost(recipe: Recipe, lengths: ReadonlyMap<string, number | undefined>): number {
  return recipe.reduce((sum, part) => {
    if ('say' in part) return sum + LETTER * part.say.length
    if ('spell' in part) return sum + SPELLED * part.spell.length
    if ('file' in part) return sum + (lengths.get(part.file) ?? Infinity)
    return sum + ('fetch' in part ? Infinity : TONES)
  }, 0)
}
