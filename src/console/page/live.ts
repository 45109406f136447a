/** How everything stands, as the server tells it: asked for once, then told of by events. */
import { ask } from './api.ts'
import type { FlowsState, VersionsShown, WentLive } from './api-shapes.ts'
import { createStore, useStore } from './store.ts'

export interface Live {
  /** Whether events arrive. */
  readonly line: 'connecting' | 'open' | 'lost'
  readonly state?: FlowsState
  /** Milliseconds since 1970 at which each live version went live, by flow. */
  readonly since: Readonly<Record<string, number>>
  /** The last thing that went live. */
  readonly last?: WentLive
}

/** Milliseconds between two looks at the figures, however many events come. */
const PAUSE = 500
/** Milliseconds before a line that was refused is tried again. */
const AGAIN = 5000

const live = createStore<Live>({ line: 'connecting', since: {} })
const listeners = new Map<string, Set<(data: unknown) => void>>()
let source: EventSource | undefined
let asking: ReturnType<typeof setTimeout> | undefined

export function useLive(): Live {
  return useStore(live)
}

/** Begins to listen. */
export function connect(): void {
  const events = source = new EventSource('/api/events')
  const change = (part: Partial<Live>): void => live.set({ ...live.get(), ...part })
  events.onopen = () => change({ line: 'open' })
  events.onerror = () => {
    change({ line: 'lost' })
    if (events.readyState !== EventSource.CLOSED) return
    // refused, not broken off: nobody but us tries again. A session that is over shows itself here
    setTimeout(connect, AGAIN)
    refresh()
  }
  listen(events, 'state', data => {
    change({ line: 'open', state: data as FlowsState })
    void readVersions()
  })
  listen(events, 'live', data => {
    change({ last: data as WentLive })
    refresh()
    void readVersions()
  })
  for (const name of ['refused', 'checked', 'failed', 'call']) listen(events, name, refresh)
  for (const [name, told] of listeners) for (const one of told) listen(events, name, one)
}

function listen(events: EventSource, name: string, told: (data: unknown) => void): void {
  events.addEventListener(name, event => told(JSON.parse((event as MessageEvent<string>).data)))
}

/** Tells of every event of a name, until the function that it gives back is called. */
export function onEvent(name: string, told: (data: unknown) => void): () => void {
  let on = true
  const one = (data: unknown): void => { if (on) told(data) }
  const all = listeners.get(name) ?? new Set()
  listeners.set(name, all.add(one))
  if (source !== undefined) listen(source, name, one)
  return () => {
    on = false
    all.delete(one)
  }
}

/** Asks again how everything stands, soon. */
export function refresh(): void {
  asking ??= setTimeout(() => {
    asking = undefined
    ask<FlowsState>('/api/flows').then(state => live.set({ ...live.get(), state }), () => live.set({ ...live.get(), line: 'lost' }))
  }, PAUSE)
}

async function readVersions(): Promise<void> {
  const { versions } = await ask<Pick<VersionsShown, 'versions'>>('/api/versions').catch(() => ({ versions: [] }))
  live.set({ ...live.get(), since: Object.fromEntries(versions.filter(one => one.live).map(one => [one.flow, one.lastLive ?? one.stored])) })
}
