/** Edits that change a map where it is written, in braces or over lines, and leave everything else as it is. */
import type { Edit, Span } from '../problem/problem.ts'
import type { Entry, Mapping } from './tree.ts'

/** Whether a map is written in braces. */
export function inBraces(text: string, map: Mapping): boolean {
  return text[map.span.start] === '{'
}

/** The column, from 0, in which something begins. */
export function columnOf(text: string, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1)
}

/** The edit that adds entries, written as `key: value`, behind the last one of a map; undefined where an alias or an empty map over lines leaves no place. */
export function insertInto(text: string, map: Mapping, entries: readonly string[]): Edit | undefined {
  const last = map.entries.at(-1)
  if (last !== undefined && isAlias(last)) return undefined
  if (inBraces(text, map)) {
    if (last === undefined) return { span: { start: map.span.start + 1, end: map.span.start + 1 }, text: ` ${entries.join(', ')} ` }
    const end = endOf(last)
    return { span: { start: end, end }, text: `, ${entries.join(', ')}` }
  }
  if (last === undefined) return undefined
  const end = lineEnd(text, endOf(last))
  const indent = ' '.repeat(columnOf(text, last.key.span.start))
  return { span: { start: end, end }, text: entries.map(entry => `\n${indent}${entry}`).join('') }
}

/** The edits that delete entries of a map, each with its comma or its lines; undefined where nothing would be left. */
export function removeFrom(text: string, map: Mapping, gone: readonly Entry[]): Edit[] | undefined {
  if (gone.length === map.entries.length || gone.some(isAlias)) return undefined
  if (!inBraces(text, map)) return gone.map(entry => ({ span: linesOf(text, entry), text: '' }))
  const edits: Edit[] = []
  for (let at = 0; at < map.entries.length; at++) {
    if (!gone.includes(map.entries[at] as Entry)) continue
    const from = at
    while (gone.includes(map.entries[at + 1] as Entry)) at++
    const before = map.entries[from - 1]
    const after = map.entries[at + 1]
    const span = before === undefined ? { start: (map.entries[from] as Entry).key.span.start, end: (after as Entry).key.span.start } : { start: endOf(before), end: endOf(map.entries[at] as Entry) }
    edits.push({ span, text: '' })
  }
  return edits
}

/** What an alias stands for is written elsewhere: all of it has the alias's own place. */
function isAlias({ key, value }: Entry): boolean {
  return key.span.start === value.span.start && key.span.end === value.span.end
}

/** The offset behind an entry. */
export function endOf({ key, value }: Entry): number {
  return Math.max(key.span.end, value.span.end)
}

/** What an entry looks like in the file; undefined where it takes several lines. */
export function oneLine(text: string, entry: Entry): string | undefined {
  const written = text.slice(entry.key.span.start, endOf(entry))
  return written.includes('\n') ? undefined : written
}

/** The offset of the end of a line, before what ends it. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  if (newline < 0) return text.length
  return text[newline - 1] === '\r' ? newline - 1 : newline
}

function linesOf(text: string, entry: Entry): Span {
  const start = text.lastIndexOf('\n', entry.key.span.start - 1) + 1
  const newline = text.indexOf('\n', endOf(entry))
  return { start, end: newline < 0 ? text.length : newline + 1 }
}
