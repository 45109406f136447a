/** Checks of nearly the same files, one after the other: what the first one makes of those that stay as they are need not be made again. */
import type { Memo } from '../src/check.ts'

export interface Remembered {
  /** For the first check: keeps what it makes. */
  readonly learn: Memo
  /** For those that follow: gives back what was kept, and keeps no more. */
  readonly know: Memo
}

export function remember(): Remembered {
  const kept = new Map<string, unknown>()
  return {
    learn(key, make) {
      const made = make()
      kept.set(key, made)
      return made
    },
    know: (key, make) => (kept.has(key) ? (kept.get(key) as ReturnType<typeof make>) : make()),
  }
}
