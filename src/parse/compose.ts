/**
 * Text → what YAML reads in it, beyond mistakes: a line that cannot be read is left out, with the state or key that it
 * stands in, and the rest is read again. So a broken line hides no mistake elsewhere in the file.
 */
import { Composer, LineCounter, Parser } from 'yaml'
import type { Document, ParsedNode } from 'yaml'
import type { Problem, Report, Span } from '../problem/problem.ts'
import { MAX_DEPTH } from './check-text.ts'
import { allMistakes, firstMistake } from './explain-yaml.ts'
import { look } from './look.ts'
import { asMeant } from './as-meant.ts'
import { lineAt, lineBefore, partAt } from './text-lines.ts'

/** Characters that may be read for one file, all readings together: large files full of mistakes must not take minutes. */
const MOST_READ = 400_000

/** YAML 1.2 in which every scalar is the text in the file. */
export function composer(): Composer {
  return new Composer({ version: '1.2', schema: 'failsafe', uniqueKeys: false, keepSourceTokens: false, prettyErrors: false })
}

export interface Composed {
  readonly documents: readonly Document.Parsed<ParsedNode>[]
  /** The text that was read at last: as long as the file's, blanks in place of what was left out. */
  readonly text: string
  /** The parts of the file that nothing can be said of. */
  readonly unread: Span[]
  /** The parts of the file in which lines stood where none of theirs could: see Tree. */
  readonly astray: readonly string[]
}

/** All that can be read of a text; undefined where that is nothing. Mistakes are reported once each. */
export function compose(file: string, text: string, report: Report): Composed | undefined {
  let rest = text
  const unread: Span[] = []
  const astray: string[] = []
  let hadTabs = false
  for (let read = text.length; ; read += text.length) {
    const tokens = [...new Parser(new LineCounter().addNewLine).parse(rest)]
    const { tooDeep, unclosed } = look(tokens)
    if (tooDeep !== undefined) {
      report({
        code: 'too-large', severity: 'error', file, span: { start: tooDeep, end: tooDeep + 1 },
        message: `this is nested more than ${MAX_DEPTH} levels deep`,
        help: 'give the inner states names of their own under `states:`',
      })
      return undefined
    }
    const documents = withoutStacks(() => [...composer().compose(tokens, true, text.length)])
    // warnings too: a tag or a directive that YAML drops is a text that somebody forgot to quote
    const errors = documents.flatMap(one => [...one.errors, ...one.warnings])
    const mistake = firstMistake(file, rest, errors, unclosed)
    if (mistake === undefined) return { documents, text: rest, unread, astray }
    // what else is amiss may come from the width that a tab was taken for
    if (hadTabs) return undefined
    const { span } = mistake.problem
    const isNew = (problem: Problem): boolean => !unread.some(one => problem.span.start >= one.start && problem.span.start < one.end)
    if (isNew(mistake.problem)) report(mistake.problem)
    if (mistake.problem.code === 'tab-indent') {
      // whoever indents one line with tabs does so with all of them: that is one mistake, with one mend
      hadTabs = true
      rest = rest.replace(/^[ \t]*\t[ \t]*/gm, indent => ' '.repeat(indent.length))
      continue
    }
    if (read + text.length > MOST_READ) {
      if (unclosed === undefined) allMistakes(file, rest, errors).filter(one => one.span.start !== span.start && isNew(one)).forEach(report)
      return undefined
    }
    const line = lineAt(rest, span.start)
    // a mistake on a line that is left out already: where it is cannot be told
    if (rest.slice(line.start, line.end).trim() === '') return undefined
    const meant = mistake.problem.code === 'yaml-syntax' ? asMeant(rest, line) : undefined
    const alone = mistake.lines !== undefined || meant !== undefined || isOption(text, line)
    if (mistake.astray && !isOption(text, line) && meant === undefined) astray.push(partAt(text, line.start))
    const lines = meant?.line ?? mistake.lines ?? line
    unread.push(alone ? lines : blockAt(text, line, mistake.column))
    rest = rest.slice(0, lines.start) + (meant?.text ?? rest.slice(lines.start, lines.end).replace(/[^\n\r]/g, ' ')) + rest.slice(lines.end)
  }
}

/** The library makes an error of every mistake, with a stack that nobody sees: for 200,000 mistakes that took half of the time. */
function withoutStacks<T>(run: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/**
 * What a line that cannot be read spoils: the state or key of the file that it stands in, and where it begins one, the
 * one above it too, which YAML takes the lines below it for.
 */
export function blockAt(text: string, line: Span, column?: number): Span {
  const level = Math.min(column ?? 50, entryIndent(text, line.start, column))
  const begins = (offset: number): boolean => {
    const indent = indentAt(text, offset)
    return indent !== undefined && indent <= level
  }
  let start = line.start
  for (let at = line.start; at > 0;) {
    at = lineBefore(text, at)
    start = at
    if (begins(at)) break
  }
  // a key that has nothing left below it
  const before = lineAt(text, Math.max(0, start - 1))
  if (before.start < start && /^\s*[^\s#].*:\s*$/.test(text.slice(before.start, before.end)) && before.end < line.start) start = before.start
  let end = text.length
  for (let at = text.indexOf('\n', line.start) + 1; at > 0 && at < text.length; at = text.indexOf('\n', at) + 1) {
    if (!begins(at)) continue
    end = at
    break
  }
  return { start, end }
}

/**
 * Whether a line is one option or edge among others, which lacks its key, its colon or the blank after it, or stands in
 * another column than they do: it spoils nothing but itself.
 */
export function isOption(text: string, line: Span): boolean {
  const own = indentAt(text, line.start)
  if (own === undefined) return false
  let above: number | undefined
  let at = line.start
  while (at > 0 && above === undefined) {
    at = lineBefore(text, at)
    above = indentAt(text, at)
  }
  let next: number | undefined
  for (let below = text.indexOf('\n', line.start) + 1; below > 0 && below < text.length && next === undefined; below = text.indexOf('\n', below) + 1) next = indentAt(text, below)
  // a key of the file with nothing below it
  if (own === 0 && next === 0) return true
  if (own === 0 || above === undefined || (next ?? 0) > Math.max(own, above)) return false
  const written = text.slice(line.start, line.end)
  const names = entryIndent(text, line.start, undefined)
  if (above === own) return /^ +(?:[a-z][a-z0-9_-]*(?::[^\s:]\S*| +[^\s:#{["]+)|: +\S.*?)(?: +#.*)?$/.test(written)
  // further left stand names, which others lead to
  return own > names && above > names && Math.abs(above - own) <= 2 && /^ +"?[a-z0-9#*_-]+"?: +[^\s|>&].*$/.test(written) && !/:\s*(?:#.*)?$/.test(text.slice(at, text.indexOf('\n', at)))
}

/** The column of the entries that stand around a line: of the states, where it is in one. */
function entryIndent(text: string, from: number, column: number | undefined): number {
  const own = column ?? indentAt(text, from)
  if (own === 0) return 0
  let first: number | undefined
  for (let at = from; at > 0;) {
    at = lineBefore(text, at)
    const indent = indentAt(text, at)
    if (indent === 0) break
    if (indent !== undefined) first = indent
  }
  return first ?? own ?? 0
}

/** How far a line is indented; undefined for one without content. */
function indentAt(text: string, line: number): number | undefined {
  let at = line
  while (text[at] === ' ') at++
  return at >= text.length || '#\r\n'.includes(text[at] as string) ? undefined : at - line
}
