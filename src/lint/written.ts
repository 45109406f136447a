/** What a file writes, found by path, and edits that add to it. */
import { placeOf } from '../parse/tree.ts'
import type { Path, Tree } from '../parse/tree.ts'
import type { Fix } from '../problem/problem.ts'

/** The value at a path of a file's data; undefined where there is none. */
export function valueAt(data: unknown, path: Path): unknown {
  let value = data
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}

/** Where an option is written: in the state, under `defaults`, or undefined for neither. */
export function whereWritten(data: unknown, state: { readonly path: Path; readonly verb: string }, option: Path): Path | undefined {
  for (const path of [[...state.path, ...option], ['defaults', state.verb, ...option]]) if (valueAt(data, path) !== undefined) return path
  return undefined
}

/** Visits every text of a file's data, with its path. */
export function eachText(data: unknown, visit: (text: string, path: Path) => void, path: Path = []): void {
  if (typeof data === 'string') visit(data, path)
  else if (Array.isArray(data)) data.forEach((one, index) => eachText(one, visit, [...path, index]))
  else if (typeof data === 'object' && data !== null) for (const [key, one] of Object.entries(data)) eachText(one, visit, [...path, key])
}

/** The edit that writes `option: value` behind the value of a key, in braces or on a line of its own. */
export function addBehind(tree: Tree, path: Path, option: string, safe: boolean): Fix | undefined {
  const place = placeOf(tree, path)
  const map = placeOf(tree, path.slice(0, -1)).node
  if (place.key === undefined || map.kind !== 'map' || place.node.kind !== 'scalar') return undefined
  const at = { start: place.value.end, end: place.value.end }
  if (tree.text[map.span.start] === '{') return { safe, edits: [{ span: at, text: `, ${option}` }] }
  const lineEnd = tree.text.indexOf('\n', at.end)
  const indent = place.key.start - (tree.text.lastIndexOf('\n', place.key.start - 1) + 1)
  // behind a remark that stands on the line
  const end = lineEnd < 0 ? tree.text.length : tree.text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd
  return { safe, edits: [{ span: { start: end, end }, text: `\n${' '.repeat(indent)}${option}` }] }
}
