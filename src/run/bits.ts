/** Small parts of a call in a turn: bits in words that travel in tokens, and in which flow a state stands. */
import type { Flow, Section } from '../compile/flow.ts'

const BITS = 30

/** What is known of a call beside itself, once it is over or recorded. */
export interface Aside {
  /** Values by their names. */
  readonly told: Readonly<Record<string, string>>
  /** The flow that answered speaks, whichever the call has come to. */
  readonly ofFirst: boolean
}

/** The flow whose part of the tables holds a state. */
export function sectionOf({ sections }: Flow, state: number): Section {
  let found = sections[0]
  for (const section of sections) if (section.from <= state) found = section
  return found
}

/** Whether a bit is set in words of 30. */
export function has(words: readonly number[], bit: number): boolean {
  return (((words[Math.floor(bit / BITS)] ?? 0) >> (bit % BITS)) & 1) === 1
}

/** The words with a bit set. */
export function withBit(words: readonly number[], bit: number): number[] {
  const result = [...words]
  const word = Math.floor(bit / BITS)
  while (result.length <= word) result.push(0)
  result[word] = (result[word] as number) | (1 << (bit % BITS))
  return result
}
