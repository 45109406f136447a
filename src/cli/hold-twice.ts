/** Scripted calls held over `step` and over HTTP: both must go the same way. */
import type { Readings } from '../emulator/readings.ts'
import { READING_NAMES, READINGS, turn, turned } from '../emulator/readings.ts'
import type { Problem } from '../problem/problem.ts'
import { callFails, sofar } from '../simulate/hold-calls.ts'
import type { Held } from '../simulate/simulate.ts'
import { openLane } from './hold-over-http.ts'
import type { Lane } from './hold-over-http.ts'

/** One scripted call, held twice. */
export interface Result {
  readonly held: Held
  /** Why it fails: `call-fails` where it leaves its script, `call-differs` where HTTP or another reading of the carrier goes another way. */
  readonly failure?: Problem
  /** Milliseconds over HTTP. */
  readonly took: number
}

/** Servers at a time: a call waits for the network more than for the processor. */
const LANES = 4

/** Holds all calls over HTTP as well; `told` hears of each that is done. */
export async function holdTwice(held: readonly Held[], allReadings: boolean, told: (done: number) => void): Promise<Result[]> {
  const results = new Array<Result>(held.length)
  let next = 0
  let done = 0
  const work = async (): Promise<void> => {
    if (next >= held.length) return
    const lane = await openLane()
    try {
      for (let index = next++; index < held.length; index = next++) {
        results[index] = await holdOne(held[index] as Held, lane, allReadings)
        told(++done)
      }
    } finally {
      await lane.close()
    }
  }
  await Promise.all(Array.from({ length: LANES }, work))
  return results
}

async function holdOne(held: Held, lane: Lane, allReadings: boolean): Promise<Result> {
  const began = performance.now()
  const result = (failure?: Problem): Result => ({ held, took: performance.now() - began, ...(failure === undefined ? {} : { failure }) })
  if (held.departure !== undefined) return result(callFails(held, held.departure))
  const http = await lane.hold(held)
  if (http.findings.length > 0 || !isSame(held.transcript, http.transcript)) return result(differs(held, 'over HTTP', held.transcript, http.transcript, http.findings))
  if (!allReadings) return result()
  for (const { name, says, readings } of otherReadings()) {
    const other = await lane.hold(held, readings)
    const usual = spoken(held.transcript)
    const here = spoken(other.transcript)
    if (!isSame(usual, here)) return result(differs(held, `under the reading \`${name}\`${says}`, usual, here, other.findings))
  }
  return result()
}

function otherReadings(): { readonly name: string; readonly says: string; readonly readings: Readings }[] {
  const alone = READING_NAMES.map(name => ({ name, says: ` (${READINGS[name].asks} ${READINGS[name].other})`, readings: turn(name) }))
  return [...alone, { name: 'all', says: '', readings: turned }]
}

/** What caller and line meet and do, without the carrier's own words for it: those are what a reading may change. */
function spoken(transcript: readonly string[]): string[] {
  return sofar(transcript).map(line => (line === 'line: no-answer' ? 'line: failed' : line))
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.join('\n') === b.join('\n')
}

function differs({ script }: Held, where: string, usual: readonly string[], other: readonly string[], findings: readonly string[]): Problem {
  let same = 0
  while (same < usual.length && usual[same] === other[same]) same++
  const shown = (lines: readonly string[]): string => lines[same] ?? '(nothing more)'
  return {
    code: 'call-differs', severity: 'error', file: script.file, span: script.span,
    message: `the call \`${script.name}\` goes another way ${where}`,
    effect: [`over step ${shown(usual)}`, `here      ${shown(other)}`, ...findings].join('\n'),
    help: `so far:\n${(same === 0 ? ['nothing yet'] : usual.slice(0, same)).map(line => `  ${line}`).join('\n')}`,
  }
}
