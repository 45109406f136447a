/** The yaml library's errors, said in the words of a person who writes menus. */
import type { Fix, Problem, Span } from '../problem/problem.ts'
import type { Unclosed } from './look.ts'
import { beforeDash, lostColon, oddBegin, oddLine, oddTop } from './odd-lines.ts'
import { contentLine, indentOf, lineEnd, lineStarting, wordAt } from './text-lines.ts'
import { WORDS } from './yaml-words.ts'
import type { Stumble, Words } from './yaml-words.ts'

export interface Mistake {
  readonly problem: Problem
  /** The column that its line should begin in, where that is the mistake. */
  readonly column?: number
  /** Whether lines stand where none of theirs can: the name above them may be missing. */
  readonly astray: boolean
  /** The lines that are at odds with all others around them, where it is they alone. */
  readonly lines?: Span
}

/** The first mistake among the errors of one reading: what comes after it may only follow from it. */
export function firstMistake(file: string, text: string, errors: readonly Stumble[], unclosed: Unclosed | undefined): Mistake | undefined {
  const sorted = errors.filter(error => error.code !== 'MULTIPLE_DOCS').sort((a, b) => a.pos[0] - b.pos[0])
  const first = sorted[0]
  const span = first === undefined ? undefined : offComment(text, visible(text, { start: first.pos[0], end: Math.max(first.pos[1], first.pos[0]) }))
  const at = Math.min(span?.start ?? Infinity, unclosed?.span.start ?? Infinity)
  const colonless = at === Infinity ? undefined : lostColonInBraces(file, text, at)
  if (colonless !== undefined) return { problem: colonless, astray: false }
  if (unclosed !== undefined && (span === undefined || span.start >= unclosed.span.start)) return { problem: { code: 'yaml-syntax', severity: 'error', file, span: unclosed.span, message: unclosed.message, help: unclosed.help }, astray: false }
  if (first === undefined || span === undefined) return undefined
  const top = oddTop(text, span)
  if (top !== undefined) return { problem: { code: 'yaml-syntax', severity: 'error', file, span: top, ...WORDS.BAD_INDENT as Words }, column: 0, astray: false }
  const above = beforeDash(text, span)
  if (above !== undefined) return { problem: { code: 'yaml-syntax', severity: 'error', file, ...above }, astray: false }
  const bare = lostColon(text, first, span)
  if (bare !== undefined) return { problem: { code: 'yaml-syntax', severity: 'error', file, ...bare }, astray: false }
  const begin = oddBegin(text, first, span)
  if (begin !== undefined) return { problem: { code: 'yaml-syntax', severity: 'error', file, span: begin.span, ...WORDS.BAD_INDENT as Words }, astray: begin.astray, lines: begin.lines }
  const line = oddLine(text, first, span)
  return line === undefined ? { problem: explain(file, text, first, span), astray: first.code === 'BAD_INDENT' } : { problem: { code: 'yaml-syntax', severity: 'error', file, span: line.span, ...WORDS.BAD_INDENT as Words }, column: line.column, astray: true }
}

/** One mistake for each line, for a text that is too long to be read once more for each. */
export function allMistakes(file: string, text: string, errors: readonly Stumble[]): Problem[] {
  const lines = new Set<number>()
  // on a line that is told already nothing is looked for: 80,000 mistakes on one of 240,000 characters took 11 s
  let told = 0
  return errors.filter(error => error.code !== 'MULTIPLE_DOCS').sort((a, b) => a.pos[0] - b.pos[0]).flatMap(error => {
    if (error.pos[0] < told) return []
    const span = visible(text, { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) })
    const line = lineStarting(text, span.start)
    if (lines.has(line)) return []
    lines.add(line)
    told = line + text.slice(line, lineEnd(text, line)).trimEnd().length
    return [explain(file, text, error, span)]
  })
}

