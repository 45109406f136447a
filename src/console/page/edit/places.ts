/** Places in a text as the server counts them, and as the editor does: for it every line break is one letter. */
import type { Text } from '@codemirror/state'
import type { JsonProblem } from '../api-shapes.ts'

type Place = JsonProblem['range']['start']

/** How lines end, where all end alike; a text with several kinds is left as it is. */
export function breakOf(text: string): '\n' | '\r\n' {
  return text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\r\n' : '\n'
}

/** The editor's position of a line and a column, both from 1; the nearest where there is no such place. */
export function positionOf(doc: Text, { line, column }: Pick<Place, 'line' | 'column'>): number {
  const { from, length } = doc.line(Math.min(Math.max(1, line), doc.lines))
  return from + Math.min(Math.max(0, column - 1), length)
}

/** The server's offset of an editor's position. */
export function offsetOf(doc: Text, position: number, lineBreak: string): number {
  return position + (doc.lineAt(position).number - 1) * (lineBreak.length - 1)
}

/** The editor's position of a server's offset. */
export function positionAt(doc: Text, offset: number, lineBreak: string): number {
  if (lineBreak.length === 1) return Math.min(offset, doc.length)
  let [low, high] = [0, doc.length]
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2)
    if (offsetOf(doc, middle, lineBreak) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
