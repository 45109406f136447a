/** The schema as the reader walks it: a small, strict part of draft-07, held by test/schema.test.ts. */
import { createRequire } from 'node:module'

export interface Schema {
  readonly $ref?: string
  readonly allOf?: readonly [Schema]
  readonly anyOf?: readonly Schema[]
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly required?: readonly string[]
}

export interface RootSchema extends Schema {
  readonly definitions: Readonly<Record<string, Schema>>
}

// Both from the sources and from the built package the schema folder stands beside package.json.
const require = createRequire(import.meta.url)
const packageRoot = import.meta.url.includes('/build/src/') ? '../../../' : '../../'

/** The schema of a flow file. */
export const flowSchema = require(`${packageRoot}schema/flow.schema.json`) as RootSchema

/** The schema of a file of scripted calls. */
export const callsSchema = require(`${packageRoot}schema/calls.schema.json`) as RootSchema

/** A schema with its references followed, and the name of the last definition on the way. */
export interface Resolved {
  readonly schema: Schema
  readonly definition: string | undefined
}

/** Follows `$ref` and an `allOf` of one, which only adds a description. */
export function resolve(root: RootSchema, schema: Schema, definition?: string): Resolved {
  let current = schema
  let name = definition
  for (;;) {
    if (current.$ref !== undefined) {
      name = current.$ref.slice('#/definitions/'.length)
      const next = root.definitions[name]
      if (next === undefined) throw new Error(`the schema refers to ${current.$ref}, which it does not define`)
      current = next
    } else if (current.allOf !== undefined) current = current.allOf[0]
    else return { schema: current, definition: name }
  }
}

const known = new WeakMap<Schema, readonly Resolved[]>()

/** All alternatives of a schema, nested ones included, each resolved. Found once for each schema: a large file asks for each thousands of times. */
export function branches(root: RootSchema, schema: Schema, definition?: string): readonly Resolved[] {
  if (definition !== undefined) return findBranches(root, schema, definition)
  let found = known.get(schema)
  if (found === undefined) known.set(schema, (found = findBranches(root, schema, undefined)))
  return found
}

function findBranches(root: RootSchema, schema: Schema, definition: string | undefined): readonly Resolved[] {
  const resolved = resolve(root, schema, definition)
  if (resolved.schema.anyOf === undefined) return [resolved]
  return resolved.schema.anyOf.flatMap(branch => branches(root, branch, resolved.definition))
}
