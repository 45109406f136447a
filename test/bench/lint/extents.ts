/** How far an entry of a map reaches in the text: its lines, or its part of a line with its comma. */
import type { Entry, Mapping } from '../../../src/parse/tree.ts'
import type { Span } from '../../../src/problem/problem.ts'
import { lineOf } from './base.ts'

export function isFlow(text: string, { span }: { readonly span: Span }): boolean {
  return '{['.includes(text[span.start] as string)
}

/** Whether the key begins its line. */
export function beginsLine(text: string, key: Span): boolean {
  return text.slice(lineOf(text, key.start).start, key.start).trim() === ''
}

export function indentOf(text: string, key: Span): number {
  return key.start - lineOf(text, key.start).start
}

/** All of an entry: with its line end in a block, with one comma in braces. Undefined where it shares its line with a dash. */
export function extentOf(text: string, map: Mapping, entry: Entry): Span | undefined {
  const end = Math.max(entry.key.span.end, entry.value.span.end)
  if (!isFlow(text, map)) return beginsLine(text, entry.key.span) ? { start: lineOf(text, entry.key.span.start).start, end: lineOf(text, Math.max(end - 1, entry.key.span.start)).end } : undefined
  const after = /^\s*,\s*/.exec(text.slice(end))
  if (after !== null) return { start: entry.key.span.start, end: end + after[0].length }
  const before = /\s*,\s*$/.exec(text.slice(0, entry.key.span.start))
  return before === null ? { start: entry.key.span.start, end } : { start: entry.key.span.start - before[0].length, end }
}
