/**
 * What Ajv makes of a schema. Compiling one takes 150 ms, a third of a cold `tonval lint`: the build writes the result
 * beside this file (`npm run build`), with the hash of the schema that it was made from. Where it is missing, or made
 * from another schema, Ajv is loaded and compiles as ever.
 */
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { callsSchema, flowSchema } from './schema.ts'
import type { RootSchema } from './schema.ts'

const SCHEMAS = { flow: flowSchema, calls: callsSchema } satisfies Record<string, RootSchema>
export type SchemaName = keyof typeof SCHEMAS

/** Whether data fits; where not, `errors` says why until the next question. */
export interface Fits {
  (data: unknown): boolean
  errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null
}

interface Compiled {
  readonly hash: string
  readonly fits: Fits
}

const OPTIONS = { strictRequired: false, allErrors: false } as const
const require = createRequire(import.meta.url)

/** The question whether data fits a schema, from the build where it has it. */
export function fitsSchema(name: SchemaName): Fits {
  const compiled = fromBuild(name)
  if (compiled?.hash === hashOf(SCHEMAS[name])) return compiled.fits
  const { Ajv } = require('ajv') as typeof import('ajv')
  return new Ajv(OPTIONS).compile(SCHEMAS[name]) as Fits
}

/** The modules that the build writes beside this one: file name and text. */
export function compiledSchemas(): readonly { readonly name: string; readonly text: string }[] {
  const { Ajv } = require('ajv') as typeof import('ajv')
  const { default: standaloneCode } = require('ajv/dist/standalone') as typeof import('ajv/dist/standalone/index.js')
  return (Object.keys(SCHEMAS) as SchemaName[]).map(name => {
    const ajv = new Ajv({ ...OPTIONS, code: { source: true } })
    const code = standaloneCode(ajv, ajv.compile(SCHEMAS[name]))
    return { name: fileOf(name), text: `${code}\nmodule.exports = { hash: ${JSON.stringify(hashOf(SCHEMAS[name]))}, fits: module.exports }\n` }
  })
}

function fileOf(name: SchemaName): string {
  return `${name}-schema.cjs`
}

function fromBuild(name: SchemaName): Compiled | undefined {
  try {
    return require(`./${fileOf(name)}`) as Compiled
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

function hashOf(schema: RootSchema): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex')
}
