/** What another flow is given, and by what it comes back, as its text says. */
import { entryOf } from '../../../src/parse/tree.ts'
import type { Mapping } from '../../../src/parse/tree.ts'
import { parse } from '../../../src/parse/parse.ts'

export interface Interface {
  /** Types by name. */
  readonly inputs: Readonly<Record<string, string>>
  readonly exits: readonly string[]
}

/** Of the flow that a state runs; empty where it is not there. */
export function interfaceOf(others: Readonly<Record<string, string>>, state: Mapping): Interface {
  const named = entryOf(state, 'flow')?.value
  const text = named?.kind === 'scalar' ? others[named.text] : undefined
  const root = text === undefined ? undefined : parse('other.yaml', text).tree?.root
  const inputs = root === undefined ? undefined : entryOf(root, 'inputs')?.value
  const exits = root === undefined ? undefined : entryOf(root, 'exits')?.value
  return {
    inputs: inputs?.kind === 'map' ? Object.fromEntries(inputs.entries.map(({ key, value }) => [key.text, value.kind === 'scalar' ? value.text : ''])) : {},
    exits: exits?.kind === 'list' ? exits.items.flatMap(item => (item.kind === 'scalar' ? [item.text] : [])) : [],
  }
}
