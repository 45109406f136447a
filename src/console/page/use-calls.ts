/** Calls on record, the newest first, asked again as calls go on. */
import { useEffect, useState } from 'preact/hooks'
import { ask } from './api.ts'
import type { CallShown, CallsShown } from './api-shapes.ts'
import { onEvent } from './live.ts'
import { useAsked } from './use-asked.ts'
import { useCallEvents } from './use-call-events.ts'

/** Milliseconds between two looks, however many calls there are. */
const PAUSE = 400
/** Calls that are shown at first, and added by each wish for more. */
const SOME = 50
const MOST = 1000

export interface CallFilter {
  readonly flow?: string
  readonly state?: string
  readonly end?: string
  readonly live?: boolean
}

export interface AskedCalls {
  readonly calls?: readonly CallShown[]
  readonly trouble?: string
  /** How many events of calls went by untold. */
  readonly missed: number
  again(): void
  /** Shows earlier ones; absent where there are none. */
  readonly more?: () => void
}

export function useCalls({ flow, state, end, live }: CallFilter): AskedCalls {
  const [most, setMost] = useState(SOME)
  const [missed, setMissed] = useState(0)
  const query = new URLSearchParams({ limit: String(most), ...(flow === undefined ? {} : { flow }), ...(state === undefined ? {} : { state }), ...(end === undefined ? {} : { end }), ...(live === true ? { live: 'true' } : {}) }).toString()
  const { value, trouble, again } = useAsked(() => ask<CallsShown>(`/api/calls?${query}`), [query])
  useCallEvents(again, PAUSE)
  useEffect(() => onEvent('state', again), [again])
  useEffect(() => onEvent('calls', data => setMissed(count => count + (data as { readonly dropped: number }).dropped)), [])
  return {
    again, missed, ...(value === undefined ? {} : { calls: value.calls }), ...(trouble === undefined ? {} : { trouble }),
    ...(value?.next == null || most >= MOST ? {} : { more: () => setMost(count => Math.min(MOST, count * 2)) }),
  }
}
