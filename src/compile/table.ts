/** Rows by key, found in a time that does not depend on how many there are. */

/** Plain data, so that a flow can be handed from thread to thread. */
export interface Table {
  readonly columns: readonly string[]
  /** Texts in the order of the columns. */
  readonly rows: Readonly<Record<string, readonly string[]>>
}

/** The row of a key. */
export function rowOf(table: Table, key: string): readonly string[] | undefined {
  return Object.hasOwn(table.rows, key) ? table.rows[key] : undefined
}
