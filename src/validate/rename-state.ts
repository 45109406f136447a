/** Another name for a state whose own cannot be one, written wherever the flow leads to it. */
import { entryOf } from '../parse/tree.ts'
import type { Node, Scalar, Tree } from '../parse/tree.ts'
import type { Edit } from '../problem/problem.ts'
import type { Mend } from './mends.ts'

/** Keys whose value is the name of a state, and keys of maps that are full of such values. */
const NAMES = new Set(['start', 'next', 'goto', 'on_error', 'visited', 'answered'])
const MAPS = new Set(['on', 'keys'])
const RESERVED = new Set(['end', 'constructor', 'prototype', 'proto'])

/** The nearest name that may be one: `Main menu!` → `main-menu`. Empty where no letter is left. */
export function nameFor(written: string): string {
  const plain = written.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9_-]+/g, '-').replace(/^[-_]+|[-_]+$/g, '')
  const name = /^[0-9]/.test(plain) ? `state-${plain}` : plain
  return (RESERVED.has(name) ? `${name}-state` : name).slice(0, 64)
}

/** The mend that renames a state and all its uses in the file; none where no name, or only a taken one, is near. */
export function renameState(tree: Tree, key: Scalar): Mend {
  const name = nameFor(key.text)
  const states = entryOf(tree.root, 'states')?.value
  if (name === '' || states?.kind !== 'map' || states.entries.some(entry => entry.key.text === name)) return {}
  const own = states.entries.find(entry => entry.key === key)?.value
  const edits: Edit[] = [{ span: key.span, text: name }]
  const visit = (node: Node, named: boolean, map: boolean): void => {
    // `end` inside the state that is called so can only mean the end of the call
    if (node === own && key.text === 'end') return
    if (node.kind === 'scalar') {
      if (named && node.text === key.text) edits.push({ span: node.span, text: name })
    } else if (node.kind === 'list') for (const item of node.items) visit(item, named, false)
    else for (const entry of node.entries) visit(entry.value, map || NAMES.has(entry.key.text), MAPS.has(entry.key.text))
  }
  visit(tree.root, false, false)
  return { fix: { safe: false, edits } }
}
