/** The form for programs: stable, grows only with a new `version`. */
import { Places } from './findings.ts'
import type { Findings, Range } from './findings.ts'
import type { Problem, Severity } from './problem.ts'

export interface JsonReport {
  readonly version: 1
  readonly checked: { readonly files: number; readonly states: number }
  readonly problems: readonly JsonProblem[]
}

export interface JsonProblem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly file: string
  readonly range: Range
  /** Absent where there is nothing to advise. */
  readonly help?: string
  readonly related: readonly { readonly file: string; readonly range: Range; readonly message: string }[]
  /** Absent where tonval cannot mend it; the edits are of the problem's own file. */
  readonly fix?: { readonly safe: boolean; readonly edits: readonly { readonly range: Range; readonly text: string }[] }
}

/** The problems as one line of JSON. */
export function renderJson(findings: Findings): string {
  const places = new Places(findings.sources)
  const { files, states } = findings.checked
  const report: JsonReport = { version: 1, checked: { files: files.length, states }, problems: findings.problems.map(problem => jsonProblem(problem, places)) }
  return JSON.stringify(report) + '\n'
}

/** One problem in that form. */
export function jsonProblem({ code, severity, message, file, span, help, related, fix }: Problem, places: Places): JsonProblem {
  return {
    code, severity, message, file, range: places.range(file, span),
    ...(help === undefined ? {} : { help }),
    related: (related ?? []).map(other => ({ file: other.file, range: places.range(other.file, other.span), message: other.message })),
    ...(fix === undefined ? {} : { fix: { safe: fix.safe, edits: fix.edits.map(edit => ({ range: places.range(file, edit.span), text: edit.text })) } }),
  }
}
