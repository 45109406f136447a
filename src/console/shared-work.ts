/** Work that many ask for at once: done once for all who wait, and no more than half of the time. */

/**
 * Asks for a piece of work by its key. Whoever asks while it is being done gets what is begun after that, together with all
 * others who do: nobody is told what was true before he asked. After it, the work rests for as long as it took.
 */
export function shareWork<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const next = new Map<string, Promise<T>>()
  const last = new Map<string, Promise<unknown>>()

  return (key, work) => {
    const waiting = next.get(key)
    if (waiting !== undefined) return waiting
    const before = last.get(key)
    const done = (async () => {
      await before
      next.delete(key)
      const began = performance.now()
      let rested = (): void => undefined
      const rest = new Promise<void>(resolve => { rested = resolve })
      last.set(key, rest)
      try {
        return await work()
      } finally {
        setTimeout(() => {
          if (last.get(key) === rest) last.delete(key)
          rested()
        }, performance.now() - began)
      }
    })()
    next.set(key, done)
    return done
  }
}
