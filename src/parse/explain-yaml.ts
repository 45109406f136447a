/** The yaml library's errors, said in the words of a person who writes menus. */
import type { YAMLParseError, YAMLWarning } from 'yaml'
import type { Fix, Problem, Span } from '../problem/problem.ts'
import type { Unclosed } from './look.ts'

type Stumble = YAMLParseError | YAMLWarning

interface Words {
  readonly message: string
  readonly help: string
}

const WORDS: Partial<Record<YAMLParseError['code'], Words>> = {
  BAD_INDENT: { message: 'this line is not indented like its neighbours', help: 'lines of one map begin in the same column; what belongs to a key stands further right than the key' },
  TAB_AS_INDENT: { message: 'a tab stands where only spaces may', help: 'indent with spaces: two for each level' },
  UNEXPECTED_TOKEN: { message: 'YAML did not expect this here', help: 'a text that holds `: `, ` #`, or begins with one of `&*!|>%@{[` needs quotes' },
  MISSING_CHAR: { message: 'something is missing here', help: 'look for a quote, a bracket or a colon that was left out' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a text with a second colon cannot stand here without quotes', help: 'put the text in quotes: `say: "Welcome: press 1"`' },
  MULTILINE_IMPLICIT_KEY: { message: 'this line has no colon, or its colon is missing the space after it', help: 'write `key: value`' },
  BLOCK_IN_FLOW: { message: 'inside braces, entries need commas between them, and lines with a dash cannot stand', help: 'put a comma before each further `key:`, or write the part over several lines, without braces' },
  BAD_DQ_ESCAPE: { message: 'a backslash in double quotes begins an escape that YAML does not know', help: 'use single quotes, or write the backslash twice' },
  BAD_SCALAR_START: { message: 'a text cannot begin with this character', help: 'put the text in quotes' },
  BAD_ALIAS: { message: 'a `*` without quotes is read as an alias, and there is no such anchor', help: 'put it in quotes' },
  BAD_DIRECTIVE: { message: 'a line that begins with % is a YAML directive', help: 'put the text in quotes' },
  BAD_COLLECTION_TYPE: { message: 'this tag does not fit what follows', help: 'delete the tag (the word that begins with !)' },
  TAG_RESOLVE_FAILED: { message: 'tags (words that begin with !) have no meaning in a flow', help: 'delete the tag, or put the text in quotes' },
  MULTIPLE_ANCHORS: { message: 'two anchors stand here', help: 'keep one' },
  MULTIPLE_TAGS: { message: 'two tags stand here', help: 'delete them' },
  BAD_PROP_ORDER: { message: 'an anchor stands in the wrong place', help: 'put it right before its value' },
  ALIAS_PROPS: { message: 'an alias cannot have an anchor or tag of its own', help: 'delete it' },
  KEY_OVER_1024_CHARS: { message: 'a key may be at most 1,024 characters long', help: 'is a quote missing above?' },
}

export interface Mistake {
  readonly problem: Problem
  /** The column that its line should begin in, where that is the mistake. */
  readonly column?: number
  /** Whether lines stand where none of theirs can: the name above them may be missing. */
  readonly astray: boolean
}

/** The first mistake among the errors of one reading: what comes after it may only follow from it. */
export function firstMistake(file: string, text: string, errors: readonly Stumble[], unclosed: Unclosed | undefined): Mistake | undefined {
  const sorted = errors.filter(error => error.code !== 'MULTIPLE_DOCS').sort((a, b) => a.pos[0] - b.pos[0])
  const first = sorted[0]
  const span = first === undefined ? undefined : visible(text, { start: first.pos[0], end: Math.max(first.pos[1], first.pos[0]) })
  const at = Math.min(span?.start ?? Infinity, unclosed?.span.start ?? Infinity)
  const colonless = at === Infinity ? undefined : lostColonInBraces(file, text, at)
  if (colonless !== undefined) return { problem: colonless, astray: false }
  if (unclosed !== undefined && (span === undefined || span.start >= unclosed.span.start)) return { problem: { code: 'yaml-syntax', severity: 'error', file, span: unclosed.span, message: unclosed.message, help: unclosed.help }, astray: false }
  if (first === undefined || span === undefined) return undefined
  const above = beforeDash(text, span)
  if (above !== undefined) return { problem: { code: 'yaml-syntax', severity: 'error', file, ...above }, astray: false }
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

/** YAML stumbles over a dash where the line above it has lost its colon, or those above it their dash. */
function beforeDash(text: string, span: Span): Pick<Problem, 'span' | 'message' | 'help'> | undefined {
  const here = lineStarting(text, span.start)
  const column = indentOf(text, here)
  if (text[here + column] !== '-' || span.start > here + column + 1) return undefined
  let first = here
  let before = contentLine(text, here, -1)
  for (; before !== undefined && indentOf(text, before) > column; before = contentLine(text, before, -1)) {
    const start = before + indentOf(text, before)
    const line = text.slice(start, lineEnd(text, before)).trimEnd()
    if (/^[a-z][a-z0-9_-]*(?::\S+|\s+[^\s:]+)$/.test(line)) return { span: { start, end: start + line.length }, ...WORDS.MULTILINE_IMPLICIT_KEY as Words }
    first = before
  }
  const parent = before === undefined ? '' : text.slice(before, lineEnd(text, before))
  if (first === here || text[first + indentOf(text, first)] === '-' || !/^[^#]*:\s*(?:#.*)?$/.test(parent)) return undefined
  return { span: wordAt(text, first), message: 'this line has no dash, and the lines below it that are of the same list have one', help: 'begin each item of a list with a dash, as in `- when: …`' }
}

/** The line that is indented otherwise than its neighbours, where YAML stumbles over the one above or below it. */
function oddLine(text: string, error: Stumble, span: Span): { readonly span: Span; readonly column: number } | undefined {
  const here = lineStarting(text, span.start)
  if (error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY') {
    // the line below was taken for more of this one's text
    const next = contentLine(text, here, 1)
    const rest = text.slice(span.start, lineEnd(text, here))
    if (next === undefined || /:(\s|$)/.test(rest) || indentOf(text, next) <= indentOf(text, here) || !/^[^:]*:(\s|$)/.test(text.slice(here, span.start))) return undefined
    const column = indentOf(text, next)
    return standsAbove(text, here, column) && belongsAt(text, here, column) ? { span: wordAt(text, here), column } : { span: wordAt(text, next), column: indentOf(text, here) }
  }
  if (span.start !== here + indentOf(text, here)) return undefined
  const above = contentLine(text, here, -1)
  if (above === undefined) return undefined
  const column = indentOf(text, here)
  // this line stands as those do that are above the one above, which then is the odd one
  return indentOf(text, above) < column && standsAbove(text, above, column) && belongsAt(text, above, column) ? { span: wordAt(text, above), column } : undefined
}

/** Whether the lines above one go on in a column, those below them left out. */
function standsAbove(text: string, line: number, column: number): boolean {
  let before = contentLine(text, line, -1)
  while (before !== undefined && indentOf(text, before) > column) before = contentLine(text, before, -1)
  return before !== undefined && indentOf(text, before) === column
}

/** Whether a line may be one of those in a column further right: a state in braces is not, what stands below it has lost its name. */
function belongsAt(text: string, line: number, column: number): boolean {
  const { start, end } = wordAt(text, line)
  // no state stands at the very left
  if (start === line) return true
  if (!/^\s*:\s*\{.*\}\s*(#.*)?$/.test(text.slice(end, lineEnd(text, end)))) return true
  return text.includes(`\n${' '.repeat(column)}${text.slice(start, end)}:`)
}

function lineStarting(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset)
  return newline < 0 ? text.length : newline
}

function indentOf(text: string, line: number): number {
  let at = line
  while (text[at] === ' ') at++
  return at - line
}

/** The next line with something on it, below or above. */
function contentLine(text: string, line: number, step: 1 | -1): number | undefined {
  for (let at = line; ;) {
    if (step === -1 && at === 0) return undefined
    at = step === 1 ? lineEnd(text, at) + 1 : at === 1 ? 0 : lineStarting(text, at - 1)
    if (at >= text.length) return undefined
    const first = text[at + indentOf(text, at)]
    if (first !== undefined && !'#\r\n'.includes(first)) return at
  }
}

/** The first word of a line. */
function wordAt(text: string, line: number): Span {
  const start = line + indentOf(text, line)
  const word = /^("[^"\n]*"|'[^'\n]*'|[^\s:]+)/.exec(text.slice(start, start + 200))?.[0] ?? ' '
  return { start, end: start + word.length }
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
  const quote = error.code === 'MISSING_CHAR' ? swallowedComma(text.slice(lineStart, span.start)) : undefined
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

/** The text in quotes that took the comma behind it, and the quote that opens the next text, for its own end. */
function swallowedComma(before: string): Span | undefined {
  const match = /(?:^|[[{,:])\s*((["'])[^"']*[^"'\s,])\s*,\s*\2$/.exec(before)
  if (match === null) return undefined
  const start = match.index + match[0].indexOf(match[1] as string)
  return { start, end: start + (match[1] as string).length }
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
