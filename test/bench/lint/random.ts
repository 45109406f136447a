/** Chance that is the same at every run: a corpus can be measured twice. */

export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  pick<T>(all: readonly T[]): T
  shuffled<T>(all: readonly T[]): T[]
}

/** Mulberry32, told apart by a seed. */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    below,
    pick: all => all[below(all.length)] as (typeof all)[number],
    shuffled(all) {
      const result = [...all]
      for (let i = result.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[result[i], result[j]] = [result[j] as (typeof all)[number], result[i] as (typeof all)[number]]
      }
      return result
    },
  }
}
