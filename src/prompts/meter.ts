/** How loud a sound is, where it is cut by being too loud, and how much silence stands at its ends. */
import type { Levels } from '../compile/listened.ts'

/** Seconds of one look. */
const LOOK = 0.02
/** dBFS below which a telephone line has noise of its own. */
const SILENT = -50
/** Decibels below the loudest looks that still count as speech: the pauses between words are far below. */
const SPEECH = 20
const NOTHING = -100
/** Samples at full level beside each other: one alone may be by chance. */
const CUT = 4

export function decibels(amplitude: number): number {
  return amplitude <= 0 ? NOTHING : Math.max(NOTHING, 20 * Math.log10(amplitude))
}

/** Listens to the samples of one channel, piece by piece. */
export class Meter {
  readonly #rate: number
  readonly #size: number
  /** Mean squares of the looks. */
  readonly #looks: number[] = []
  #sum = 0
  #count = 0
  #peak = 0
  #full = 0
  #clipped = 0

  constructor(rate: number) {
    this.#rate = rate
    this.#size = Math.max(1, Math.round(rate * LOOK))
  }

  take(samples: Float32Array): void {
    for (const sample of samples) {
      const size = Math.abs(sample)
      if (size > this.#peak) this.#peak = size
      this.#full = size >= 0.999 ? this.#full + 1 : 0
      if (this.#full === CUT) this.#clipped += CUT
      else if (this.#full > CUT) this.#clipped++
      this.#sum += sample * sample
      if (++this.#count === this.#size) this.#look()
    }
  }

  levels(): Levels {
    if (this.#count > 0) this.#look()
    const looks = this.#looks.map(square => decibels(Math.sqrt(square)))
    const loudest = Math.max(NOTHING, ...tenths(looks))
    const isHeard = (look: number): boolean => look > SILENT
    const first = looks.findIndex(isHeard)
    const last = looks.findLastIndex(isHeard)
    const spoken = this.#looks.filter((_, index) => (looks[index] as number) > Math.max(SILENT, loudest - SPEECH))
    const level = spoken.length === 0 ? NOTHING : decibels(Math.sqrt(spoken.reduce((sum, square) => sum + square, 0) / spoken.length))
    const round = (value: number): number => Math.round(value * 100) / 100
    return {
      level: round(level), peak: round(decibels(this.#peak)), clipped: Math.round((this.#clipped / this.#rate) * 10_000) / 10_000,
      lead: round((first < 0 ? looks.length : first) * LOOK), tail: round((first < 0 ? 0 : looks.length - 1 - last) * LOOK),
    }
  }

  #look(): void {
    this.#looks.push(this.#sum / this.#count)
    this.#sum = 0
    this.#count = 0
  }
}

/** Every piece's loudest: a list of a million looks is no argument list. */
function tenths(looks: readonly number[]): number[] {
  const most: number[] = []
  for (let from = 0; from < looks.length; from += 1000) most.push(Math.max(...looks.slice(from, from + 1000)))
  return most
}
