/** Problems' mends → a text. Outside the edits every character stays as it is. */
import type { Edit, Problem } from '../problem/problem.ts'

export interface Mended {
  readonly text: string
  /** How many problems were mended. */
  readonly count: number
}

/** The text with the mends of its problems: safe ones, or all. Of two that touch each other the first counts; the next round finds the other. */
export function applyFixes(text: string, problems: readonly Problem[], unsafe: boolean): Mended {
  const edits: Edit[] = []
  let count = 0
  for (const { fix } of problems) {
    if (fix === undefined || (!fix.safe && !unsafe)) continue
    const same = fix.edits.every(edit => edits.some(one => isSame(one, edit)))
    if (!same && fix.edits.some(edit => edits.some(one => touch(one, edit)))) continue
    count++
    if (!same) edits.push(...fix.edits)
  }
  const windows = text.includes('\r\n')
  let mended = text
  for (const { span, text: written } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
    mended = mended.slice(0, span.start) + (windows ? written.replace(/\r?\n/g, '\r\n') : written) + mended.slice(span.end)
  }
  return { text: mended, count }
}

function isSame(one: Edit, other: Edit): boolean {
  return one.span.start === other.span.start && one.span.end === other.span.end && one.text === other.text
}

function touch(one: Edit, other: Edit): boolean {
  return one.span.start <= other.span.end && other.span.start <= one.span.end
}
