/** The names that a file gives to things, read from its tree: for a file of which parts could not be read. */
import { partAt } from '../parse/text-lines.ts'
import type { Node } from '../parse/tree.ts'
import type { FlowDocument } from '../validate/document.ts'

/**
 * Names under `vars`, `prompts`, `inputs` and `schedules`, and those that any `set` or `save` writes. Under a key of the file that the
 * language does not have, and in a state that could not be read, every word may be one.
 */
export function writtenNames({ tree, data, partly }: FlowDocument): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { key, value } of tree.root.entries) {
    if (['vars', 'prompts', 'inputs', 'schedules', 'messages'].includes(key.text)) addKeys(value, names)
    else if (key.text === 'tables') addColumns(value, names)
    else if (key.text !== 'states') (Object.hasOwn(data, key.text) ? addKept : addWords)(value, names)
    else if (value.kind === 'map') for (const state of value.entries) (data.states?.[state.key.text] === undefined || partly.has(state.key.text) ? addWords : addKept)(state.value, names)
  }
  return names
}

/** The words outside texts in the parts of the file that YAML could not read, and keys that stand in the wrong place. */
export function unreadWords({ tree: { text, unread }, stray }: FlowDocument): ReadonlySet<string> {
  const words = strayWords(stray)
  for (const { start, end } of unread) for (const [word] of text.slice(start, end).replace(/"[^"\n]*"|'[^'\n]*'|\{\{[^}]*\}\}|#.*/g, '" "').matchAll(/[a-z][a-z0-9_-]*/g)) words.add(word)
  return words
}

/** Those of them that begin an entry, where such parts may belong to `states`, or to another key of the file with names. */
export function unreadNames({ tree: { text, unread }, stray }: FlowDocument, key: string): ReadonlySet<string> {
  const words = strayWords(stray)
  for (const { start, end } of unread) {
    const part = text.slice(start, end)
    // below another key there are none, unless the line of a key stands in the part itself
    if (partAt(text, start) !== key && !/^[^\s#]/m.test(part)) continue
    for (const [, word] of part.matchAll(/(?:^|[{,])[ \t]*["']?([a-z][a-z0-9_-]*)/gm)) words.add(word as string)
  }
  return words
}

function strayWords(stray: readonly string[]): Set<string> {
  return new Set(stray.map(key => /^[a-z0-9_-]*/.exec(key)?.[0] ?? ''))
}

/** Names that `prompts` may hold: its keys, those that could not be read, and every word under a key of the file that the language does not have. */
export function writtenPrompts(document: FlowDocument): ReadonlySet<string> {
  const { tree, data } = document
  const names = new Set(unreadNames(document, 'prompts'))
  for (const { key, value } of tree.root.entries) {
    if (key.text === 'prompts') addKeys(value, names)
    else if (key.text !== 'states' && !Object.hasOwn(data, key.text)) addWords(value, names)
  }
  return names
}

/** What stands under these leads to states. */
const LEADS = new Set(['on', 'next', 'goto'])

function addWords(node: Node, names: Set<string>): void {
  if (node.kind === 'list') for (const item of node.items) addWords(item, names)
  if (node.kind === 'map') {
    addKeys(node, names)
    for (const { key, value } of node.entries) if (!LEADS.has(key.text)) addWords(value, names)
  }
  if (node.kind === 'scalar') names.add(node.text)
}

function addKeys(node: Node, names: Set<string>): void {
  if (node.kind === 'map') for (const { key } of node.entries) names.add(key.text)
}

function addColumns(node: Node, names: Set<string>): void {
  if (node.kind !== 'map') return
  for (const { value: table } of node.entries) if (table.kind === 'map') for (const { value: row } of table.entries) addKeys(row, names)
}

function addKept(node: Node, names: Set<string>): void {
  if (node.kind === 'list') for (const item of node.items) addKept(item, names)
  if (node.kind !== 'map') return
  for (const { key, value } of node.entries) {
    if (key.text === 'set' || key.text === 'save') {
      addKeys(value, names)
      if (value.kind === 'scalar') names.add(value.text)
    }
    addKept(value, names)
  }
}
