/** Tree → FlowDocument: what the schema allows, read by the schema's types. */
import type { Problem } from '../problem/problem.ts'
import { entryOf } from '../parse/tree.ts'
import type { Node, Tree } from '../parse/tree.ts'
import { ajvFor } from './ask-ajv.ts'
import type { FlowData, FlowDocument } from './document.ts'
import { read } from './read.ts'
import { UNREADABLE } from './reader.ts'
import { flowSchema } from './schema.ts'

const askAjv = ajvFor('flow', 'the flow language')

/** After these two states have run into one: the name of the second is missing. */
const MERGED = new Set(['two-verbs'])
/** After these a state may have lost the key that keeps a value. */
const UNSAVED = new Set(['two-verbs', 'no-verb', 'wrong-type', 'missing-field', 'yaml-syntax'])

const STRAY = new Set(['unknown-field', 'impossible-outcome', 'two-verbs', 'yaml-syntax'])

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
  const end = tree.text.trimEnd().length
  const breaksOff = endsInRoute(tree.root) || problems.some(problem => problem.code === 'missing-field' && tree.text.slice(problem.span.end, end).replace(/#.*/g, '').trim().length <= 1)
  const count = (codes: ReadonlySet<string>): number => problems.filter(problem => codes.has(problem.code)).length
  const names = breaksOff ? Infinity : tree.astray + count(MERGED)
  const values = breaksOff || tree.unread.length + tree.astray + count(UNSAVED) > 0 ? Infinity : 0
  const stray = problems.filter(problem => STRAY.has(problem.code)).map(({ span }) => tree.text.slice(span.start, span.end))
  return { document: { name, tree, data: usable, stateNames, whole: tree.whole && problems.length === 0, lost: { names, values }, stray }, problems }
}

/** Whether the file ends with a line of a `route` that has a test: the line for all others, and more, is missing. */
function endsInRoute(node: Node): boolean {
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined
  if (last === undefined) return false
  const line = last.key.text === 'route' && last.value.kind === 'list' ? last.value.items.at(-1) : undefined
  return line?.kind === 'map' && entryOf(line, 'when') !== undefined ? true : endsInRoute(last.value)
}
