/** Problems for people at a terminal: what was found, the line with the place marked, what it means, what to do. */
import { printable, widthOf } from './cells.ts'
import { excerpt } from './excerpt.ts'
import { counted, isWholeFile, Places, tally } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Problem, Severity, Span } from './problem.ts'

export interface PrettyLook {
  readonly color: boolean
  /** Columns of the terminal. */
  readonly width: number
}

/** Where nobody says how wide the output is: a page that fits most logs. */
export const USUAL_WIDTH = 100
const LEAST_WIDTH = 60

type Paint = (style: Severity | 'quiet' | 'strong', text: string) => string

const CODES = { error: '1;31', warning: '1;33', info: '1;36', quiet: '2', strong: '1' }
const plain: Paint = (_, text) => text
const painted: Paint = (style, text) => `\u001b[${CODES[style]}m${text}\u001b[0m`

/** A mark under a line: `^^^^` for the place itself, `----` for what belongs to it. */
interface Mark {
  readonly span: Span
  readonly label: string | undefined
  readonly primary: boolean
}

interface Pen {
  readonly places: Places
  readonly paint: Paint
  readonly width: number
  /** Columns of the line numbers. */
  readonly gutter: number
}

/** Every problem with its frame, a blank line between two, and a line that sums up. */
export function renderPretty(findings: Findings, look: PrettyLook): string {
  return [...renderProblems(findings.problems, findings.sources, look), summary(findings, look.color ? painted : plain)].join('\n\n') + '\n'
}

/** Each problem with its frame; `sources` are the texts of the files by name. */
export function renderProblems(problems: readonly Problem[], sources: ReadonlyMap<string, string>, look: PrettyLook): string[] {
  const places = new Places(sources)
  const paint = look.color ? painted : plain
  const width = Math.max(LEAST_WIDTH, look.width)
  return problems.map(problem => renderOne(problem, places, paint, width))
}

function renderOne(problem: Problem, places: Places, paint: Paint, width: number): string {
  const related = problem.related ?? []
  const spans = [{ file: problem.file, span: problem.span }, ...related]
  const lastLine = Math.max(...spans.map(({ file, span }) => places.range(file, span).start.line))
  const pen: Pen = { places, paint, width, gutter: Math.max(2, String(lastLine).length) }
  const rows = [heading(problem, paint, width), arrow(pen, '-->', problem.file, problem.span)]
  if (!isWholeFile(places, problem.file, problem.span)) rows.push(...frame(pen, problem.file, marksOf(problem, places), problem.severity))
  for (const { file, span, message } of related) {
    if (file === problem.file && rows.length > 2) continue
    if (rows.length > 2) rows.push(bar(pen))
    rows.push(arrow(pen, ':::', file, span))
    if (isWholeFile(places, file, span)) rows.push(note(pen, message))
    else rows.push(...frame(pen, file, [{ span, label: message, primary: false }], problem.severity))
  }
  const notes = [problem.effect, problem.help].filter(text => text !== undefined)
  if (notes.length > 0 && rows.length > 2) rows.push(bar(pen))
  rows.push(...notes.map(text => note(pen, text)))
  return rows.join('\n')
}

/** What was found, and at the right edge the rule's name. */
function heading(problem: Problem, paint: Paint, width: number): string {
  const message = printable(problem.message)
  const used = widthOf(problem.severity) + 2 + widthOf(message)
  const gap = Math.max(2, width - used - problem.code.length)
  return `${paint(problem.severity, `${problem.severity}:`)} ${paint('strong', message)}${' '.repeat(gap)}${paint('quiet', problem.code)}`
}

function arrow(pen: Pen, sign: string, file: string, span: Span): string {
  const { line, column } = pen.places.range(file, span).start
  return `${' '.repeat(pen.gutter)}${pen.paint('quiet', sign)} ${printable(file)}:${line}:${column}`
}

function bar(pen: Pen): string {
  return pen.paint('quiet', `${' '.repeat(pen.gutter)} |`)
}

function note(pen: Pen, text: string): string {
  const lines = text.split('\n').map(printable)
  return `${' '.repeat(pen.gutter)} ${pen.paint('quiet', '=')} ${lines.join(`\n${' '.repeat(pen.gutter + 3)}`)}`
}

/** The place, what it is part of, and related places of the same file: a context on the place's own line is seen anyway. */
function marksOf(problem: Problem, places: Places): Mark[] {
  const lineOf = (span: Span): number => places.range(problem.file, span).start.line
  const marks: Mark[] = [{ span: problem.span, label: problem.label, primary: true }]
  if (problem.context !== undefined && lineOf(problem.context.span) !== lineOf(problem.span)) marks.push({ ...problem.context, primary: false })
  for (const { file, span, message } of problem.related ?? []) if (file === problem.file) marks.push({ span, label: message, primary: false })
  return marks.sort((a, b) => lineOf(a.span) - lineOf(b.span) || Number(b.primary) - Number(a.primary) || a.span.start - b.span.start)
}

/** The marked lines of one file, each once, with its marks below it. */
function frame(pen: Pen, file: string, marks: readonly Mark[], severity: Severity): string[] {
  const rows = [bar(pen)]
  const lines = pen.places.lines(file)
  let shown = 0
  for (const mark of marks) {
    const { start, end } = pen.places.range(file, mark.span)
    const text = lines.line(start.line)
    const stop = end.line === start.line ? end.column - 1 : text.length
    const cut = excerpt(text, start.column - 1, stop, pen.width - pen.gutter - 3)
    if (start.line !== shown) rows.push(`${pen.paint('quiet', `${String(start.line).padStart(pen.gutter)} |`)} ${cut.text}`.trimEnd())
    shown = start.line
    const label = mark.label === undefined ? '' : ` ${printable(mark.label)}`
    const under = `${(mark.primary ? '^' : '-').repeat(cut.length)}${label}`
    rows.push(`${bar(pen)} ${' '.repeat(cut.indent)}${pen.paint(mark.primary ? severity : 'quiet', under)}`)
  }
  return rows
}

function summary({ problems, checked }: Findings, paint: Paint): string {
  const counts = tally(problems)
  const found = (['error', 'warning', 'info'] as const).filter(severity => counts[severity] > 0)
  const states = checked.states === 0 ? '' : ` with ${counted(checked.states, 'state')}`
  const where = `in ${counted(checked.files.length, 'file')}${states}`
  if (found.length === 0) return `no problems ${where}`
  return `${found.map(severity => paint(severity, counted(counts[severity], severity))).join(', ')} ${where}`
}
