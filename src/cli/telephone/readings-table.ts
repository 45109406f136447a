/** One call under every reading of the carrier's open questions: the same or not, and how. */
import type { ReadingRun } from '../../emulator/across-readings.ts'
import { transcript } from '../../emulator/transcript.ts'
import { counted } from '../../problem/findings.ts'

/** Where two calls part: the line, counted from 1, and what stands there in each. */
interface Departure {
  readonly line: number
  readonly cautious: string
  readonly here: string
}

/** What was met and done. How the carrier reports a result is left out: where its word changes nothing, the call is the same. */
function wayOf({ report }: ReadingRun): readonly string[] {
  return transcript(report.trace).filter(line => !line.startsWith('-> '))
}

function departures(runs: readonly ReadingRun[]): readonly (ReadingRun & { readonly parts: Departure | undefined })[] {
  const [first] = runs
  const usual = first === undefined ? [] : wayOf(first)
  return runs.map(run => {
    const here = wayOf(run)
    const line = Array.from({ length: Math.max(usual.length, here.length) }, (_, i) => i).find(i => usual[i] !== here[i])
    return { ...run, parts: line === undefined ? undefined : { line: line + 1, cautious: usual[line] ?? '(nothing more)', here: here[line] ?? '(nothing more)' } }
  })
}

/** A row a reading, then how many differ. */
export function writeReadings(runs: readonly ReadingRun[]): string {
  const width = Math.max(...runs.map(({ name }) => name.length))
  const pad = ' '.repeat(width + 2)
  const rows = departures(runs).map(({ name, says, report, parts }) => {
    const row = `${name.padEnd(width)}  ${parts === undefined ? 'same' : 'differs'}${report.ok ? '' : '; the application failed the call'}\n`
    if (parts === undefined) return row
    return `${row}${says === undefined ? '' : `${pad}${says}\n`}${pad}here:     ${parts.here}\n${pad}cautious: ${parts.cautious} (line ${parts.line})\n`
  })
  const differing = departures(runs).filter(({ parts }) => parts !== undefined).length
  return `${rows.join('')}\n${counted(runs.length, 'reading')}, ${differing === 0 ? 'all the same' : `${differing} ${differing === 1 ? 'differs' : 'differ'} from the cautious one`}\n`
}

/** The same for programs. */
export function readingsJson(runs: readonly ReadingRun[]) {
  return departures(runs).map(({ name, says, report, parts }) => ({
    name, ...(says !== undefined && { says }), differs: parts !== undefined, ok: report.ok, ended: report.ended, ...(parts !== undefined && { departure: parts }),
  }))
}
