/** The flows in force: found by name, by line and by version, without a look at the disk for a call in progress. */
import type { Flow } from '../compile/flow.ts'

/** One set of flows, live from one moment to the next. */
export interface Live {
  readonly flows: ReadonlyMap<string, Flow>
  /** Flow by the line it answers. */
  readonly numbers: ReadonlyMap<string, Flow>
}

/**
 * What calls made of a version, as this server has seen it since it started. `started`: first requests that it
 * answered, one that the carrier repeats counted again; `ended`: notices of an end, the same. Where several servers
 * answer the same calls, each counts what came to it, so that only the sums over all of them belong together.
 * `lastUsed`: milliseconds since 1970 of the last request that named the version, 0 where none did.
 */
export interface Usage {
  readonly flow: string
  readonly version: string
  readonly started: number
  readonly ended: number
  readonly lastUsed: number
}

/** What is kept in memory beside the live versions; others are made again from the store when a call needs them. */
const MOST_OLD = 100
const MOST_OLD_STATES = 50_000
/** Versions whose calls are counted: the least lately used are forgotten first. */
const MOST_COUNTED = 1000

/** Written by every request: plain fields, nothing that grows with calls. */
interface Count {
  readonly flow: string
  started: number
  ended: number
  lastUsed: number
  /** When it was last put in force or loaded: what nobody has asked for yet is not the oldest. */
  kept: number
}
interface Known {
  readonly flow: Flow
  readonly count: Count
}

export class Library {
  #live: Live = { flows: new Map(), numbers: new Map() }
  readonly #versions = new Map<string, Known>()
  readonly #counts = new Map<string, Count>()
  readonly #loading = new Map<string, Promise<Flow | undefined>>()
  readonly #load: (version: string) => Promise<Flow | undefined>
  readonly #now: () => number

  /** `load` makes a version again from where it is stored. `now`: milliseconds since 1970. */
  constructor(load: (version: string) => Promise<Flow | undefined>, now: () => number = Date.now) {
    this.#load = load
    this.#now = now
  }

  get live(): Live {
    return this.#live
  }

  /** Puts a whole set in force, by one assignment. */
  swap(flows: ReadonlyMap<string, Flow>): void {
    const numbers = new Map<string, Flow>()
    for (const flow of flows.values()) for (const number of flow.numbers) numbers.set(number, flow)
    this.#live = { flows, numbers }
    for (const flow of flows.values()) this.#keep(flow)
    this.#forget()
  }

  /** The flow of a version for a request, if it is in memory. */
  version(version: string): Flow | undefined {
    const known = this.#versions.get(version)
    if (known === undefined) return undefined
    known.count.lastUsed = this.#now()
    return known.flow
  }

  /** The flow of a version, if it is in memory; looking is no use. */
  peek(version: string): Flow | undefined {
    return this.#versions.get(version)?.flow
  }

  /** The flow of a version, from the store where it must be; undefined where nobody has it. */
  async fetch(version: string): Promise<Flow | undefined> {
    const known = this.version(version)
    if (known !== undefined) return known
    let loading = this.#loading.get(version)
    if (loading === undefined) {
      loading = this.#load(version).finally(() => this.#loading.delete(version))
      this.#loading.set(version, loading)
    }
    const flow = await loading
    if (flow !== undefined) {
      this.#keep(flow).lastUsed = this.#now()
      this.#forget()
    }
    return flow
  }

  /** A first request was answered with this version. */
  began(version: string): void {
    const count = this.#versions.get(version)?.count
    if (count === undefined) return
    count.started++
    count.lastUsed = this.#now()
  }

  /** The carrier told the end of a call of this version. */
  over(version: string): void {
    const count = this.#counts.get(version)
    if (count === undefined) return
    count.ended++
    count.lastUsed = this.#now()
  }

  /** One line for each version that is live or that a request has named, the live ones first, then the last used. */
  usage(): Usage[] {
    const live = new Set([...this.#live.flows.values()].map(flow => flow.version))
    return [...this.#counts]
      .filter(([version, count]) => live.has(version) || count.lastUsed > 0)
      .sort((a, b) => Number(live.has(b[0])) - Number(live.has(a[0])) || b[1].lastUsed - a[1].lastUsed)
      .map(([version, { flow, started, ended, lastUsed }]) => ({ flow, version, started, ended, lastUsed }))
  }

  #keep(flow: Flow): Count {
    let count = this.#counts.get(flow.version)
    if (count === undefined) {
      count = { flow: flow.name, started: 0, ended: 0, lastUsed: 0, kept: 0 }
      this.#counts.set(flow.version, count)
    }
    count.kept = this.#now()
    this.#versions.set(flow.version, { flow, count })
    return count
  }

  /** Drops the least lately used of what is not live. */
  #forget(): void {
    const live = new Set([...this.#live.flows.values()].map(flow => flow.version))
    const old = [...this.#versions].filter(([version]) => !live.has(version)).sort((a, b) => latest(b[1].count) - latest(a[1].count))
    let states = 0
    for (const [index, [version, { flow }]] of old.entries()) {
      states += flow.states.length
      // the one used last stays, however large it is: it was just asked for
      if (index > 0 && (index >= MOST_OLD || states > MOST_OLD_STATES)) this.#versions.delete(version)
    }
    if (this.#counts.size <= MOST_COUNTED + live.size) return
    const spare = [...this.#counts].filter(([version]) => !this.#versions.has(version)).sort((a, b) => latest(a[1]) - latest(b[1]))
    for (const [version] of spare.slice(0, this.#counts.size - MOST_COUNTED)) this.#counts.delete(version)
  }
}

function latest({ lastUsed, kept }: Count): number {
  return Math.max(lastUsed, kept)
}
