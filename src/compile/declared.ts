/** Lists, tables and switches of a flow: read before its states, which ask for them by name. */
import type { Context, Found, Plan } from './context.ts'
import type { Flow, State, Template } from './flow.ts'
import { readLists } from './lists.ts'
import { numberList } from './number-list.ts'
import type { NumberList } from './number-list.ts'
import type { Switch } from './switch.ts'
import { readSwitches } from './switches.ts'
import type { Table } from './table.ts'
import { checkNumbers, readTables } from './tables.ts'

/** Reads what the file declares. */
export function readDeclared(context: Context): void {
  const { declared } = context
  for (const [name, entries] of readLists(context)) declared.lists.set(name, entries)
  for (const [name, table] of readTables(context)) declared.tables.set(name, table)
  for (const [name, one] of readSwitches(context)) declared.switches.set(name, one)
}

/** The columns of tables that are looked up and whose names are read anywhere, or kept by a flow that runs this one: what nobody reads need not travel. */
export function columnsRead(context: Context, { taken, unsure }: Plan): Set<string> {
  const read = namesRead(context.document.data)
  const columns = new Set<string>()
  for (const name of looksUp(context.found)) {
    const table = context.declared.tables.get(name)
    if (table === undefined) {
      // its columns may have any name: what reads them is not another mistake
      for (const one of read) (context.unread as Set<string>).add(one)
      for (const one of taken) unsure.add(one)
    }
    for (const column of table?.columns ?? []) if (read.has(column) || taken.has(column)) columns.add(column)
  }
  // a state that could not be read may be one that looks something up
  if (!context.document.whole) for (const { columns: others } of context.declared.tables.values()) for (const one of others) (context.unread as Set<string>).add(one)
  return columns
}

function looksUp(found: readonly Found[]): Set<string> {
  return new Set(found.flatMap(({ data }) => (typeof data?.['lookup'] === 'string' ? [data['lookup']] : [])))
}

/** The names of values that any text of the file reads. */
function namesRead(data: unknown): Set<string> {
  const names = new Set<string>()
  const work: unknown[] = [data]
  for (let one = work.pop(); one !== undefined; one = work.pop()) {
    if (typeof one === 'string') for (const match of one.matchAll(/\{\{\s*([a-z][a-z0-9_-]*)/g)) names.add(match[1] as string)
    else if (typeof one === 'object' && one !== null) work.push(...Object.values(one as Readonly<Record<string, unknown>>))
  }
  return names
}

/** What of it a call needs, of all flows that are linked together. */
export function linkDeclared(contexts: readonly Context[]): Pick<Flow, 'lists' | 'tables' | 'switches'> {
  const lists: Record<string, NumberList> = {}
  const tables: Record<string, Table> = {}
  const switches: Record<string, Switch> = {}
  for (const { prefix, declared } of contexts) {
    for (const [name, entries] of declared.lists) if (declared.listsUsed.has(name)) lists[prefix + name] = numberList(entries)
    for (const [name, { columns, rows }] of declared.tables) if (declared.tablesUsed.has(name)) tables[prefix + name] = { columns, rows }
    // one flip sets them all: that flows mean the same by a name is looked at where all of them are known
    for (const [name, one] of declared.switches) switches[name] ??= one
  }
  return { lists, tables, switches }
}

/** Looks at the tables once all states are known: keys and columns that are used as numbers must be some. */
export function checkDeclared(context: Context, states: readonly State[]): void {
  const { tables, tablesUsed, numberKeys } = context.declared
  const rung = new Set(states.flatMap(numbersOf).flatMap(template => {
    const [part] = template
    return template.length === 1 && typeof part === 'object' && part.from === 'value' && part.filter === undefined ? [part.text] : []
  }))
  for (const [name, table] of tables) {
    if (!tablesUsed.has(name)) continue
    const columns = table.columns.flatMap((column, index) => (rung.has(column) ? [index] : []))
    checkNumbers(table, context, { keys: numberKeys.has(name), columns })
  }
}

/** What of a state is used as numbers. */
function numbersOf(state: State): readonly Template[] {
  if (state.verb === 'connect') return state.numbers
  return state.verb === 'flow' ? state.inputs.flatMap(input => (input.type === 'number' && 'text' in input ? [input.text] : [])) : []
}
