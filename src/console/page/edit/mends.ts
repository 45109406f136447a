/** Problems as the editor tells them: where they stand, and what a mend would do. */
import type { JsonProblem } from '../api-shapes.ts'
import type { Words } from '../words.ts'

/** What a mend does, in words. */
export function fixWords({ fix }: JsonProblem, text: string, words: Words): string {
  const [first] = fix?.edits ?? []
  if (first === undefined) return ''
  const short = (part: string): string => { const line = part.trim().replace(/\s+/g, ' '); return line.length > 40 ? `${line.slice(0, 39)}…` : line }
  return words.fixChange(short(text.slice(first.range.start.offset, first.range.end.offset)), short(first.text))
}
