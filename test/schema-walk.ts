import { Ajv } from 'ajv'

/** The part of JSON Schema draft-07 that the schemas of this repository keep to. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly propertyNames?: Schema
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  readonly $ref?: string
}

export interface Root extends Schema {
  readonly definitions: Readonly<Record<string, Schema>>
}

export interface Found {
  readonly path: string
  readonly reason: string
}

const scalars = new Ajv({ strict: true })

/** The schema that a reference, or a reference with a description of its own, stands for. */
export function resolve(root: Root, schema: Schema): Schema {
  const only = schema.allOf?.[0]
  if (only !== undefined) return resolve(root, only)
  if (schema.$ref === undefined) return schema
  const target = root.definitions[schema.$ref.replace('#/definitions/', '')]
  if (target === undefined) throw new Error(`no definition for ${schema.$ref}`)
  return resolve(root, target)
}

/** All alternatives of a schema, those of its alternatives included. */
export function alternatives(root: Root, schema: Schema): Schema[] {
  const resolved = resolve(root, schema)
  return resolved.anyOf?.flatMap(branch => alternatives(root, branch)) ?? [resolved]
}

/**
 * Everything that is wrong with a value, told from one alternative only: that of the value's kind or, for maps, of its
 * distinguishing key. This is how a reader can have one plain message where a validator has dozens, so it must find
 * what the validator finds. `seen` collects the keys that were used, by the schema that holds them.
 */
export function walk(root: Root, schema: Schema, value: unknown, seen: Map<Schema, Set<string>>, path = ''): Found[] {
  const chosen = choose(alternatives(root, schema), value)
  if (chosen === undefined) return [{ path, reason: 'kind' }]
  if (Array.isArray(value)) return walkList(root, chosen, value, seen, path)
  if (isMap(value)) return walkMap(root, chosen, value, seen, path)
  return scalars.validate(chosen, value) ? [] : [{ path, reason: scalars.errors?.[0]?.keyword ?? 'value' }]
}

function choose(branches: readonly Schema[], value: unknown): Schema | undefined {
  if (branches.length === 1 || branches[0]?.type === undefined) {
    const only = branches[0]
    const fits = only?.type === undefined || only.type === kind(value) || (!isMap(value) && !Array.isArray(value) && isScalar(only))
    return fits ? only : undefined
  }
  if (isMap(value)) {
    const maps = branches.filter(branch => branch.type === 'object')
    const keyed = maps.find(branch => branch.required !== undefined && branch.required[0]! in value)
    return keyed ?? maps.find(branch => branch.required === undefined)
  }
  if (Array.isArray(value)) return branches.find(branch => branch.type === 'array')
  const fitting = branches.filter(isScalar)
  return fitting.find(branch => branch.enum?.includes(value))
    ?? fitting.find(branch => branch.enum === undefined && scalars.validate(branch, value))
    ?? fitting.find(branch => branch.enum === undefined && kind(value) === branch.type)
    ?? fitting.find(branch => kind(value) === branch.type)
    ?? fitting[0]
}

function walkList(root: Root, schema: Schema, list: readonly unknown[], seen: Map<Schema, Set<string>>, path: string): Found[] {
  const found = list.flatMap((item, index) => schema.items ? walk(root, schema.items, item, seen, `${path}/${index}`) : [])
  if (list.length < (schema.minItems ?? 0)) found.push({ path, reason: 'minItems' })
  if (list.length > (schema.maxItems ?? Infinity)) found.push({ path, reason: 'maxItems' })
  return found
}

function walkMap(root: Root, schema: Schema, map: Readonly<Record<string, unknown>>, seen: Map<Schema, Set<string>>, path: string): Found[] {
  if (schema.type === undefined) return []
  const used = seen.get(schema) ?? new Set()
  seen.set(schema, used)
  const missing = (schema.required ?? []).filter(key => !(key in map))
  const found: Found[] = missing.map(() => ({ path, reason: 'required' }))
  if (Object.keys(map).length < (schema.minProperties ?? 0)) found.push({ path, reason: 'minProperties' })
  for (const [key, value] of Object.entries(map)) {
    const names = schema.propertyNames && resolve(root, schema.propertyNames)
    if (names && !scalars.validate(names, key)) found.push({ path, reason: 'propertyNames' })
    const pattern = Object.keys(schema.patternProperties ?? {}).find(source => new RegExp(source, 'u').test(key))
    used.add(schema.properties?.[key] ? key : pattern ?? '')
    const field = schema.properties?.[key] ?? (pattern ? schema.patternProperties?.[pattern] : schema.additionalProperties)
    if (field) found.push(...walk(root, field, value, seen, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`))
    else found.push({ path, reason: 'additionalProperties' })
  }
  return found
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isScalar(schema: Schema): boolean {
  return schema.type !== 'object' && schema.type !== 'array'
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return isMap(value) ? 'object' : typeof value
}
