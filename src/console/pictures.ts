/** Graphs and pictures of versions: made once, off the thread that answers calls, and kept as long as there is room. A picture that had to be drawn in a hurry is tried again. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { VersionSource } from '../check.ts'
import type { Draughtsman } from './draughtsman.ts'

/** What is kept of each kind: so many, and so many bytes together. */
const MOST_KEPT = 200
const MOST_BYTES = 32 * 1024 * 1024
/** Milliseconds from one attempt at a better picture to the next; doubled each time. */
const AGAIN = 60_000
const MOST_AGAIN = 3_600_000
const pack = promisify(gzip)

export interface Picture {
  readonly plain: Buffer
  readonly gzip: Buffer
  /** By which it is known: of one version there may be a plain picture first, and then a fine one. */
  readonly tag: string
}

export interface Pictures {
  /** The graph of a version as JSON, or of a flow that it runs, as it runs it; undefined where nobody has the version, or it does not run the flow. */
  graph(flow: string, version: string): Promise<string | undefined>
  /** Its picture as SVG. */
  picture(flow: string, version: string): Promise<Picture | undefined>
  /** Draws what is live, by flow, before anybody asks: each version once, one after the other, so that whoever asks waits for one of them at most. Those that are live no longer are left out. */
  prepare(live: ReadonlyMap<string, string>): void
  /** Gets ready: somebody is about to look. */
  warm(): void
}

export interface PictureSources {
  /** The source of a stored version; undefined where nobody has it. */
  readonly source: (version: string) => Promise<VersionSource | undefined>
  /** Its graph as JSON. */
  readonly graph: (source: VersionSource, version: string) => Promise<string | undefined>
  readonly draughtsman: Pick<Draughtsman, 'draw' | 'warm'>
  /** Milliseconds. */
  readonly again?: number
}

interface Shown {
  picture: Picture
  /** When a better picture is tried, on the clock of `performance`; Infinity: never, or it is being tried. */
  again: number
  tries: number
}

/** Pictures of one server. */
export function createPictures({ source, graph, draughtsman, again = AGAIN }: PictureSources): Pictures {
  const graphs = keep<string>(json => json.length)
  const pictures = keep<Shown>(({ picture: { plain } }) => plain.length)
  let wanted: ReadonlyMap<string, string> = new Map()
  let prepared: ReadonlySet<string> = new Set()
  let preparing = false

  async function graphOf(flow: string, version: string): Promise<string | undefined> {
    return graphs(`${version} ${flow}`, async () => {
      const found = await source(version)
      const wanted = found === undefined ? undefined : partOf(found, flow)
      // under its own version only the flow itself is known
      return wanted === undefined ? undefined : graph(wanted, wanted === found ? version : '')
    })
  }

  async function drawn(json: string, version: string): Promise<{ readonly picture: Picture; readonly isFine: boolean }> {
    const { svg, care } = await draughtsman.draw(json)
    const plain = Buffer.from(svg)
    return { isFine: care === 'fine', picture: { plain, gzip: await pack(plain), tag: care === 'fine' ? version : `${version}-${care}` } }
  }

  /** Nobody waits for it: who asks meanwhile gets what there is. */
  async function tryAgain(shown: Shown, json: string, version: string): Promise<void> {
    shown.again = Infinity
    const better = await drawn(json, version).catch(() => undefined)
    if (better?.isFine === true) shown.picture = better.picture
    else shown.again = performance.now() + Math.min(again * 2 ** ++shown.tries, MOST_AGAIN)
  }

  async function pictureOf(flow: string, version: string): Promise<Picture | undefined> {
    const json = await graphOf(flow, version)
    if (json === undefined) return undefined
    const shown = await pictures(`${version} ${flow}`, async () => {
      const { picture, isFine } = await drawn(json, version)
      return { picture, again: isFine ? Infinity : performance.now() + again, tries: 0 }
    })
    if (shown === undefined) return undefined
    if (shown.again <= performance.now()) void tryAgain(shown, json, version)
    return shown.picture
  }

  async function prepareAll(): Promise<void> {
    preparing = true
    for (let first = wanted.entries().next().value; first !== undefined; first = wanted.entries().next().value) {
      const [flow, version] = first
      wanted = new Map([...wanted].filter(([name]) => name !== flow))
      // whoever asks for it is told what is wrong
      await pictureOf(flow, version).catch(() => undefined)
    }
    preparing = false
  }

  return {
    graph: graphOf,
    picture: pictureOf,
    prepare(live) {
      wanted = new Map([...live].filter(([flow, version]) => !prepared.has(version) || wanted.get(flow) === version))
      prepared = new Set(live.values())
      if (!preparing) void prepareAll()
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
