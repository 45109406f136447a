/** The values of a call: kept, forgotten, and never more than fit into its addresses. */
import type { Section } from '../compile/flow.ts'

/** Bytes that all values of a call hold at most: they travel in its addresses. */
export const MOST_VALUE_BYTES = 1024

/** Something of ours broke; the call goes to `on_error`. */
export class Broken extends Error {}

/** A value and its place. */
export type Kept = readonly [index: number, text: string]

/** Values with others beside them. Throws where all of them would hold too much. */
export function kept(before: readonly string[], added: readonly Kept[]): string[] {
  const values = [...before]
  for (const [index, text] of added) {
    while (values.length <= index) values.push('')
    // control characters separate the fields of a token, and no lone surrogate survives UTF-8
    values[index] = text.replace(/[\u0000-\u001f\u007f]/g, ' ').toWellFormed()
  }
  let bytes = 0
  for (const value of values) bytes += Buffer.byteLength(value)
  if (bytes > MOST_VALUE_BYTES) throw new Broken(`the values of this call would hold ${bytes} bytes, ${MOST_VALUE_BYTES} are possible`)
  return values
}

/** Values without those of one flow. */
export function without(values: readonly string[], { values: { from, count } }: Section): readonly string[] {
  return values.length <= from || count === 0 ? values : values.map((value, index) => (index >= from && index < from + count ? '' : value))
}
