/** From one sample rate to another: each new sample is a weighted sum of those around it, without what the new rate cannot hold. */

/** Crossings of the weight's curve on each side: steep enough that nothing folds back loud enough to be heard on a telephone. */
const CROSSINGS = 16
/** Of half the lower rate, what passes: the rest of it is where the curve falls. */
const PASSES = 0.92
/** Places between two samples for which weights are made. */
const FINE = 256

/** Makes samples of one rate from those of another, piece by piece: the same whatever the pieces are. */
export class Resampler {
  readonly #ratio: number
  readonly #reach: number
  readonly #weights: Float32Array
  #held = new Float32Array(0)
  /** The place of the first held sample, and of the next one to be made, in samples of the old rate. */
  #first: number
  #made = 0

  constructor(from: number, to: number) {
    this.#ratio = from / to
    const width = Math.max(1, this.#ratio) / PASSES
    this.#reach = Math.ceil(CROSSINGS * width)
    this.#weights = weightsOf(this.#reach, width)
    this.#first = -this.#reach
    this.#held = new Float32Array(this.#reach)
  }

  /** What can be made with these samples; `last`: nothing follows. */
  take(samples: Float32Array, last = false): Float32Array {
    const held = new Float32Array(this.#held.length + samples.length + (last ? this.#reach + 1 : 0))
    held.set(this.#held)
    held.set(samples, this.#held.length)
    const end = this.#first + held.length
    const stop = last ? end - this.#reach - 1 : end
    const made: number[] = []
    for (;; this.#made++) {
      const place = this.#made * this.#ratio
      const base = Math.floor(place)
      if (last ? place >= stop : base + this.#reach + 1 > stop) break
      made.push(this.#at(held, base - this.#first, Math.round((place - base) * FINE)))
    }
    const keep = Math.max(0, Math.min(held.length, Math.floor(this.#made * this.#ratio) - this.#reach - this.#first))
    this.#held = held.slice(keep)
    this.#first += keep
    return Float32Array.from(made)
  }

  #at(held: Float32Array, base: number, fine: number): number {
    const reach = this.#reach
    let sum = 0
    for (let index = 1 - reach, weight = fine * 2 * reach; index <= reach; index++, weight++) sum += (held[base + index] ?? 0) * (this.#weights[weight] as number)
    return sum
  }
}

/** For each fine place the weights of the samples around it; a Blackman window, and each row sums up to one. */
function weightsOf(reach: number, width: number): Float32Array {
  const weights = new Float32Array((FINE + 1) * 2 * reach)
  for (let fine = 0; fine <= FINE; fine++) {
    let sum = 0
    const row = fine * 2 * reach
    for (let index = 0; index < 2 * reach; index++) {
      const away = index + 1 - reach - fine / FINE
      const turn = (Math.PI * away) / width
      const window = 0.42 + 0.5 * Math.cos((Math.PI * away) / (reach + 1)) + 0.08 * Math.cos((2 * Math.PI * away) / (reach + 1))
      const weight = (turn === 0 ? 1 : Math.sin(turn) / turn) * Math.max(0, window)
      weights[row + index] = weight
      sum += weight
    }
    for (let index = 0; index < 2 * reach; index++) weights[row + index] = (weights[row + index] as number) / sum
  }
  return weights
}
