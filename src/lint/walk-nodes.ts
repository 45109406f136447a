/** Walks what a file writes, scalar by scalar. */
import type { Entry, Mapping, Node, Scalar, Tree } from '../parse/tree.ts'

/** Called for every entry of every map, with the map it stands in and its place there. */
export type VisitEntry = (entry: Entry, map: Mapping, index: number) => void

/** Visits every entry of a file, in the order of the text. Aliases are left out: what they stand for is written elsewhere. */
export function eachEntry(tree: Tree, visit: VisitEntry): void {
  walk(tree.root, visit, () => undefined, undefined)
}

/** Visits every scalar, with the key that it is the value of, or the key of the list that it stands in; keys themselves come with `isKey`. */
export function eachScalar(tree: Tree, visit: (scalar: Scalar, key: string | undefined, isKey: boolean) => void): void {
  walk(tree.root, entry => visit(entry.key, entry.key.text, true), (scalar, key) => visit(scalar, key, false), undefined)
}

function walk(node: Node, onEntry: VisitEntry, onScalar: (scalar: Scalar, key: string | undefined) => void, key: string | undefined): void {
  if (node.kind === 'scalar') onScalar(node, key)
  else if (node.kind === 'list') for (const item of node.items) walk(item, onEntry, onScalar, key)
  else {
    node.entries.forEach((entry, index) => {
      onEntry(entry, node, index)
      walk(entry.value, onEntry, onScalar, entry.key.text)
    })
  }
}
