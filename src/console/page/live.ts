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
const returns = new Set<() => void>()
let source: EventSource | undefined
/** Whether events have been heard before. */
let isBack = false
let asking: ReturnType<typeof setTimeout> | undefined

export function useLive(): Live {
  return useStore(live)
}

/**
 * Listens as long as somebody looks. A page in a tab behind others lets go: a browser holds six lines to a server, for
 * all tabs together, and a seventh tab would wait for ever.
 */
export function connect(): void {
  document.addEventListener('visibilitychange', follow)
  follow()
}

function follow(): void {
  if (!document.hidden) return source === undefined ? open() : undefined
  source?.close()
  source = undefined
}

function open(): void {
  const events = source = new EventSource('/api/events')
  const change = (part: Partial<Live>): void => live.set({ ...live.get(), ...part })
  events.onopen = () => change({ line: 'open' })
  events.onerror = () => {
    change({ line: 'lost' })
    if (events.readyState !== EventSource.CLOSED) return
    // refused, not broken off: nobody but us tries again. A session that is over shows itself here
    setTimeout(() => { if (source === events) open() }, AGAIN)
    refresh()
  }
  listen(events, 'state', data => {
    change({ line: 'open', state: data as FlowsState })
    void readVersions()
    // what happened meanwhile was told to nobody
    if (isBack) for (const one of returns) one()
    isBack = true
  })
  listen(events, 'live', data => {
    change({ last: data as WentLive })
    refresh()
    void readVersions()
  })
  for (const name of ['refused', 'checked', 'failed', 'call']) listen(events, name, refresh)
  for (const [name, told] of listeners) for (const one of told) listen(events, name, one)
}

/** Tells when events come again after a time without any, until the function that it gives back is called. */
export function onReturn(told: () => void): () => void {
  returns.add(told)
  return () => returns.delete(told)
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
