/** The sounds of a set heard and made, and then the check: a flow goes live with all that it plays and says. */
import { join } from 'node:path'
import type { Checked, Needs, SourceSet } from '../check.ts'
import type { MadeSound } from '../compile/context.ts'
import type { Listened } from '../compile/listened.ts'
import type { Recipe } from '../compile/recipe.ts'
import type { Studio } from '../prompts/studio.ts'

/** Sounds that are asked for at a time: the queue is for calls too. */
const AT_ONCE = 8

export interface CheckedWithSounds {
  /** The set, with what was heard and made. */
  readonly set: SourceSet
  readonly checked: Checked
  /** Whether a sound is missing that may be there at another time. */
  readonly again: boolean
}

/** What is asked of a set: here, or in a thread. */
export interface Asked {
  needs(set: SourceSet): Promise<Needs>
  check(set: SourceSet): Promise<Checked>
}

/** What became of recipes, by their names. */
export interface MadeSounds {
  readonly made: ReadonlyMap<string, MadeSound>
  /** Those that cannot be made now, and perhaps at another time. */
  readonly later: ReadonlySet<string>
}

/** Makes a sound; what it is made of lies where it is known. */
export type Make = (recipe: Recipe) => ReturnType<Studio['make']>

/** Checks a set read from a folder, after its sounds were heard and made. `makeAll`: what has to be made of them. */
export async function checkWithSounds(set: SourceSet, asked: Asked, studio: Pick<Studio, 'make' | 'listen'>, folder: string, makeAll = makeSounds): Promise<CheckedWithSounds> {
  const { sounds, recipes } = await asked.needs(set)
  const { heard, again: mayBeHeard } = await hear(sounds, studio, folder)
  const paths = new Map([...set.sounds].map(([path, file]) => [file.hash, join(folder, path)]))
  const { made, later } = await makeAll(recipes, recipe => studio.make(recipe, placesOf(recipe, paths)))
  const whole = { ...set, ...(heard.size === 0 ? {} : { heard }), ...(made.size === 0 ? {} : { made }) }
  return { set: whole, checked: await asked.check(whole), again: mayBeHeard || later.size > 0 }
}

async function hear(sounds: Needs['sounds'], studio: Pick<Studio, 'listen'>, folder: string): Promise<{ readonly heard: ReadonlyMap<string, Listened>; readonly again: boolean }> {
  const heard = new Map<string, Listened>()
  let again = false
  const files = new Map([...sounds].flatMap(([path, { hash, format, trouble }]) => (format === undefined || trouble !== undefined ? [] : [[hash, { path: join(folder, path), hash, format }] as const])))
  await each([...files.values()], async file => {
    let listened = await studio.listen(file)
    // another file may have broken the thread under it
    if ('passes' in listened) listened = await studio.listen(file)
    again ||= 'passes' in listened
    heard.set(file.hash, listened)
  })
  return { heard, again }
}

/** All of the recipes, made. */
export async function makeSounds(recipes: ReadonlyMap<string, Recipe>, make: Make): Promise<MadeSounds> {
  const made = new Map<string, MadeSound>()
  const later = new Set<string>()
  await each([...recipes], async ([id, recipe]) => {
    const sound = await make(recipe)
    if ('trouble' in sound && sound.passes) later.add(id)
    made.set(id, 'trouble' in sound ? { trouble: sound.trouble } : sound)
  })
  return { made, later }
}

async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...all]
  const next = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
}

function placesOf(recipe: Recipe, paths: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries(recipe.flatMap(part => {
    const path = 'file' in part ? paths.get(part.file) : undefined
    return path === undefined ? [] : [[(part as { readonly file: string }).file, path] as const]
  }))
}
