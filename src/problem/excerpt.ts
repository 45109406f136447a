/** One line of a file as a frame shows it: cut around the place, with what goes under it. */
import { cellsOf } from './cells.ts'
import type { Cell } from './cells.ts'

export interface Excerpt {
  readonly text: string
  /** Columns before the place, and those that it takes. */
  readonly indent: number
  readonly length: number
}

const CUT = '…'
/** UTF-16 units looked at on either side of the place, so that a line of a megabyte costs no more than a short one. */
const NEAR = 600

/** The line, at most `width` columns of it, and where `start` to `end` (UTF-16 units in the line) stand in what is shown. */
export function excerpt(line: string, start: number, end: number, width: number): Excerpt {
  const first = Math.max(0, start - NEAR)
  const near = line.slice(first, start + NEAR)
  const cells = cellsOf(near)
  const from = cells.findLastIndex(cell => cell.from <= start - first)
  const place = start - first >= near.length ? cells.length : Math.max(0, from)
  const past = cells.findIndex((cell, index) => index > place && cell.from >= end - first)
  const stop = Math.max(place + 1, past < 0 ? cells.length : past)
  const whole = first === 0 && near.length === line.length
  if (whole && columns(cells, 0, cells.length) <= width) return framed(cells, 0, cells.length, place, stop, '', '')

  // the whole beginning where the place fits into it, else a third of the room before the place
  const room = width - 2
  let left = 0
  if (first > 0 || columns(cells, 0, stop) > room) {
    left = place
    while (left > 0 && columns(cells, left - 1, place) <= room / 3) left--
  }
  let right = left
  while (right < cells.length && columns(cells, left, right + 1) <= room) right++
  const atEnd = right === cells.length && first + near.length === line.length
  return framed(cells, left, right, place, Math.min(stop, Math.max(right, place + 1)), left > 0 || first > 0 ? CUT : '', atEnd ? '' : CUT)
}

function framed(cells: readonly Cell[], left: number, right: number, place: number, stop: number, before: string, after: string): Excerpt {
  const text = before + cells.slice(left, right).map(cell => cell.shown).join('') + after
  return { text: text.trimEnd(), indent: before.length + columns(cells, left, place), length: Math.max(1, columns(cells, place, stop)) }
}

function columns(cells: readonly Cell[], from: number, to: number): number {
  let sum = 0
  for (let index = from; index < to; index++) sum += cells[index]?.width ?? 0
  return sum
}
