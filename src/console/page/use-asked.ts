/** Something that the server is asked for when a part is shown, and again when it may have changed. */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { onReturn } from './live.ts'

export interface Asked<T> {
  readonly value?: T
  /** Why it could not be had, in words; what was had before stays. */
  readonly trouble?: string
  again(): void
}

/** Asks when any of `on` changes, and when events come again after a time without any unless the answer `stays`; an answer that comes too late is dropped. */
export function useAsked<T>(question: () => Promise<T>, on: readonly unknown[], { stays = false }: { readonly stays?: boolean } = {}): Asked<T> {
  const [answer, setAnswer] = useState<{ readonly value?: T; readonly trouble?: string }>({})
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let current = true
    question().then(
      value => { if (current) setAnswer({ value }) },
      (error: unknown) => { if (current) setAnswer(before => ({ ...before, trouble: (error as Error).message })) },
    )
    return () => { current = false }
  }, [...on, turn])
  const again = useCallback(() => setTurn(count => count + 1), [])
  useEffect(() => stays ? undefined : onReturn(again), [])
  return { ...answer, again }
}
