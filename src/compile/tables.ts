/** `tables:` → rows by key, from the flow or from files beside it. */
import type { Span } from '../problem/problem.ts'
import type { Path } from '../parse/tree.ts'
import { parseTable } from '../parse/table-text.ts'
import type { Cell } from '../parse/list-text.ts'
import { besideFile, namesUnder, tellIn, tellUnknown } from './beside.ts'
import { placeIn, tell } from './context.ts'
import type { BesideFile, Context, ReadTable, TellCell } from './context.ts'
import { isInput } from './interface.ts'
import { isNumber, numberProblem } from './number-problem.ts'
import { BUILT_IN } from './template.ts'

/** Every table that the file writes and that could be read. */
export function readTables(context: Context): ReadonlyMap<string, ReadTable> {
  const tables = new Map<string, ReadTable>()
  for (const [name, written] of Object.entries(context.document.data.tables ?? {})) {
    const path: Path = ['tables', name]
    if (typeof written['file'] === 'string') {
      const file = besideFile(context, [...path, 'file'], written['file'])
      const table = file === undefined ? undefined : fromFile(context, file)
      if (table !== undefined) tables.set(name, table)
    } else tables.set(name, fromRows(context, path, written as Readonly<Record<string, Readonly<Record<string, string>>>>))
  }
  return tables
}

/** The table of a name; undefined, with a problem told, where there is none. */
export function tableOf(context: Context, path: Path, name: string): ReadTable | undefined {
  const table = context.declared.tables.get(name)
  if (table === undefined && !namesUnder(context, 'tables').includes(name)) tellUnknown(context, path, name, { code: 'unknown-table', key: 'tables', effect: 'nobody would be found in it' })
  context.declared.tablesUsed.add(name)
  return table
}

/** What keys and columns that are used as numbers must be: everything else would find, or ring, nobody. */
export function checkNumbers(table: ReadTable, context: Context, what: { readonly keys: boolean; readonly columns: readonly number[] }): void {
  for (const [key, row] of Object.entries(table.rows)) {
    if (what.keys && !isNumber(key)) tellNumber(context, key, 'no call would ever find this row', table.tellAt(key, -1))
    for (const column of what.columns) {
      const wrong = (row[column] ?? '').split(',').map(one => one.trim()).find(one => one !== '' && !isNumber(one))
      if (wrong !== undefined) tellNumber(context, wrong, 'it would not be rung', table.tellAt(key, column))
    }
  }
}

function tellNumber(context: Context, number: string, effect: string, tellCell: TellCell): void {
  const problem = numberProblem(context, number, effect)
  if (problem === undefined) return
  const { meant: _meant, sure: _sure, ...told } = problem
  tellCell(told)
}

/** Rows of a file may leave columns out: they are empty there. */
function fromRows(context: Context, path: Path, written: Readonly<Record<string, Readonly<Record<string, string>>>>): ReadTable {
  const columns = [...new Set(Object.values(written).flatMap(row => Object.keys(row)))]
  columns.forEach(column => {
    const wrong = columnProblem(context, column)
    const first = Object.entries(written).find(([, row]) => Object.hasOwn(row, column))?.[0] ?? ''
    if (wrong !== undefined) tell(context, [...path, first, column], wrong, 'key')
  })
  const rows = Object.create(null) as Record<string, readonly string[]>
  for (const [key, row] of Object.entries(written)) rows[key.trim()] = columns.map(column => row[column] ?? '')
  return {
    columns, rows,
    tellAt: (key, column) => problem => {
      if (column < 0) tell(context, [...path, key], problem, 'key')
      else tell(context, [...path, key, columns[column] ?? ''], { ...problem, span: placeIn(context, [...path, key, columns[column] ?? '']).value })
    },
  }
}

