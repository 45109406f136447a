/** What a schema says of a value, in a few words. */
import { branches, resolve } from '../validate/schema.ts'
import type { RootSchema, Schema } from '../validate/schema.ts'

/** Range, words and default of a value, as far as the schema has them. */
export function facts(root: RootSchema, schema: Schema): string | undefined {
  const known: string[] = []
  for (const { schema: one } of branches(root, schema)) {
    if (one.minimum !== undefined && one.maximum !== undefined) known.push(`${one.minimum} to ${one.maximum}`)
    else if (one.minimum !== undefined) known.push(`${one.minimum} or more`)
    if (one.enum !== undefined) known.push(one.enum.map(String).join(', '))
    else if (one.type === 'boolean') known.push('true, false')
  }
  const standard = defaultOf(root, schema)
  if (standard !== undefined) known.push(`default ${String(standard)}`)
  return known.length === 0 ? undefined : known.join('; ')
}

/** What holds where nothing is written. */
export function defaultOf(root: RootSchema, schema: Schema): string | number | boolean | undefined {
  const own = schema as { readonly default?: string | number | boolean }
  return own.default ?? (resolve(root, schema).schema as typeof own).default
}

/** Examples of a value that are texts or numbers. */
export function examplesOf(root: RootSchema, schema: Schema): readonly (string | number)[] {
  const of = (one: Schema): readonly unknown[] => (one as { readonly examples?: readonly unknown[] }).examples ?? []
  return [...of(schema), ...of(resolve(root, schema).schema)].filter(one => typeof one === 'string' || typeof one === 'number')
}