function explain(file: string, text: string, error: Stumble, span: Span): Problem {
  const lineStart = text.lastIndexOf('\n', span.start - 1) + 1
  const star = /^((?:.*[{,])?\s*)\*\s*:(?=\s)/.exec(text.slice(lineStart, lineStart + 1000))
  if (star !== null && lineStart + (star[1] as string).length <= span.start) {
    const at = { start: lineStart + (star[1] as string).length, end: lineStart + (star[1] as string).length + 1 }
    return {
      code: 'star-key', severity: 'error', file, span: at, message: '`*` without quotes is an alias in YAML, not the star key',
      help: 'write "*": with quotes', fix: { safe: true, edits: [{ span: at, text: '"*"' }] },
    }
  }
  const quote = swallowedComma(text.slice(lineStart, span.start), error.code === 'MISSING_CHAR')
  if (quote !== undefined) {
    return {
      code: 'yaml-syntax', severity: 'error', file, span: { start: lineStart + quote.start, end: lineStart + quote.end },
      message: 'a text in quotes is not closed', help: `add the closing ${text[lineStart + quote.start]}`,
    }
  }
  const code = error.code === 'TAB_AS_INDENT' ? 'tab-indent' : 'yaml-syntax'
  const words = WORDS[error.code] ?? { message: error.message, help: 'put texts in quotes and check the indentation' }
  return { code, severity: 'error', file, span, message: words.message, help: words.help, ...(code === 'tab-indent' ? spacesForTabs(text, lineStart) : {}) }
}

/** `{ connect "{{desk}}", … }`: without its colon the quote is part of a plain text, and the braces in it open maps. */
function lostColonInBraces(file: string, text: string, at: number): Problem | undefined {
  const line = lineStarting(text, at)
  const match = /[{,]\s*(([a-z][a-z0-9_-]*)(\s+)"[^"\n]*[{}[\],][^"\n]*")\s*[,}]/.exec(text.slice(line, Math.min(lineEnd(text, line), line + 1000)))
  if (match === null) return undefined
  const [whole, part = '', word = '', blank = ''] = match
  const start = line + match.index + whole.indexOf(part)
  return {
    code: 'yaml-syntax', severity: 'error', file, span: { start, end: start + part.length },
    message: `a colon and a blank are missing after \`${word}\``, help: `write \`${word}: …\``,
    fix: { safe: false, edits: [{ span: { start: start + word.length, end: start + word.length + blank.length }, text: ': ' }] },
  }
}

/** The text in quotes that took the comma behind it, perhaps with more keys, and the quote that opens the next text, for its own end. */
function swallowedComma(before: string, isList: boolean): Span | undefined {
  const match = (isList ? /(?:^|[[{,:])\s*((["'])[^"']*[^"'\s,])\s*,\s*\2$/.exec(before) : null)
    ?? /[[{,:]\s*((["'])[^"',]*[^"'\s,])\s*,(?:[^"']*,)?\s*[\w-]+:\s*\2$/.exec(before)
    // the bracket that closes behind it is swallowed, too
    ?? /[[{,:]\s*((["'])[^"'{}[\]]*[^"'\s,{}[\]])\s*[}\]][\s}\]]*,\s*(?:[\w-]+:\s*(?:[{[]\s*)?)+\2$/.exec(before)
  if (match === null) return undefined
  const start = match.index + match[0].indexOf(match[1] as string)
  return { start, end: start + (match[1] as string).length }
}

/** The line below, where a span stands on one with nothing but a comment, which is never the mistake. */
function offComment(text: string, span: Span): Span {
  const here = lineStarting(text, span.start)
  const next = text[here + indentOf(text, here)] === '#' ? contentLine(text, here, 1) : undefined
  return next === undefined ? span : wordAt(text, next)
}

/** A span of at least one visible character where there is one, on one line. */
function visible(text: string, span: Span): Span {
  const last = text.trimEnd().length
  let start = Math.min(span.start, Math.max(0, last - 1))
  while (/[ \n\r]/.test(text[start] ?? '') && start < last - 1) start++
  const end = Math.min(Math.max(span.end, start + 1), Math.max(lineEnd(text, start), start + 1))
  return end - start > 1 || lineStarting(text, start) + indentOf(text, lineStarting(text, start)) !== start ? { start, end } : wordAt(text, lineStarting(text, start))
}

/** All lines of the file that tabs indent, indented with spaces: of several problems the mend is one. */
function spacesForTabs(text: string, lineStart: number): { fix?: Fix } {
  if (!/^[ \t]*\t/.test(text.slice(lineStart, lineStart + 200))) return {}
  const unit = /^( {1,8})[^\s#-]/m.exec(text)?.[1] ?? '  '
  const edits = [...text.matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indent }) => ({ span: { start: index, end: index + indent.length }, text: indent.replaceAll('\t', unit) }))
  return { fix: { safe: true, edits } }
}
