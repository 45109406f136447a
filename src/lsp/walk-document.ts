/** Walks a file along its schema as far as both go: every place, with what the schema says of it. Half a file will do. */
import type { Mapping, Node, Path, Tree } from '../parse/tree.ts'
import { propertyOf } from '../validate/read-map.ts'
import { branches, resolve } from '../validate/schema.ts'
import type { Resolved, RootSchema, Schema } from '../validate/schema.ts'

/** The map that a place stands in, and what it may be. */
export interface Owner {
  readonly map: Mapping
  /** All maps that the schema allows here. */
  readonly all: readonly Resolved[]
  /** The one that it is meant as; undefined while nothing tells. */
  readonly choice: Resolved | undefined
}

export interface Place {
  /** Of a key: the path of its value. */
  readonly path: Path
  readonly node: Node
  readonly isKey: boolean
  /** What the schema has for the value here; undefined where it knows no such key. */
  readonly schema: Schema | undefined
  /** The definition of the map that it stands in, and its key there, such as `verb_ivr.save`; items of a list have that of the list. */
  readonly label: string
  readonly owner: Owner | undefined
}

/** The alternatives of a place. */
export interface Alternatives {
  readonly all: readonly Resolved[]
  /** Names of the definitions on the way to them. */
  readonly definitions: ReadonlySet<string>
}

const known = new WeakMap<Schema, Alternatives>()

/** What a schema allows. Found once for each schema: a large file asks for each thousands of times. */
export function alternativesOf(root: RootSchema, schema: Schema): Alternatives {
  let found = known.get(schema)
  if (found === undefined) known.set(schema, found = findAlternatives(root, schema))
  return found
}

function findAlternatives(root: RootSchema, schema: Schema): Alternatives {
  const all = branches(root, schema)
  const definitions = new Set(all.flatMap(one => (one.definition === undefined ? [] : [one.definition])))
  for (let current: Schema | undefined = schema; current !== undefined;) {
    const name: string | undefined = current.$ref?.slice('#/definitions/'.length)
    if (name !== undefined) definitions.add(name)
    current = name !== undefined ? root.definitions[name] : current.allOf?.[0]
  }
  return { all, definitions }
}

/** The description of a schema: its own words, else those of what it refers to. */
export function describe(root: RootSchema, schema: Schema): string | undefined {
  return schema.description ?? (schema.$ref === undefined ? undefined : resolve(root, schema).schema.description)
}

/** Visits every key and every value, a key before its value. What an alias stands for is written elsewhere, and is left out. */
export function walkDocument(tree: Tree, root: RootSchema, name: string, visit: (place: Place) => void): void {
  const walk = (node: Node, schema: Schema | undefined, path: Path, label: string, owner: Owner | undefined): void => {
    if (isAlias(tree, node)) return
    visit({ path, node, isKey: false, schema, label, owner })
    if (node.kind === 'scalar') return
    if (node.kind === 'list') {
      const items = schema === undefined ? undefined : branches(root, schema).find(one => one.schema.type === 'array')?.schema.items
      node.items.forEach((item, index) => walk(item, items, [...path, index], label, owner))
      return
    }
    const own = ownerOf(node, mapsOf(root, schema))
    const base = own.choice?.definition ?? label
    for (const { key, value } of node.entries) {
      const property = propertyIn(own, key.text)
      const below = [...path, key.text]
      visit({ path: below, node: key, isKey: true, schema: property, label: `${base}.${key.text}`, owner: own })
      walk(value, property, below, `${base}.${key.text}`, own)
    }
  }
  walk(tree.root, root, [], name, undefined)
}

/** The kinds of map that a schema allows. */
export function mapsOf(root: RootSchema, schema: Schema | undefined): readonly Resolved[] {
  return schema === undefined ? [] : branches(root, schema).filter(one => one.schema.type === 'object')
}

/** What a map is meant as, told by the key that distinguishes it. */
export function ownerOf(map: Mapping, all: readonly Resolved[]): Owner {
  if (all.length <= 1) return { map, all, choice: all[0] }
  const told = map.entries.map(entry => all.find(one => one.schema.required?.[0] === entry.key.text)).find(one => one !== undefined)
  return { map, all, choice: told ?? all.find(one => one.schema.required === undefined) }
}

/** What stands under a key of a map; of a map that nothing tells yet, in the first of its kinds that has the key. */
export function propertyIn(owner: Owner, key: string): Schema | undefined {
  const maps = owner.choice === undefined ? owner.all : [owner.choice]
  return maps.map(one => propertyOf(one.schema, key)).find(one => one !== undefined)
}

function isAlias(tree: Tree, node: Node): boolean {
  return tree.text[node.span.start] === '*' && !(node.kind === 'scalar' && node.quoted)
}
