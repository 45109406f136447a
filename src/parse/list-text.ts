/** A list in a file of its own: one thing a line, `#` begins a comment. */
import type { Span } from '../problem/problem.ts'

/** What stands in a line or a cell, and where. */
export interface Cell {
  readonly text: string
  readonly span: Span
}

/** The lines that say something, without comments and the space around them. */
export function parseList(text: string): Cell[] {
  const cells: Cell[] = []
  let start = 0
  for (const line of text.split('\n')) {
    const said = line.replace(/#.*/s, '')
    const word = said.trim()
    const at = start + (said.length - said.trimStart().length)
    if (word !== '') cells.push({ text: word, span: { start: at, end: at + word.length } })
    start += line.length + 1
  }
  return cells
}
