/**
 * What a file says, as plain data that can tell the span of any path. Every scalar is the text in the file: the schema,
 * not YAML's guess, says later whether it is a number, a truth value or text.
 */
import type { Span } from '../problem/problem.ts'

export interface Scalar {
  readonly kind: 'scalar'
  /** The text as written, unquoted and unescaped; empty where nothing was written. */
  readonly text: string
  readonly quoted: boolean
  /** A problem has said why nothing can be read here. */
  readonly broken?: true
  readonly span: Span
}

export interface Entry {
  readonly key: Scalar
  readonly value: Node
}

export interface Mapping {
  readonly kind: 'map'
  readonly entries: readonly Entry[]
  readonly span: Span
}

export interface List {
  readonly kind: 'list'
  readonly items: readonly Node[]
  readonly span: Span
}

export type Node = Scalar | Mapping | List

/** One file, read. */
export interface Tree {
  readonly file: string
  readonly text: string
  readonly root: Mapping
  /** Whether all that the file says stands in it; if not, what is missing must not be taken for unwritten. */
  readonly whole: boolean
  /** Parts that YAML could not read: nothing more can be said of them. */
  readonly unread: readonly Span[]
  /** The parts of the file, such as `states`, in which a name may be missing above lines that stand where none of theirs can: once for each. */
  readonly astray: readonly string[]
}

/** Whether a place stands in a part that could not be read. */
export function isUnread({ unread }: Tree, { start }: Span): boolean {
  return unread.some(part => start >= part.start && start < part.end)
}

/** Where something stands in a document: keys and list positions from the root. */
export type Path = readonly (string | number)[]

const indexes = new WeakMap<Mapping, Map<string, Entry>>()

/** The entry of a key, found without a search however large the map; the first where a key stands twice. */
export function entryOf(map: Mapping, key: string): Entry | undefined {
  let index = indexes.get(map)
  if (index === undefined) {
    index = new Map()
    for (const entry of map.entries) if (!index.has(entry.key.text)) index.set(entry.key.text, entry)
    indexes.set(map, index)
  }
  return index.get(key)
}

export interface Place {
  /** The key's span, where the place is the value of a key. */
  readonly key: Span | undefined
  readonly value: Span
  readonly node: Node
}

/** The place of a path; of the deepest part that exists where the path leads further than the file does. */
export function placeOf(tree: Tree, path: Path): Place {
  let node: Node = tree.root
  let key: Span | undefined
  for (const part of path) {
    if (node.kind === 'map') {
      const entry = entryOf(node, String(part))
      if (entry === undefined) break
      key = entry.key.span
      node = entry.value
    } else if (node.kind === 'list') {
      const item: Node | undefined = node.items[Number(part)]
      if (item === undefined) break
      key = undefined
      node = item
    } else break
  }
  return { key, value: node.span, node }
}

/** The span to point at for a value: the value itself, or its key where nothing is written or the value is no scalar. */
export function pointAt(place: Place): Span {
  if (place.node.kind === 'scalar' && place.value.end > place.value.start) return place.value
  return place.key ?? place.value
}
