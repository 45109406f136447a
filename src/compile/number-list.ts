/** Sets of numbers and of their beginnings, looked up in a time that does not depend on how many there are. */

/** Plain data, so that a flow can be handed from thread to thread: a set of texts is an object with these as its keys. */
export interface NumberList {
  readonly numbers: Readonly<Record<string, true>>
  /** Beginnings of numbers, without their star. */
  readonly prefixes: Readonly<Record<string, true>>
  /** The lengths of the beginnings, each once. */
  readonly lengths: readonly number[]
}

/** Whether a number, or a beginning of it, is in a list. */
export function isListed(list: NumberList, number: string): boolean {
  return Object.hasOwn(list.numbers, number) || list.lengths.some(length => number.length >= length && Object.hasOwn(list.prefixes, number.slice(0, length)))
}

/** The list that holds these numbers and beginnings. */
export function numberList(entries: readonly string[]): NumberList {
  const numbers = Object.create(null) as Record<string, true>
  const prefixes = Object.create(null) as Record<string, true>
  for (const entry of entries) {
    if (entry.endsWith('*')) prefixes[entry.slice(0, -1)] = true
    else numbers[entry] = true
  }
  return { numbers, prefixes, lengths: [...new Set(Object.keys(prefixes).map(prefix => prefix.length))].sort((a, b) => a - b) }
}
