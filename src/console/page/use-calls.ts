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
  const filter = new URLSearchParams({ ...(flow === undefined ? {} : { flow }), ...(state === undefined ? {} : { state }), ...(end === undefined ? {} : { end }), ...(live === true ? { live: 'true' } : {}) }).toString()
  const address = `/api/calls?limit=${most}${filter === '' ? '' : `&${filter}`}`
  const { value, trouble, again } = useAsked(async () => ({ ...await ask<CallsShown>(address), filter }), [address])
  useCallEvents(again, PAUSE)
  useEffect(() => onEvent('calls', data => setMissed(count => count + (data as { readonly dropped: number }).dropped)), [])
  // one answer looks through so many calls and no more: where few are wanted, what lies further back is asked for on its own
  const [further, setFurther] = useState<Further>()
  const known = further?.filter === filter ? further : undefined
  const newest = value?.filter === filter ? value : undefined
  const calls = newest === undefined ? undefined : [...newest.calls, ...(newest.next === null ? [] : known?.calls.filter(one => !newest.calls.some(({ id }) => id === one.id)) ?? [])]
  const next = newest === undefined || newest.next === null ? null : known === undefined ? newest.next : known.next
  const lookFurther = (): void => {
    if (calls === undefined || next === null) return
    void ask<CallsShown>(`${address}&before=${next}`).then(page => setFurther({ filter, calls: [...calls, ...page.calls], next: page.next }), again)
  }
  const isSought = calls?.length === 0 && next !== null
  useEffect(() => { if (isSought) lookFurther() }, [isSought, next])
  return {
    again, missed, ...(calls === undefined || isSought ? {} : { calls }), ...(trouble === undefined ? {} : { trouble }),
    ...(next === null ? {} : newest !== undefined && newest.calls.length < most ? { more: lookFurther } : most >= MOST ? {} : { more: () => setMost(count => Math.min(MOST, count * 2)) }),
  }
}

/** Calls of a filter that lie further back than one answer looks, and where to go on. */
interface Further {
  readonly filter: string
  readonly calls: readonly CallShown[]
  readonly next: string | null
}
