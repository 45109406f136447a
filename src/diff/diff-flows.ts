/** Two sets of flows → what changes for callers, flow by flow. */
import type { Flow } from '../compile/flow.ts'
import type { FlowChange } from './change.ts'
import { diff } from './diff.ts'

export type { FlowChange } from './change.ts'

/** What callers notice when the second set takes the place of the first, in the order of names. */
export function diffFlows(before: ReadonlyMap<string, Flow>, after: ReadonlyMap<string, Flow>): FlowChange[] {
  const changes: FlowChange[] = []
  const lines = (flow: Flow): string => (flow.numbers.length === 0 ? '' : ` (${flow.numbers.join(', ')})`)
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(name), after.get(name)]
    if (old === undefined) changes.push({ flow: name, kind: 'flow-new', states: [], names: [], after: name, text: `the flow \`${name}\` is new${lines(now as Flow)}` })
    else if (now === undefined) changes.push({ flow: name, kind: 'flow-gone', states: [], names: [], before: name, text: `the flow \`${name}\` is gone${lines(old)}` })
    // the same version is the same flow
    else if (old.version !== now.version) changes.push(...diff(old, now).map(change => ({ flow: name, ...change })))
  }
  return changes
}
