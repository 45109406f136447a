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
  return JSON.stringify(one) === JSON.stringify(other)
}

function coversNumber(wide: string, narrow: string): boolean {
  if (wide === narrow) return true
  return wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1))
}
