/** A table in a file of its own: CSV as spreadsheets write it, with commas, semicolons or tabs, whichever the first line has most of. */
import { parse } from 'csv-parse/sync'
import type { CsvError } from 'csv-parse/sync'
import type { Span } from '../problem/problem.ts'
import type { Cell } from './list-text.ts'

const DELIMITERS = [',', ';', '\t']

export interface TableText {
  /** The rows that are not empty, the first one included. */
  readonly rows: readonly (readonly Cell[])[]
  /** Why the rest could not be read, in words, and where; then there are no rows. */
  readonly broken?: { readonly why: string; readonly span: Span }
}

/** The rows of a CSV text. Cells are trimmed; a row of which every cell is empty is none: spreadsheets leave such behind. */
export function parseTable(text: string): TableText {
  const declared = /^sep=(.)\r?\n/i.exec(text)
  const base = declared?.[0].length ?? 0
  const body = text.slice(base)
  const delimiter = declared?.[1] ?? delimiterOf(body)
  const place = unitsOf(body)
  const rows: Cell[][] = []
  let last = 0
  try {
    parse(body, {
      delimiter, relax_column_count: true, skip_empty_lines: true, trim: true,
      cast(value, { index, bytes }) {
        const end = place(bytes)
        const start = Math.min(end, contentAfter(body, last, delimiter, index === 0))
        last = end
        if (index === 0) rows.push([])
        rows.at(-1)?.push({ text: value, span: { start: base + start, end: base + end } })
        return value
      },
    })
  } catch (error) {
    const { code, bytes } = error as CsvError & { readonly bytes?: number }
    const start = contentAfter(body, place(bytes ?? 0), delimiter, false)
    const newline = body.indexOf('\n', start)
    return { rows: [], broken: { why: WHY[code] ?? (error as Error).message, span: { start: base + start, end: base + (newline < 0 ? body.length : newline) } } }
  }
  return { rows: rows.filter(row => row.some(cell => cell.text !== '')) }
}

const WHY: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened here and never closed',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell',
  CSV_INVALID_CLOSING_QUOTE: 'something stands behind a closing quote',
}

function delimiterOf(text: string): string {
  const first = (/^.*\S.*$/m.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '')
  const count = (sign: string): number => first.split(sign).length
  return DELIMITERS.reduce((best, one) => (count(one) > count(best) ? one : best))
}

/** Where a cell begins whose neighbour ended at an offset. */
function contentAfter(text: string, offset: number, delimiter: string, first: boolean): number {
  let at = offset
  if (!first && text[at] === delimiter) at++
  while (at < text.length && /\s/.test(text[at] as string) && text[at] !== delimiter) at++
  return at
}

/** From a place in bytes to one in UTF-16 units; places are asked for in their order. */
function unitsOf(text: string): (bytes: number) => number {
  let unit = 0
  let byte = 0
  return wanted => {
    while (byte < wanted && unit < text.length) {
      const code = text.codePointAt(unit) as number
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
      unit += code < 0x10000 ? 1 : 2
    }
    return unit
  }
}
