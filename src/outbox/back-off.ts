/** When something that did not work is tried again. */

const FIRST = 10_000
const LONGEST = 60 * 60_000

/** Milliseconds after the given attempt, from 1: ten seconds, twice as long each time, an hour at most; a quarter more or less, so that not all come back at once. */
export function backOff(attempt: number, random: () => number, longest = LONGEST): number {
  return Math.round(Math.min(FIRST * 2 ** Math.min(attempt - 1, 20), longest) * (0.75 + random() / 2))
}
