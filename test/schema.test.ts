import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import t from 'tap'
import { parse } from 'yaml'
import { alternatives, resolve, walk, type Found, type Root, type Schema } from './schema-walk.ts'

interface Case {
  readonly name: string
  readonly file: 'flow' | 'calls'
  readonly content: unknown
  readonly at?: string
  readonly reason?: string
}

const roots: Record<Case['file'], Root> = { flow: readSchema('flow'), calls: readSchema('calls') }
const seen = new Map<Schema, Set<string>>()

function readSchema(name: string): Root {
  return JSON.parse(readFileSync(`schema/${name}.schema.json`, 'utf8')) as Root
}

function readCases(name: string): Case[] {
  return parse(readFileSync(`test/cases/schema/${name}.yaml`, 'utf8')) as Case[]
}

function validator(): Ajv {
  const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: false, allErrors: true })
  for (const [name, root] of Object.entries(roots)) ajv.addSchema(root, name)
  return ajv
}

const ajv = validator()
const validate = (file: string, pointer = '') => ajv.getSchema(`${file}#${pointer}`) as ValidateFunction

/** Every schema within a schema, with the JSON pointer to it. */
function* parts(schema: Schema, pointer = ''): Generator<[string, Schema]> {
  yield [pointer, schema]
  for (const word of ['definitions', 'properties', 'patternProperties'] as const) {
    for (const [key, part] of Object.entries((schema as Root)[word] ?? {})) yield* parts(part, `${pointer}/${word}/${encode(key)}`)
  }
  for (const word of ['additionalProperties', 'propertyNames', 'items'] as const) {
    const part = schema[word]
    if (part) yield* parts(part, `${pointer}/${word}`)
  }
  for (const word of ['anyOf', 'allOf'] as const) {
    for (const [index, part] of (schema[word] ?? []).entries()) yield* parts(part, `${pointer}/${word}/${index}`)
  }
}

function encode(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

// A reader converts scalars and words its messages by walking the schema: it knows these words and no others.
const known = new Set(['$schema', 'title', 'description', 'definitions', 'type', 'properties', 'patternProperties',
  'additionalProperties', 'propertyNames', 'required', 'items', 'anyOf', 'allOf', 'enum', 'pattern', 'minimum', 'maximum',
  'minLength', 'minItems', 'maxItems', 'minProperties', 'examples', 'default', '$ref'])

function styleProblems(root: Root, schema: Schema): string[] {
  const problems = Object.keys(schema).filter(word => !known.has(word)).map(word => `unknown word ${word}`)
  const words = Object.keys(schema).sort().join()
  if (schema.$ref && words !== '$ref') problems.push('a reference does not stand alone')
  if (schema.allOf && (words !== 'allOf,description' || schema.allOf.length !== 1 || !schema.allOf[0]?.$ref)) {
    problems.push('allOf is only for a description beside one reference')
  }
  if (schema.type === 'object') {
    if (schema.additionalProperties === undefined) problems.push('an open map')
    if (schema.additionalProperties === false && !schema.properties?.['note']) problems.push('no note')
    const missing = (schema.required ?? []).filter(key => !schema.properties?.[key])
    if (missing.length > 0) problems.push(`required, but no property: ${missing.join()}`)
  }
  if (schema.type === 'array' && !schema.items) problems.push('a list of anything')
  if (!(schema.description ?? resolve(root, schema).description)) problems.push('no description')
  return schema.anyOf ? [...problems, ...ambiguities(alternatives(root, schema))] : problems
}

function ambiguities(branches: readonly Schema[]): string[] {
  const texts = branches.filter(branch => branch.type === 'string' && !branch.enum)
  const lists = branches.filter(branch => branch.type === 'array')
  const maps = branches.filter(branch => branch.type === 'object').map(branch => branch.required?.[0] ?? '')
  const problems: string[] = []
  if (texts.length > 1) problems.push('two texts')
  if (lists.length > 1) problems.push('two lists')
  if (new Set(maps).size < maps.length) problems.push('two maps with one distinguishing key')
  if (branches.some(branch => branch.type === undefined)) problems.push('an alternative of any kind')
  return problems
}

for (const [name, root] of Object.entries(roots)) {
  void t.test(`${name}.schema.json keeps to the words and forms that the reader knows`, async t => {
    t.type(validate(name), 'function', 'it compiles')
    const problems = [...parts(root)].flatMap(([pointer, schema]) => styleProblems(root, schema).map(problem => `${pointer}: ${problem}`))
    t.same(problems, [])
    const text = JSON.stringify(root)
    t.same(Object.keys(root.definitions).filter(key => !text.includes(`"#/definitions/${key}"`)), [], 'each definition is used')
  })

  void t.test(`the examples and defaults in ${name}.schema.json are valid`, async t => {
    for (const [pointer, schema] of parts(root)) {
      const samples = [...schema.examples ?? [], ...'default' in schema ? [schema.default] : []]
      if (samples.length === 0) continue
      const check = validate(name, pointer)
      for (const sample of samples) {
        t.ok(check(sample), `${pointer} ${JSON.stringify(sample)}`, { errors: check.errors })
        t.same(walk(root, schema, sample, new Map()), [], pointer)
      }
    }
  })
}

for (const { name, file, content } of readCases('valid')) {
  void t.test(`valid: ${name}`, async t => {
    const check = validate(file)
    t.ok(check(content), { errors: check.errors })
    t.same(walk(roots[file], roots[file], content, seen), [])
  })
}

for (const { name, file, content, at, reason } of readCases('invalid')) {
  void t.test(`invalid: ${name}`, async t => {
    const check = validate(file)
    t.notOk(check(content))
    t.ok(check.errors?.some(error => error.instancePath === at), { errors: check.errors })
    t.same(walk(roots[file], roots[file], content, new Map()), [{ path: at, reason }] as Found[])
  })
}

void t.test('the valid cases use every key', async t => {
  for (const [name, root] of Object.entries(roots)) {
    const unused = [...parts(root)].flatMap(([pointer, schema]) => [...Object.keys(schema.properties ?? {}), ...Object.keys(schema.patternProperties ?? {})]
      .filter(key => key !== 'note' && !seen.get(schema)?.has(key)).map(key => `${name}${pointer}: ${key}`))
    t.same(unused, [])
  }
})
