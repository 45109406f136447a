/** From a name to where it is defined, and to everywhere that it is used. */
import type { Location } from 'vscode-languageserver'
import { occurrenceAt, placesOf } from './meant.ts'
import { locationOf, uriBelow } from './scene.ts'
import type { Scene } from './scene.ts'
import { columnPlaces } from './table-columns.ts'

const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** Where what stands at an offset is defined: its key, its column, or its file. */
export function definitionsAt(scene: Scene, offset: number): Location[] {
  const named = occurrenceAt(scene, offset)
  if (named === undefined) return []
  if (named.kind === 'flow') {
    const other = scene.views.find(view => view.kind === 'flow' && view.flow === named.name)
    return other === undefined ? [] : [{ uri: other.uri, range: TOP }]
  }
  if (named.kind === 'file') return scene.folder === undefined || !scene.files.has(named.name) ? [] : [{ uri: uriBelow(scene.folder, named.name), range: TOP }]
  const columns = named.kind === 'value' ? columnPlaces(scene, named.name, named.flow) : []
  return [...placesOf(scene, named).filter(one => one.isDefinition).map(one => locationOf(one.view, one.span)), ...columns]
}

/** Every place where the same is named. */
export function referencesAt(scene: Scene, offset: number, withDefinition: boolean): Location[] {
  const named = occurrenceAt(scene, offset)
  if (named === undefined) return []
  return placesOf(scene, named).filter(one => withDefinition || !one.isDefinition).map(one => locationOf(one.view, one.span))
}
