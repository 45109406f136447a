/** Tree → FlowDocument: what the schema allows, read by the schema's types. */
import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import type { Problem } from '../problem/problem.ts'
import { entryOf } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'
import type { FlowData, FlowDocument } from './document.ts'
import { read } from './read.ts'
import { UNREADABLE } from './reader.ts'
import { flowSchema } from './schema.ts'

let ajv: ValidateFunction | undefined

export interface Validated {
  readonly document: FlowDocument
  readonly problems: readonly Problem[]
}

/** The document that a file holds, and what in it does not fit the language. Nothing is thrown for an author's mistake. */
export function validate(name: string, tree: Tree): Validated {
  const problems: Problem[] = []
  const data = read({ tree, root: flowSchema, report: problem => problems.push(problem), key: undefined, path: [], context: undefined, read }, tree.root, flowSchema, 'flow')
  const usable = (data === UNREADABLE ? {} : data) as FlowData
  if (tree.whole && problems.length === 0) askAjv(tree, usable, problems)
  const states = entryOf(tree.root, 'states')?.value
  const stateNames = states?.kind === 'map' ? states.entries.map(entry => entry.key.text) : []
  return { document: { name, tree, data: usable, stateNames, whole: tree.whole && problems.length === 0 }, problems }
}

/** The reader explains; Ajv has the last word, so that a gap in the reader can never let a misshapen flow through. */
function askAjv(tree: Tree, data: FlowData, problems: Problem[]): void {
  ajv ??= new Ajv({ strictRequired: false, allErrors: false }).compile(flowSchema)
  if (ajv(data)) return
  const error = ajv.errors?.[0]
  problems.push({
    code: 'wrong-type', severity: 'error', file: tree.file, span: { start: 0, end: 0 },
    message: `this file does not fit the flow language at ${error?.instancePath ?? '/'}: ${error?.message ?? 'unknown reason'}`,
    help: 'compare it with the README; please report this message, it should have been a clearer one',
  })
}
