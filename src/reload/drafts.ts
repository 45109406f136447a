/** Texts that nobody has saved, checked as if they had been: with the same rules, and the whole folder around them. Nothing is written. */
import { join } from 'node:path'
import type { SourceSet, VersionSource } from '../check.ts'
import type { MadeSound } from '../compile/context.ts'
import { hear } from './check-with-sounds.ts'
import type { Draft } from './checker.ts'
import { decode } from './edit.ts'
import type { EditParts } from './edit.ts'
import { readFolder } from './read-folder.ts'
import type { SoundCache } from './read-folder.ts'

export interface Drafts {
  /** What would be said of a text if it were saved as the flow `name`, which need not exist. Rejects where the folder cannot be read. */
  check(name: string, content: Buffer): Promise<Draft & { /** The version that answers now. */ readonly live: string | null }>
}

export function createDrafts({ folder, shown, store, checker, studio, live, refused }: EditParts): Drafts {
  const sounds: SoundCache = new Map()
  /** Sources of what is live: read once, however much is typed. */
  let sources: ReadonlyMap<string, VersionSource> = new Map()

  async function readSources(versions: readonly string[]): Promise<ReadonlyMap<string, VersionSource>> {
    const found = await Promise.all(versions.map(async version => [version, sources.get(version) ?? await store.load(version)] as const))
    sources = new Map(found.filter((one): one is [string, VersionSource] => one[1] !== undefined))
    return sources
  }

  return {
    async check(name, content) {
      const [set, flows] = await Promise.all([readFolder(folder, sounds, shown), live()])
      const known = await readSources(flows.map(flow => flow.version))
      const now = flows.find(flow => flow.name === name)
      const source = now === undefined ? undefined : known.get(now.version)
      const path = join(shown, `${name}.yaml`)
      const whole: SourceSet = {
        ...set, flows: [...set.flows.filter(file => file.name !== name), { name, path, text: decode(content) ?? '' }],
        // what was spoken for the flows that answer is as long as it is; anything else will be made when it is saved
        made: new Map<string, MadeSound>([...known.values()].flatMap(one => one.made ?? [])),
        live: flows.flatMap(flow => {
          const { path: at, text } = known.get(flow.version) ?? {}
          return at === undefined || text === undefined ? [] : [{ name: flow.name, version: flow.version, numbers: flow.numbers, path: at, text }]
        }),
      }
      const { heard } = await hear((await checker.needs(whole)).sounds, studio, folder)
      const draft = await checker.draft({
        set: { ...whole, heard }, name, refused: refused(), live: now === undefined || source === undefined ? undefined : { version: now.version, source },
      })
      return { ...draft, live: now?.version ?? null }
    },
  }
}