function columnProblem(context: Context, name: string): { readonly code: string; readonly message: string; readonly help: string } | undefined {
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(name)) return { code: 'bad-name', message: `\`${name}\` cannot be the name of a column`, help: 'it names a value: it begins with a letter from a to z and goes on with small letters, digits, `-` and `_`' }
  if (context.vars.has(name)) return { code: 'bad-name', message: `\`${name}\` is fixed under \`vars:\` and cannot be a column`, help: 'choose another name' }
  if (isInput(context, name)) return { code: 'bad-name', message: `\`${name}\` is given to this flow under \`inputs:\` and cannot be a column`, help: 'choose another name' }
  if (Object.hasOwn(BUILT_IN, name)) return { code: 'reserved-name', message: `\`${name}\` is a value of tonval's own and cannot be a column`, help: 'choose another name' }
  return undefined
}

function fromFile(context: Context, file: BesideFile): ReadTable | undefined {
  const { rows: lines, broken } = parseTable(file.text)
  if (broken !== undefined) {
    tellIn(context, file, broken.span, { code: 'bad-table', message: `this table cannot be read: ${broken.why}`, help: 'put a cell that holds a quote, a comma or a line break in quotes, and write a quote in it twice' })
    return undefined
  }
  const [head, ...body] = lines
  if (head === undefined) {
    tellIn(context, file, { start: 0, end: 0 }, { code: 'bad-table', message: 'this table is empty', help: 'its first line names the columns, the first of which is the key' })
    return undefined
  }
  const columns = readHead(context, file, head)
  const rows = Object.create(null) as Record<string, readonly string[]>
  const places = new Map<string, readonly Cell[]>()
  for (const row of body) readRow(context, file, head.length, row, rows, places)
  return {
    columns, rows,
    tellAt: (key, column) => problem => tellIn(context, file, spanOf(places.get(key)?.[column + 1]), problem),
  }
}

/** A cell's place; where nothing is written in it, the place at which it would stand. */
function spanOf(cell: Cell | undefined): Span {
  return cell?.span ?? { start: 0, end: 0 }
}

/** The names of the columns behind the key. What the key itself is called matters to nobody. */
function readHead(context: Context, file: BesideFile, head: readonly Cell[]): string[] {
  const names = head.slice(1)
  names.forEach(({ text, span }, index) => {
    const before = names.findIndex(one => one.text === text)
    const wrong = columnProblem(context, text)
    if (wrong !== undefined) tellIn(context, file, span, text === '' ? { code: 'bad-name', message: `column ${index + 2} has no name`, help: 'write a name into the first line, or delete the column' } : wrong)
    else if (before < index) {
      tellIn(context, file, span, { code: 'duplicate-key', message: `two columns are named \`${text}\``, help: 'rename one of them', related: [{ file: file.path, span: spanOf(names[before]), message: 'the other one is here' }] })
    }
  })
  return names.map(cell => cell.text)
}

function readRow(context: Context, file: BesideFile, width: number, cells: readonly Cell[], rows: Record<string, readonly string[]>, places: Map<string, readonly Cell[]>): void {
  const [first] = cells
  if (first === undefined) return
  const whole = { start: first.span.start, end: (cells.at(-1) ?? first).span.end }
  if (cells.length !== width) {
    tellIn(context, file, whole, { code: 'bad-table', message: `this row has ${cells.length} cells, and the first line has ${width}`, help: 'put a cell that holds a comma or semicolon in quotes, or fill in the empty ones' })
    return
  }
  if (first.text === '') {
    tellIn(context, file, whole, { code: 'bad-table', message: 'this row has no key', help: 'its first cell is what is looked for: write it, or delete the row' })
    return
  }
  const before = places.get(first.text)?.[0]
  if (before !== undefined) {
    tellIn(context, file, first.span, { code: 'duplicate-key', message: `two rows have the key \`${first.text}\``, effect: 'nobody could say which of them is meant', help: 'delete one of them', related: [{ file: file.path, span: before.span, message: 'the other one is here' }] })
    return
  }
  rows[first.text] = cells.slice(1).map(cell => cell.text)
  places.set(first.text, cells)
}
