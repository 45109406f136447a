/** What a check found, as every renderer takes it. */
import { Lines } from './lines.ts'
import type { Problem, Severity, Span } from './problem.ts'

export interface Findings {
  /** In the order in which they are to be shown. */
  readonly problems: readonly Problem[]
  /** The texts of the files that problems and their related places name. */
  readonly sources: ReadonlyMap<string, string>
  /** The files that were checked, those without problems too. */
  readonly checked: { readonly files: readonly string[]; readonly states: number }
}

/** Line and column count from 1, columns in UTF-16 units as editors do; the offset from 0. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

export interface Range {
  readonly start: Position
  readonly end: Position
}

/** The lines of each file of the findings, split once however many problems a file has. */
export class Places {
  readonly #sources: ReadonlyMap<string, string>
  readonly #lines = new Map<string, Lines>()

  constructor(sources: ReadonlyMap<string, string>) {
    this.#sources = sources
  }

  /** The lines of a file; of an empty one where its text is not known, as of a file that cannot be read. */
  lines(file: string): Lines {
    let lines = this.#lines.get(file)
    if (lines === undefined) this.#lines.set(file, lines = new Lines(this.#sources.get(file) ?? ''))
    return lines
  }

  range(file: string, span: Span): Range {
    const lines = this.lines(file)
    return { start: lines.at(span.start), end: lines.at(Math.max(span.start, span.end)) }
  }
}

/** Whether the problem is about the file as a whole: it has no line that could be shown. */
export function isWholeFile(places: Places, file: string, span: Span): boolean {
  return (span.start === 0 && span.end === 0) || places.lines(file).text === ''
}

/** `1 error`, `2 errors`. */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

/** How many problems of each severity there are. */
export function tally(problems: readonly Problem[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 }
  for (const { severity } of problems) counts[severity]++
  return counts
}

/** Everything that a problem says, for formats that have one field of text: one thought a line. */
export function wholeMessage(problem: Problem): string {
  return [problem.message, problem.label, problem.effect, problem.help].filter(part => part !== undefined).join('\n')
}
