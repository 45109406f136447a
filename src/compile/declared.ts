/** Lists, tables and switches of a flow: read before its states, which ask for them by name. */
import type { FlowData } from '../validate/document.ts'
import type { Context, Found } from './context.ts'
import type { ConnectState, State } from './flow.ts'
import { readLists } from './lists.ts'
import { numberList } from './number-list.ts'
import type { NumberList } from './number-list.ts'
import type { Switch } from './switch.ts'
import { readSwitches } from './switches.ts'
import type { Table } from './table.ts'
import { checkNumbers, readTables } from './tables.ts'

/** Reads what the file declares. Columns of tables that are looked up, and whose names are read anywhere, become values: what nobody reads need not travel. */
export function readDeclared(context: Context, data: FlowData): void {
  const { declared } = context
  for (const [name, entries] of readLists(context)) declared.lists.set(name, entries)
  for (const [name, table] of readTables(context)) declared.tables.set(name, table)
  for (const [name, one] of readSwitches(context)) declared.switches.set(name, one)
  const read = namesRead(data)
  const values = context.values as Map<string, number>
  for (const name of looksUp(context.found)) {
    const table = declared.tables.get(name)
    // the columns of a table that could not be read may have any name: what reads them is not another mistake
    if (table === undefined) for (const one of read) (context.unread as Set<string>).add(one)
    for (const column of table?.columns ?? []) if (read.has(column) && !values.has(column)) values.set(column, values.size)
  }
}

function looksUp(found: readonly Found[]): Set<string> {
  return new Set(found.flatMap(({ data }) => (typeof data?.['lookup'] === 'string' ? [data['lookup']] : [])))
}

/** The names of values that any text of the file reads, or that another flow may take from this one. */
function namesRead(data: unknown): Set<string> {
  const names = new Set<string>()
  const work: unknown[] = [data]
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (typeof one === 'string') for (const match of one.matchAll(/\{\{\s*([a-z][a-z0-9_-]*)/g)) names.add(match[1] as string)
    else if (typeof one === 'object' && one !== null) work.push(...Object.values(one as Readonly<Record<string, unknown>>))
  }
  return names
}

/** What of it a call needs. */
export function linkDeclared({ declared }: Context): { readonly lists: Readonly<Record<string, NumberList>>; readonly tables: Readonly<Record<string, Table>>; readonly switches: Readonly<Record<string, Switch>> } {
  const used = <T, U>(all: ReadonlyMap<string, T>, keep: (name: string) => boolean, make: (one: T) => U): Record<string, U> => Object.fromEntries([...all].filter(([name]) => keep(name)).map(([name, one]) => [name, make(one)]))
  return {
    lists: used(declared.lists, name => declared.listsUsed.has(name), numberList),
    tables: used(declared.tables, name => declared.tablesUsed.has(name), ({ columns, rows }) => ({ columns, rows })),
    switches: used(declared.switches, () => true, one => one),
  }
}

/** Looks at the tables once all states are known: keys and columns that are used as numbers must be some. */
export function checkDeclared(context: Context, states: readonly State[]): void {
  const { tables, tablesUsed, numberKeys } = context.declared
  const rung = new Set(states.filter((state): state is ConnectState => state.verb === 'connect').flatMap(state => state.numbers.flatMap(template => {
    const [part] = template
    return template.length === 1 && typeof part === 'object' && part.from === 'value' && part.filter === undefined ? [part.text] : []
  })))
  for (const [name, table] of tables) {
    if (!tablesUsed.has(name)) continue
    const columns = table.columns.flatMap((column, index) => (rung.has(column) ? [index] : []))
    checkNumbers(table, context, { keys: numberKeys.has(name), columns })
  }
}
