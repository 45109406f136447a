/** Something that is asked again as calls go on. */
import { useEffect } from 'preact/hooks'
import { onEvent } from './live.ts'

/** Milliseconds after the last of some events: what they tell of has surely come onto record by then. */
const LATER = 1500

/** Tells after events of calls, of one where `id` names it, no more often than every `pause` milliseconds; and once more when it is quiet. */
export function useCallEvents(told: () => void, pause: number, id?: string): void {
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined
    let late: ReturnType<typeof setTimeout> | undefined
    const happened = (data: unknown): void => {
      if (id !== undefined && (data as { readonly id?: string }).id !== id) return
      soon ??= setTimeout(() => {
        soon = undefined
        told()
      }, pause)
      clearTimeout(late)
      late = setTimeout(told, LATER)
    }
    const stops = [onEvent('call', happened), onEvent('calls', happened)]
    return () => {
      clearTimeout(soon)
      clearTimeout(late)
      for (const stop of stops) stop()
    }
  }, [told, pause, id])
}
