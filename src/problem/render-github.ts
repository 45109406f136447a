/** Workflow commands: GitHub shows them as annotations beside the changed lines. */
import { compactLine } from './render-compact.ts'
import { isWholeFile, Places, wholeMessage } from './findings.ts'
import type { Findings } from './findings.ts'
import { compareProblems } from './problem.ts'
import type { Problem, Severity } from './problem.ts'

/** GitHub keeps at most this many annotations of a kind per step and drops the rest silently. */
const MOST = 10
const KINDS: readonly (readonly [Severity, string])[] = [['error', 'error'], ['warning', 'warning'], ['info', 'notice']]

/** Errors first, then warnings, then notices, ten of each; what is over stands in the log as plain lines. */
export function renderGithub(findings: Findings): string {
  const places = new Places(findings.sources)
  const rows: string[] = []
  const over: Problem[] = []
  for (const [severity, kind] of KINDS) {
    const problems = findings.problems.filter(problem => problem.severity === severity).sort(compareProblems)
    rows.push(...problems.slice(0, MOST).map(problem => annotation(kind, problem, places)))
    over.push(...problems.slice(MOST))
  }
  if (over.length > 0) rows.push(`${over.length} more, for which GitHub shows no annotation:`, ...over.map(problem => compactLine(problem, places)))
  return rows.map(row => `${row}\n`).join('')
}

function annotation(kind: string, problem: Problem, places: Places): string {
  const { start, end } = places.range(problem.file, problem.span)
  const properties: [string, string | number][] = [['file', problem.file.replaceAll('\\', '/')]]
  if (!isWholeFile(places, problem.file, problem.span)) {
    properties.push(['line', start.line], ['endLine', end.line])
    // columns are taken only within one line
    if (end.line === start.line) properties.push(['col', start.column], ['endColumn', end.column])
  }
  properties.push(['title', problem.code])
  return `::${kind} ${properties.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')}::${escapeData(wholeMessage(problem))}`
}

// https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
