import { cautious, READING_NAMES, READINGS, turn, turned, type ReadingName, type Readings } from './readings.ts'
import type { CallReport } from './report.ts'
import { transcript } from './transcript.ts'

/** One call under one choice of readings. */
export interface ReadingRun {
  /** `cautious`, `all`, or the switch that was turned. */
  readonly name: 'cautious' | 'all' | ReadingName
  /** What the switch says, as `ivr's * is ignored`; absent for the presets. */
  readonly says?: string
  readonly readings: Readings
  readonly report: CallReport
  /** Whether the call went another way than under `cautious`. */
  readonly differs: boolean
}

/**
 * The same call under `cautious`, with each switch turned alone, and with all of them turned, in this order. `place`
 * is asked for a whole new call each time, with a new person and a new clock; a few run at a time.
 */
export async function acrossReadings(place: (readings: Readings) => Promise<CallReport>): Promise<ReadingRun[]> {
  const first = await place(cautious)
  const usual = transcript(first.trace).join('\n')
  const runs: ReadingRun[] = [{ name: 'cautious', readings: cautious, report: first, differs: false }]
  const runOne = async (name: ReadingName | 'all'): Promise<ReadingRun> => {
    const readings = name === 'all' ? turned : turn(name)
    const report = await place(readings)
    const says = name === 'all' ? {} : { says: `${READINGS[name].asks} ${READINGS[name].other}` }
    return { name, ...says, readings, report, differs: transcript(report.trace).join('\n') !== usual }
  }
  const names = [...READING_NAMES, 'all'] as const
  const batch = 8
  for (let i = 0; i < names.length; i += batch) runs.push(...(await Promise.all(names.slice(i, i + batch).map(runOne))))
  return runs
}
