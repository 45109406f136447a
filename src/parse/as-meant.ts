/** Lines that cannot be read, written so that those below them can be: as long as they were, and with what they say themselves not to be trusted. */
import type { Span } from '../problem/problem.ts'
import { lineAt, lineBefore } from './text-lines.ts'

export interface Meant {
  /** The line that is written anew. */
  readonly line: Span
  readonly text: string
}

/** What a line is meant as; undefined where that cannot be told. */
export function asMeant(text: string, line: Span): Meant | undefined {
  const written = text.slice(line.start, line.end).trimEnd()
  const meant = closed(written) ?? withColon(written)
  return meant === undefined ? belowStates(text, line) : { line, text: meant.padEnd(line.end - line.start) }
}

/** A text whose closing quote is missing, with one in place of its last letter. */
function closed(written: string): string | undefined {
  const quote = /^\s*(?:- )?[\w*#"-]+:\s+(["'])[^"']+$/.exec(written)?.[1]
  return quote === undefined ? undefined : written.slice(0, -1) + quote
}

/** A key of the file without its colon, with one in place of its last letter: it is still taken for that key. */
function withColon(written: string): string | undefined {
  return /^[a-z][a-z_]{3,}$/.test(written) ? `${written.slice(0, -1)}:` : undefined
}

/** Where `states:` is nowhere, it is missing above the first line that is indented: it is written in place of the line above. */
function belowStates(text: string, line: Span): Meant | undefined {
  if (text[line.start] !== ' ' || /^\s*"?states?\b/m.test(text)) return undefined
  const above = lineAt(text, lineBefore(text, line.start))
  return /^[a-z_]+: +[^\s|>&].{4,}$/.test(text.slice(above.start, above.end)) ? { line: above, text: 'states:'.padEnd(above.end - above.start) } : undefined
}
