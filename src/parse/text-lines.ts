/** Lines of a text, and the parts of a file that they stand in. */
import type { Span } from '../problem/problem.ts'

/** The word at the very left that the line of an offset stands below; of such a line its own. */
export function partAt(text: string, offset: number): string {
  for (let at = lineAt(text, offset).start; ; at = lineBefore(text, at)) {
    const word = /^"?([^\s"#:]+)/.exec(text.slice(at, at + 100))?.[1]
    if (word !== undefined || at === 0) return word ?? ''
  }
}

/** The line of an offset, without its end. */
export function lineAt(text: string, offset: number): Span {
  const newline = text.indexOf('\n', offset)
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: newline < 0 ? text.length : newline }
}

/** Where the line above the one that begins here begins. */
export function lineBefore(text: string, start: number): number {
  return start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1
}

/** Where the line of an offset begins. */
export function lineStarting(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where it ends, before its newline. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset)
  return newline < 0 ? text.length : newline
}

/** How many blanks a line begins with. */
export function indentOf(text: string, line: number): number {
  let at = line
  while (text[at] === ' ') at++
  return at - line
}

/** The next line with something on it, below or above. */
export function contentLine(text: string, line: number, step: 1 | -1): number | undefined {
  for (let at = line; ;) {
    if (step === -1 && at === 0) return undefined
    at = step === 1 ? lineEnd(text, at) + 1 : at === 1 ? 0 : lineStarting(text, at - 1)
    if (at >= text.length) return undefined
    const first = text[at + indentOf(text, at)]
    if (first !== undefined && !'#\r\n'.includes(first)) return at
  }
}

/** The first word of a line. */
export function wordAt(text: string, line: number): Span {
  const start = line + indentOf(text, line)
  const word = /^("[^"\n]*"|'[^'\n]*'|[^\s:]+)/.exec(text.slice(start, start + 200))?.[0] ?? ' '
  return { start, end: start + word.length }
}
