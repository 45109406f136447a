/** A check, the making of the sounds that it asks for, and the check with them: a flow goes live with all that it says. */
import { join } from 'node:path'
import type { Checked, SourceSet } from '../check.ts'
import type { MadeSound } from '../compile/context.ts'
import type { Recipe } from '../compile/recipe.ts'
import type { Studio } from '../prompts/studio.ts'

/** Sounds that are asked for at a time: the queue is for calls too. */
const AT_ONCE = 8

export interface CheckedWithSounds {
  /** The set, with what was made. */
  readonly set: SourceSet
  readonly checked: Checked
  /** Whether a sound is missing that may be there at another time. */
  readonly again: boolean
}

/** Checks a set read from a folder, and makes its sounds where a flow needs some. */
export async function checkWithSounds(set: SourceSet, check: (set: SourceSet) => Promise<Checked>, studio: Pick<Studio, 'make'>, folder: string): Promise<CheckedWithSounds> {
  const first = await check(set)
  const { recipes } = first
  if (recipes.size === 0) return { set, checked: first, again: false }
  const paths = new Map([...set.sounds].map(([path, file]) => [file.hash, join(folder, path)]))
  const made = new Map<string, MadeSound>()
  const waiting = [...recipes]
  let again = false
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [id, recipe] = next
      const sound = await studio.make(recipe, placesOf(recipe, paths))
      if ('trouble' in sound) again ||= sound.passes
      made.set(id, 'trouble' in sound ? { trouble: sound.trouble } : sound)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const whole = { ...set, made }
  return { set: whole, checked: await check(whole), again }
}

function placesOf(recipe: Recipe, paths: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(recipe.flatMap(part => {
    const path = 'file' in part ? paths.get(part.file) : undefined
    return path === undefined ? [] : [[(part as { readonly file: string }).file, path] as const]
  }))
}
