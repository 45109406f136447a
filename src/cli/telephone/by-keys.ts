/** A call without a terminal: the caller follows words, and time is made of numbers. */
import { virtualClock } from '../../emulator/clock.ts'
import { follow } from '../../emulator/moves.ts'
import { cautious } from '../../emulator/readings.ts'
import type { Readings } from '../../emulator/readings.ts'
import { place } from './place.ts'
import type { Asked } from './place.ts'
import type { Outcome } from './summary.ts'

/** Places the call that `--keys` describes, under some reading of the carrier. */
export async function callByKeys(asked: Asked, readings: Readings = cautious): Promise<Outcome> {
  const person = follow(asked.request.keys ?? [])
  const outcome = await place(asked, { person, readings, clock: virtualClock(asked.request.at?.time) })
  return { ...outcome, left: [...person.left], mismatch: person.mismatch }
}
