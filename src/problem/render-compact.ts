/** One line a problem, in the form that editors and `grep` know. */
import { printable } from './cells.ts'
import { Places } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Problem } from './problem.ts'

/** `file:line:column: severity: message [code]`; nothing at all where nothing was found. */
export function renderCompact({ problems, sources }: Findings): string {
  const places = new Places(sources)
  return problems.map(problem => `${compactLine(problem, places)}\n`).join('')
}

/** One problem, without the end of the line. */
export function compactLine(problem: Problem, places: Places): string {
  const { line, column } = places.range(problem.file, problem.span).start
  return `${printable(problem.file)}:${line}:${column}: ${problem.severity}: ${printable(problem.message)} [${problem.code}]`
}
