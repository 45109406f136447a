/** The flows in force: found by name, by line and by version, without a look at the disk for a call in progress. */
import type { Flow } from '../compile/flow.ts'

/** One set of flows, live from one moment to the next. */
export interface Live {
  readonly flows: ReadonlyMap<string, Flow>
  /** Flow by the line it answers. */
  readonly numbers: ReadonlyMap<string, Flow>
}

/** Versions that are kept in memory beside the live ones; older ones are made again from the store when a call needs them. */
const MOST_OLD = 100

export class Library {
  #live: Live = { flows: new Map(), numbers: new Map() }
  /** The least lately used first. */
  readonly #versions = new Map<string, Flow>()
  readonly #loading = new Map<string, Promise<Flow | undefined>>()
  readonly #load: (version: string) => Promise<Flow | undefined>

  /** `load` makes a version again from where it is stored. */
  constructor(load: (version: string) => Promise<Flow | undefined>) {
    this.#load = load
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

  /** The flow of a version, if it is in memory. */
  version(version: string): Flow | undefined {
    return this.#versions.get(version)
  }

  /** The flow of a version, from the store where it must be; undefined where nobody has it. */
  async fetch(version: string): Promise<Flow | undefined> {
    const known = this.#versions.get(version)
    if (known !== undefined) return known
    let loading = this.#loading.get(version)
    if (loading === undefined) {
      loading = this.#load(version).finally(() => this.#loading.delete(version))
      this.#loading.set(version, loading)
    }
    const flow = await loading
    if (flow !== undefined) {
      this.#keep(flow)
      this.#forget()
    }
    return flow
  }

  #keep(flow: Flow): void {
    this.#versions.delete(flow.version)
    this.#versions.set(flow.version, flow)
  }

  #forget(): void {
    const live = new Set([...this.#live.flows.values()].map(flow => flow.version))
    let most = live.size + MOST_OLD
    for (const version of this.#versions.keys()) {
      if (this.#versions.size <= most) return
      if (live.has(version)) most++
      else this.#versions.delete(version)
    }
  }
}
