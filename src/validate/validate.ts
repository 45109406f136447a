/** Tree → FlowDocument: what the schema allows, read by the schema's types. */
import type { Problem, Span } from '../problem/problem.ts'
import { entryOf } from '../parse/tree.ts'
import type { Mapping, Node, Tree } from '../parse/tree.ts'
import { ajvFor } from './ask-ajv.ts'
import type { FlowData, FlowDocument } from './document.ts'
import { nearest } from './nearest.ts'
import { read } from './read.ts'
import { UNREADABLE } from './reader.ts'
import { flowSchema } from './schema.ts'

const askAjv = ajvFor('flow', 'the flow language')

/** After these two states have run into one: the name of the second is missing. */
const MERGED = new Set(['two-verbs'])
/** After these a state may have lost the key that keeps a value. */
const UNSAVED = new Set(['two-verbs', 'no-verb', 'wrong-type', 'missing-field'])

const STRAY = new Set(['unknown-field', 'impossible-outcome', 'two-verbs', 'yaml-syntax'])

export interface Validated {
  readonly document: FlowDocument
  readonly problems: readonly Problem[]
}

/** The document that a file holds, and what in it does not fit the language. Nothing is thrown for an author's mistake. */
export function validate(name: string, written: Tree): Validated {
  const problems: Problem[] = []
  const data = read({ tree: written, root: flowSchema, report: problem => problems.push(problem), key: undefined, path: [], context: undefined, read }, written.root, flowSchema, 'flow')
  const usable = (data === UNREADABLE ? {} : data) as FlowData
  const tree = asRead(written, usable)
  if (tree.whole && problems.length === 0) askAjv(tree, usable, problems)
  const states = entryOf(tree.root, 'states')?.value
  const stateNames = states?.kind === 'map' ? states.entries.map(entry => entry.key.text) : []
  const partly = states?.kind === 'map' ? namesAround(states, [...tree.unread, ...problems.map(one => one.span)]) : new Set<string>()
  const end = tree.text.trimEnd().length
  const breaksOff = endsInRoute(tree.root) || problems.some(problem => problem.code === 'missing-field' && tree.text.slice(problem.span.end, end).replace(/#.*/g, '').trim().length <= 1)
  const count = (codes: ReadonlySet<string>): number => problems.filter(problem => codes.has(problem.code)).length
  const astray = (part: string): number => tree.astray.filter(one => one === part || !Object.hasOwn(flowSchema.properties ?? {}, one)).length
  const lost = breaksOff ? { states: Infinity, prompts: Infinity, values: Infinity } : { states: astray('states') + count(MERGED), prompts: astray('prompts'), values: astray('states') + astray('vars') + count(UNSAVED) > 0 ? Infinity : 0 }
  const stray = problems.filter(problem => STRAY.has(problem.code)).map(({ span }) => tree.text.slice(span.start, span.end))
  return { document: { name, tree, data: usable, stateNames, partly, whole: tree.whole && problems.length === 0, lost, stray }, problems }
}

/** The tree with the keys of the file that were read as others under these names: what looks for a place finds it. */
function asRead(tree: Tree, data: FlowData): Tree {
  const meant = Object.keys(data).filter(key => entryOf(tree.root, key) === undefined)
  if (meant.length === 0) return tree
  const entries = tree.root.entries.map(entry => {
    const word = Object.hasOwn(data, entry.key.text) ? undefined : nearest(entry.key.text, meant)
    return word === undefined ? entry : { ...entry, key: { ...entry.key, text: word } }
  })
  return { ...tree, root: { ...tree.root, entries } }
}

/** The entries of a map in which a place lies: one look through both, for there may be ten thousand of each. */
function namesAround(map: Mapping, places: readonly Span[]): Set<string> {
  const names = new Set<string>()
  const starts = places.map(place => place.start).sort((a, b) => a - b)
  let at = 0
  for (const { key, value } of map.entries) {
    while (at < starts.length && (starts[at] as number) < key.span.start) at++
    if (at < starts.length && (starts[at] as number) < value.span.end) names.add(key.text)
  }
  return names
}

/** Whether the file ends with a line of a `route` that has a test: the line for all others, and more, is missing. */
function endsInRoute(node: Node): boolean {
  const last = node.kind === 'map' ? node.entries.at(-1) : undefined
  if (last === undefined) return false
  const line = last.key.text === 'route' && last.value.kind === 'list' ? last.value.items.at(-1) : undefined
  return line?.kind === 'map' && entryOf(line, 'when') !== undefined ? true : endsInRoute(last.value)
}
