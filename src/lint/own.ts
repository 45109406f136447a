/** What of a flow stands in its own file: those that it runs are linked behind it. */
import type { Flow } from '../compile/flow.ts'

/** How many of a flow's states are its own. */
export function ownCount({ sections, states }: Flow): number {
  return sections[1]?.from ?? states.length
}

/** A flow without the states of those that it runs. Indexes are the same. */
export function ownPart(flow: Flow): Flow {
  return flow.sections.length === 1 ? flow : { ...flow, states: flow.states.slice(0, ownCount(flow)) }
}

/** The name of the flow that a state belongs to. */
export function sectionName({ name, sections }: Flow, state: number): string {
  return sections.findLast(section => section.from <= state)?.name ?? name
}
