/** Tree → FlowDocument: what the schema allows, read by the schema's types. */
import type { Problem } from '../problem/problem.ts'
import { entryOf } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'
import { ajvFor } from './ask-ajv.ts'
import type { FlowData, FlowDocument } from './document.ts'
import { read } from './read.ts'
import { UNREADABLE } from './reader.ts'
import { flowSchema } from './schema.ts'

const askAjv = ajvFor('flow', 'the flow language')

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
