/** Graphs and pictures of versions: made once, off the thread that answers calls, and kept as long as there is room. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { VersionSource } from '../check.ts'
import type { Draughtsman } from './draughtsman.ts'

/** What is kept of each kind: so many, and so many bytes together. */
const MOST_KEPT = 200
const MOST_BYTES = 32 * 1024 * 1024
const pack = promisify(gzip)

export interface Picture {
  readonly plain: Buffer
  readonly gzip: Buffer
}

export interface Pictures {
  /** The graph of a version as JSON, or of a flow that it runs, as it runs it; undefined where nobody has the version, or it does not run the flow. */
  graph(flow: string, version: string): Promise<string | undefined>
  /** Its picture as SVG. */
  picture(flow: string, version: string): Promise<Picture | undefined>
  /** Gets ready: somebody is about to look. */
  warm(): void
}

export interface PictureSources {
  /** The source of a stored version; undefined where nobody has it. */
  readonly source: (version: string) => Promise<VersionSource | undefined>
  /** Its graph as JSON. */
  readonly graph: (source: VersionSource) => Promise<string | undefined>
  readonly draughtsman: Draughtsman
}

/** Pictures of one server. */
export function createPictures({ source, graph, draughtsman }: PictureSources): Pictures {
  const graphs = keep<string>(json => json.length)
  const pictures = keep<Picture>(({ plain }) => plain.length)

  async function graphOf(flow: string, version: string): Promise<string | undefined> {
    return graphs(`${version} ${flow}`, async () => {
      const found = await source(version)
      const wanted = found === undefined ? undefined : partOf(found, flow)
      return wanted === undefined ? undefined : graph(wanted)
    })
  }

  return {
    graph: graphOf,
    async picture(flow, version) {
      const json = await graphOf(flow, version)
      if (json === undefined) return undefined
      return pictures(`${version} ${flow}`, async () => {
        const plain = Buffer.from(await draughtsman.draw(json))
        return { plain, gzip: await pack(plain) }
      })
    },
    warm: () => draughtsman.warm(),
  }
}

/** The source of one of the flows that a version is made of; undefined where it is not among them. */
function partOf(source: VersionSource, flow: string): VersionSource | undefined {
  if (source.name === flow) return source
  const all = [{ name: source.name, path: source.path, text: source.text }, ...source.uses ?? []]
  const part = all.find(one => one.name === flow)
  return part === undefined ? undefined : { ...source, ...part, uses: all.filter(one => one !== part) }
}

/** Makes what is asked for, and keeps what was asked for last; what could not be made is asked for again. */
function keep<T>(sizeOf: (one: T) => number): (key: string, make: () => Promise<T | undefined>) => Promise<T | undefined> {
  const kept = new Map<string, { readonly made: Promise<T | undefined>; size: number }>()
  return (key, make) => {
    const known = kept.get(key)
    // the last one asked for stands last
    kept.delete(key)
    const one = known ?? { made: make(), size: 0 }
    kept.set(key, one)
    if (known !== undefined) return known.made
    return one.made.then(made => {
      if (made === undefined) kept.delete(key)
      else one.size = sizeOf(made)
      let bytes = [...kept.values()].reduce((sum, each) => sum + each.size, 0)
      for (const [oldest, { size }] of kept) {
        if ((kept.size <= MOST_KEPT && bytes <= MOST_BYTES) || oldest === key) break
        kept.delete(oldest)
        bytes -= size
      }
      return made
    }, (error: unknown) => {
      kept.delete(key)
      throw error
    })
  }
}
