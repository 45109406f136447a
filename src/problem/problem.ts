/** What an author is told about one place in one file: values, never thrown. */

export type Severity = 'error' | 'warning' | 'info'

/** Half-open range of UTF-16 offsets into the file's text, counted from 0. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A second place that belongs to the problem: the other definition, the state it stands in. */
export interface Related {
  readonly file: string
  readonly span: Span
  readonly message: string
}

export interface Edit {
  readonly span: Span
  readonly text: string
}

/** A mend. `safe`: the compiled flow is the same before and after. */
export interface Fix {
  readonly safe: boolean
  readonly edits: readonly Edit[]
}

export interface Problem {
  /** The rule's kebab-case name; never reused. */
  readonly code: string
  readonly severity: Severity
  /** What was found, in one line. */
  readonly message: string
  readonly file: string
  readonly span: Span
  /** Stands under the source line, beside the caret. */
  readonly label?: string
  /** The thing that the place is part of, such as the state: shown above the line. */
  readonly context?: { readonly span: Span; readonly label: string }
  /** What it means for a caller. */
  readonly effect?: string
  /** What to do about it. */
  readonly help?: string
  readonly related?: readonly Related[]
  readonly fix?: Fix
}

/** Takes a problem; leaf functions are handed one and do not know who collects. */
export type Report = (problem: Problem) => void

const RANK: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/** The one order of problems: by file, place, severity, then code. */
export function compareProblems(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  if (a.span.start !== b.span.start) return a.span.start - b.span.start
  if (a.severity !== b.severity) return RANK[a.severity] - RANK[b.severity]
  if (a.code !== b.code) return a.code < b.code ? -1 : 1
  return a.span.end - b.span.end
}
