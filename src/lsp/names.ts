/** The names that a flow gives, for offers and explanations. */
import { flowView, occurrencesOf } from './scene.ts'
import type { Scene } from './scene.ts'
import type { Kind } from './occurrences.ts'
import { columnsOf } from './table-columns.ts'

/** The names of a kind that a flow defines, each once, in the order of its file, and the columns of its tables; of the scene's flow where none is named. */
export function namesOf(scene: Scene, kind: Kind, flow?: string): readonly string[] {
  const view = flowView(scene, flow)
  if (view === undefined) return []
  const columns = kind === 'value' ? columnsOf(scene, flow).map(column => column.name) : []
  return [...new Set([...occurrencesOf(view).filter(one => one.kind === kind && one.isDefinition).map(one => one.name), ...columns])]
}
