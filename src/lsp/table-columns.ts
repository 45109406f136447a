/** Values that stand in no flow: the columns of tables in files of their own. */
import type { Location } from 'vscode-languageserver'
import { parseTable } from '../parse/table-text.ts'
import { Lines } from '../problem/lines.ts'
import { flowView, topLevel, uriBelow } from './scene.ts'
import type { Scene } from './scene.ts'

interface Column {
  readonly name: string
  readonly file: string
  /** Where its name stands in the file's first line. */
  readonly start: number
  readonly end: number
}

/** The columns of the tables that a flow of the scene takes from files, each once. */
export function columnsOf(scene: Scene, flow?: string): readonly Column[] {
  const tables = topLevel(flowView(scene, flow), 'tables')
  if (tables?.kind !== 'map') return []
  return tables.entries.flatMap(({ value: table }): Column[] => {
    const named = table.kind === 'map' ? table.entries.find(entry => entry.key.text === 'file')?.value : undefined
    const file = named?.kind === 'scalar' ? named.text.replace(/^\.\//, '') : ''
    const text = scene.beside?.get(file)?.text ?? ''
    // the first line says which columns there are, in a table of any length
    const head = parseTable(/^(?:sep=.\r?\n)?.*/i.exec(text)?.[0] ?? '').rows[0] ?? []
    return head.slice(1).map(({ text: name, span }) => ({ name, file, ...span }))
  })
}

/** Where the columns of a name stand. */
export function columnPlaces(scene: Scene, name: string, flow: string): Location[] {
  const { folder } = scene
  if (folder === undefined) return []
  return columnsOf(scene, flow).filter(column => column.name === name).map(({ file, start, end }) => {
    const lines = new Lines(scene.beside?.get(file)?.text ?? '')
    const position = (offset: number): { line: number; character: number } => ({ line: lines.at(offset).line - 1, character: lines.at(offset).column - 1 })
    return { uri: uriBelow(folder, file), range: { start: position(start), end: position(end) } }
  })
}
