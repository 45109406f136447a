/** The test call of this page: placed, led and listened to. It goes on while somebody looks at another part of the page. */
import { ApiError, ask } from '../api.ts'
import type { EdgeRef } from '../scene.ts'
import { createStore, useStore } from '../store.ts'
import { movesIn, placeOf } from '../ways.ts'
import type { PhoneEvent, Place } from '../api-shapes.ts'
import { cut, goOn, hush, skipAhead, sound } from './speaker.ts'

/** What `POST /api/phone` is sent. */
export interface Wanted {
  readonly flow: string
  readonly from?: string
  readonly line?: string
  readonly at?: string
  readonly language?: string
  readonly lines?: Readonly<Record<string, string>>
}

export interface Begun {
  readonly id: string
  readonly live: string
  readonly from: string
  readonly line: string
  readonly at: string
  readonly language: string
}

export type Awaits = PhoneEvent & { kind: 'awaits' }

export interface TestCall {
  readonly wanted: Wanted
  /** `lost`: the server let it go, or is gone. */
  readonly phase: 'dialling' | 'on' | 'over' | 'lost' | 'refused'
  readonly begun?: Begun
  readonly events: readonly PhoneEvent[]
  /** What was heard last, or is heard now. */
  readonly heard?: PhoneEvent & { kind: 'heard' }
  /** Whether it is heard now. */
  readonly isHeard: boolean
  readonly awaits?: Awaits
  /** When the time for keys began to run, in milliseconds of the page's clock, and how many seconds there are. */
  readonly counting?: { readonly since: number; readonly seconds: number }
  readonly isTalking: boolean
  readonly place?: Place & { readonly outside: readonly Place[] }
  /** The way so far, by flow. */
  readonly path: Readonly<Record<string, readonly EdgeRef[]>>
  /** Keys pressed since something was heard last. */
  readonly keys: string
  /** Why something could not be done, in the server's words. */
  readonly trouble?: string
}

const store = createStore<TestCall | undefined>(undefined)
let source: EventSource | undefined

export function useCall(): TestCall | undefined {
  return useStore(store)
}

function change(part: Partial<TestCall>): void {
  const call = store.get()
  if (call !== undefined) store.set({ ...call, ...part })
}

/** Places a call; one before it is hung up. */
export async function dial(wanted: Wanted): Promise<void> {
  const before = store.get()
  if (before?.phase === 'on') void act({ hangUp: true })
  source?.close()
  hush()
  store.set({ wanted, phase: 'dialling', events: [], isHeard: false, isTalking: false, path: {}, keys: '' })
  try {
    const begun = await ask<Begun>('/api/phone', { method: 'POST', json: wanted })
    if (store.get()?.wanted !== wanted) return
    change({ begun, phase: 'on' })
    const events = source = new EventSource(`/api/phone/${begun.id}/events`)
    events.onmessage = ({ data }) => {
      const call = store.get()
      if (source === events && call !== undefined) store.set(take(call, JSON.parse(data as string) as PhoneEvent))
    }
    events.onerror = () => {
      if (source !== events || events.readyState !== EventSource.CLOSED) return
      hush()
      change({ phase: 'lost', isHeard: false })
    }
  } catch (error) {
    if (store.get()?.wanted === wanted) change({ phase: 'refused', trouble: (error as ApiError).message })
  }
}

/** Does something at the telephone. What cannot be done right now is said in `trouble`. */
export async function act(body: Readonly<Record<string, unknown>>): Promise<void> {
  const call = store.get()
  if (call?.begun === undefined || call.phase !== 'on') return
  if (body['silence'] === true || 'speak' in body) skipAhead()
  const { trouble: _trouble, ...calm } = call
  store.set(calm)
  try {
    await ask(`/api/phone/${call.begun.id}`, { method: 'POST', json: body })
  } catch (error) {
    const { status, message } = error as ApiError
    if (store.get()?.begun?.id === call.begun.id) change(status === 404 ? { phase: 'lost' } : { trouble: message })
  }
}

/** The call with one more thing that happened. */
function take(call: TestCall, event: PhoneEvent): TestCall {
  const next: TestCall = { ...call, events: [...call.events, event] }
  const { awaits: _awaits, counting: _counting, ...done } = next
  switch (event.kind) {
    case 'heard':
      sound(event.sound, event.seconds)
      return { ...next, heard: event, isHeard: true, keys: '' }
    case 'sound-end':
      cut(event.heard)
      return { ...next, isHeard: false }
    case 'state': return { ...done, keys: '', isTalking: false, place: { flow: event.flow, state: event.state, outside: event.outside } }
    case 'moves': return { ...next, path: withMoves(next.path, event.flow, event.moves) }
    case 'awaits': return { ...next, awaits: event }
    case 'listening': return { ...next, counting: { since: performance.now(), seconds: event.timeout } }
    case 'key': return { ...next, keys: next.keys + event.key, ...(next.counting === undefined ? {} : { counting: { ...next.counting, since: performance.now() } }) }
    case 'line': return { ...done, isTalking: event.result === 'success' }
    case 'talk-end': case 'recorded': return { ...done, isTalking: false }
    case 'result':
      goOn()
      return { ...done, isHeard: false }
    case 'end':
      goOn()
      return { ...done, isHeard: false, isTalking: false }
    case 'over': return { ...done, phase: 'over' }
    default: return next
  }
}

/** The way with more moves of a flow, and of those that it runs. */
function withMoves(path: TestCall['path'], flow: string, moves: readonly Move[]): TestCall['path'] {
  const parts = new Set(moves.map(({ from }) => placeOf(from, flow).flow))
  return { ...path, ...Object.fromEntries([...parts].map(part => [part, [...(path[part] ?? []), ...movesIn(part, flow, moves).map(({ from, event, to }) => ({ from, edge: event, to }))]])) }
}

interface Move {
  readonly from: string
  readonly event: string
  readonly to: string
}
