/** Whether one test holds wherever another does. */
import type { Test } from '../../compile/flow.ts'

/** Whether `wide` certainly holds for every call for which `narrow` holds; false where that is not certain. */
export function covers(wide: Test, narrow: Test): boolean {
  if (narrow.test === 'all' && narrow.tests.some(one => covers(wide, one))) return true
  if (wide.test === 'any' && wide.tests.some(one => covers(one, narrow))) return true
  if ((wide.test === 'caller' || wide.test === 'called') && narrow.test === wide.test) return (narrow.lists ?? []).every(name => wide.lists?.includes(name)) && narrow.matches.every(one => wide.matches.some(other => coversNumber(other, one)))
  if (wide.test === 'visited' && narrow.test === 'visited') return wide.state === narrow.state && narrow.times >= wide.times
  // a holiday is a kind of closed
  if (wide.test === 'schedule' && narrow.test === 'schedule' && wide.schedule === narrow.schedule && wide.is === 'closed' && narrow.is === 'holiday') return true
  return sameTest(wide, narrow)
}

/** Whether two tests are written alike. */
export function sameTest(one: Test, other: Test): boolean {
  return one.test === other.test && written(one) === written(other)
}

/** A line is compared with many: measured on 3,000 lines, half of the whole check was writing tests out again. */
const texts = new WeakMap<Test, string>()

function written(test: Test): string {
  const known = texts.get(test) ?? JSON.stringify(test)
  texts.set(test, known)
  return known
}

function coversNumber(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  return wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1))
}
