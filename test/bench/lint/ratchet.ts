/** The percentages that lint has reached: they may rise and not fall. */
import { readFileSync } from 'node:fs'
import { MEASURES } from './score.ts'
import type { Measure, Scores, Tally } from './score.ts'

/** What design asks for. */
export const GOALS: Readonly<Record<Measure, number>> = {
  'reported': 99, 'one problem': 98, 'right rule': 97, 'right range': 98, 'first suggestion': 95, 'both of two': 100, 'valid without error': 100,
}

export const RATCHET = 'test/bench/lint/ratchet.json'

/** Hits in a hundred, rounded down to a tenth, so that a ratchet that was just written holds. */
export function percent({ hits, of }: Tally): number {
  return Math.floor((hits / of) * 1000) / 10
}

export function ratchet(scores: Scores): Record<Measure, number> {
  return Object.fromEntries(MEASURES.map(measure => [measure, percent(scores[measure])])) as Record<Measure, number>
}

export function reached(): Record<Measure, number> {
  return JSON.parse(readFileSync(RATCHET, 'utf8')) as Record<Measure, number>
}
