/** The names that a file gives to things, read from its tree: for a file of which parts could not be read. */
import type { Mapping, Node } from '../parse/tree.ts'

/** Names under `vars`, `prompts` and `inputs`, and those that any `set` or `save` writes. */
export function writtenNames(root: Mapping): ReadonlySet<string> {
  const names = new Set<string>()
  for (const { key, value } of root.entries) {
    if (key.text === 'vars' || key.text === 'prompts' || key.text === 'inputs') addKeys(value, names)
    else addKept(value, names)
  }
  return names
}

function addKeys(node: Node, names: Set<string>): void {
  if (node.kind === 'map') for (const { key } of node.entries) names.add(key.text)
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
