/** What a version of a flow is: the hash of everything that its answers depend on. */
import { createHash } from 'node:crypto'
import type { Compiled } from './compile.ts'
import type { MadeSound, SoundFile } from './context.ts'
import type { Recipe } from './recipe.ts'
import type { Calendar } from './schedule/holidays.ts'

/** Part of every version: what the words of a flow mean. It grows when an old file would be answered differently. */
export const LANGUAGE = 1
/** Hex digits of a version: 80 bits of its content's SHA-256. */
const VERSION_LENGTH = 20

/** What a version is made of, so that it can be made again. */
export interface VersionSource {
  readonly language: number
  readonly name: string
  readonly path: string
  readonly text: string
  readonly sounds: readonly (readonly [path: string, file: SoundFile])[]
  /** The holidays of countries as they were known when the version was made; only where schedules ask for them. */
  readonly holidays?: readonly (readonly [country: string, calendar: Calendar])[]
  /** The texts of the lists and tables that it names, where it names some. */
  readonly files?: readonly (readonly [path: string, text: string])[]
  /** The sounds that were made for it, by the name of what they were made of. */
  readonly made?: readonly (readonly [recipe: string, file: SoundFile])[]
  /** The sources of all other flows that can be reached from it, where there are some, by name. What they play and name stands above. */
  readonly uses?: readonly UsedSource[]
}

export interface UsedSource {
  readonly name: string
  readonly path: string
  readonly text: string
}

/** The hash of everything that a flow's answers depend on. */
export function versionOf(source: VersionSource): string {
  const { language, name, text, sounds, holidays, files, uses, made } = source
  // a version without holidays, files, other flows and speech keeps the hash that it had before there were any
  const content = JSON.stringify([
    language, name, text, sounds.map(([path, file]) => [path, file.hash, file.format ?? '']), ...(holidays === undefined ? [] : [holidays]), ...(files === undefined ? [] : [{ files }]),
    ...(uses === undefined ? [] : [{ uses: uses.map(used => [used.name, used.text]) }]), ...(made === undefined ? [] : [{ made: made.map(([recipe, file]) => [recipe, file.hash]) }]),
  ])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}

/** What a flow was made of, so that it can be made again. `all`: the flows that it may use. */
export function sourceOf({ name, path, text }: Pick<VersionSource, 'name' | 'path' | 'text'>, { sounds, holidays, files, recipes, uses }: Compiled, all: readonly UsedSource[], given: ReadonlyMap<string, MadeSound> | undefined): VersionSource {
  const made = madeFor(recipes, given).flatMap(([id, sound]) => ('trouble' in sound ? [] : [[id, sound] as const]))
  const used = all.filter(one => uses.includes(one.name)).map(one => ({ name: one.name, path: one.path, text: one.text })).sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    language: LANGUAGE, name, path, text, sounds: [...sounds].sort(byName),
    ...(holidays.size === 0 ? {} : { holidays: [...holidays].sort(byName) }),
    ...(files.size === 0 ? {} : { files: [...files].map(([file, { text: held }]) => [file, held] as const).sort(byName) }),
    ...(used.length === 0 ? {} : { uses: used }),
    ...(made.length === 0 ? {} : { made }),
  }
}

/** What became of the recipes of a flow, as far as it is known. */
export function madeFor(recipes: ReadonlyMap<string, Recipe> | undefined, given: ReadonlyMap<string, MadeSound> | undefined): (readonly [recipe: string, sound: MadeSound])[] {
  return [...(recipes?.keys() ?? [])].sort().flatMap(id => {
    const sound = given?.get(id)
    return sound === undefined ? [] : [[id, sound] as const]
  })
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
