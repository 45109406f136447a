/** A value that parts of the page look at together. */
import { useEffect, useState } from 'preact/hooks'

export interface Store<T> {
  get(): T
  set(value: T): void
  /** Tells of every change, until the function that it gives back is called. */
  watch(told: () => void): () => void
}

export function createStore<T>(first: T): Store<T> {
  let value = first
  const watchers = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const told of [...watchers]) told()
    },
    watch(told) {
      watchers.add(told)
      return () => watchers.delete(told)
    },
  }
}

/** The value now, and again whenever it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, again] = useState(0)
  useEffect(() => store.watch(() => again(count => count + 1)), [store])
  return store.get()
}
