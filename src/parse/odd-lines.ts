/** Lines at odds with their neighbours: YAML mostly stumbles over another line than the one that is wrong. */
import type { Problem, Span } from '../problem/problem.ts'
import { contentLine, indentOf, lineEnd, lineStarting, wordAt } from './text-lines.ts'
import { WORDS } from './yaml-words.ts'
import type { Stumble, Words } from './yaml-words.ts'

/** The first line of the file, where it is indented and the one that YAML stumbles over is not. */
export function oddTop(text: string, span: Span): Span | undefined {
  const here = lineStarting(text, span.start)
  if (here === 0 || indentOf(text, here) > 0) return undefined
  const start = text[indentOf(text, 0)]
  const first = start !== undefined && !'#\r\n'.includes(start) ? 0 : contentLine(text, 0, 1)
  return first === undefined || first >= here || indentOf(text, first) === 0 ? undefined : wordAt(text, first)
}

/** YAML stumbles over a dash where the line above it has lost its colon, or those above it their dash. */
export function beforeDash(text: string, span: Span): Pick<Problem, 'span' | 'message' | 'help'> | undefined {
  const here = lineStarting(text, span.start)
  const column = indentOf(text, here)
  if (text[here + column] !== '-' || span.start > here + column + 1) return undefined
  let first = here
  let before = contentLine(text, here, -1)
  for (; before !== undefined && indentOf(text, before) > column; before = contentLine(text, before, -1)) {
    const found = withoutColon(text, before)
    if (found !== undefined) return found
    first = before
  }
  const parent = before === undefined ? '' : text.slice(before, lineEnd(text, before))
  if (first === here || text[first + indentOf(text, first)] === '-' || !/^[^#]*:\s*(?:#.*)?$/.test(parent)) return undefined
  return { span: wordAt(text, first), message: 'this line has no dash, and the lines below it that are of the same list have one', help: 'begin each item of a list with a dash, as in `- when: …`' }
}

/** The line that lacks its colon, where YAML stumbles over it or over the one below. */
export function lostColon(text: string, error: Stumble, span: Span): Pick<Problem, 'span' | 'message' | 'help'> | undefined {
  const here = lineStarting(text, span.start)
  if (error.code === 'MISSING_CHAR' || error.code === 'MULTILINE_IMPLICIT_KEY') return withoutColon(text, here)
  const above = error.code === 'BAD_INDENT' ? contentLine(text, here, -1) : undefined
  return above !== undefined && indentOf(text, above) === indentOf(text, here) ? withoutColon(text, above) : undefined
}

/** A line that is a key and its value without a colon, or without the blank behind it. */
function withoutColon(text: string, line: number): Pick<Problem, 'span' | 'message' | 'help'> | undefined {
  const start = line + indentOf(text, line)
  const written = text.slice(start, lineEnd(text, line)).replace(/\s#.*$/, '').trimEnd()
  return /^[a-z][a-z0-9_-]*(?::\S+|\s+(?:[^\s:]+|"[^"]*"|\[[^\]]*\]))$/.test(written) ? { span: { start, end: start + written.length }, ...WORDS.MULTILINE_IMPLICIT_KEY as Words } : undefined
}

/** The lines below a key that are indented otherwise than all that follow them there. */
export function oddBegin(text: string, error: Stumble, span: Span): { readonly span: Span; readonly lines: Span; readonly astray: boolean } | undefined {
  const stumbled = lineStarting(text, span.start)
  const isAbove = error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'MULTILINE_IMPLICIT_KEY'
  const here = isAbove ? contentLine(text, stumbled, 1) : stumbled
  if (here === undefined) return undefined
  const column = indentOf(text, here)
  // those further right, up to the key that they belong to
  let first = contentLine(text, here, -1)
  let above = first
  while (above !== undefined && indentOf(text, above) > column) {
    first = above
    above = contentLine(text, above, -1)
  }
  if (first === undefined || above === undefined || !goesOn(text, here, column) || !isEntry(text, first)) return undefined
  if (first !== above) {
    if (indentOf(text, above) >= column || !opens(text, above)) return undefined
    const word = wordAt(text, first)
    return { span: word, lines: { start: first, end: lineEnd(text, contentLine(text, here, -1) as number) }, astray: indentOf(text, above) === 0 && !isNamed(text, word) }
  }
  // one line further left, complete, between the key and lines that all stand further right
  const key = contentLine(text, first, -1)
  if (key === undefined || indentOf(text, first) >= column || opens(text, first) || !opens(text, key) || indentOf(text, key) > indentOf(text, first)) return undefined
  return { span: wordAt(text, first), lines: { start: first, end: lineEnd(text, first) }, astray: false }
}

/** Whether the lines below one go on in a column, those further right left out. */
function goesOn(text: string, line: number, column: number): boolean {
  let next = contentLine(text, line, 1)
  while (next !== undefined && indentOf(text, next) > column) next = contentLine(text, next, 1)
  return next !== undefined && indentOf(text, next) === column
}

/** Whether a line is a key with its colon. */
function isEntry(text: string, line: number): boolean {
  return /^\s*(?:"[^"]*"|[^\s:"]+):(?:\s|$)/.test(text.slice(line, lineEnd(text, line)))
}

/** Whether what belongs to a line's key stands below it. */
function opens(text: string, line: number): boolean {
  return /^[^#]*:\s*(?:#.*)?$/.test(text.slice(line, lineEnd(text, line)))
}

/** Whether a word is used as a name somewhere. */
function isNamed(text: string, { start, end }: Span): boolean {
  const word = text.slice(start, end)
  return /^[a-z][a-z0-9_-]*$/.test(word) && new RegExp(`[:,[-] *"?${word}"? *(?:[,}\\]#]|$)`, 'm').test(text)
}

/** The line that is indented otherwise than its neighbours, where YAML stumbles over the one above or below it. */
export function oddLine(text: string, error: Stumble, span: Span): { readonly span: Span; readonly column: number } | undefined {
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
