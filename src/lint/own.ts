/** What of a flow stands in its own file: those that it runs are linked behind it. */
import { END } from '../compile/flow.ts'
import type { Flow, State } from '../compile/flow.ts'

/** How many of a flow's states are its own. */
export function ownCount({ sections, states }: Flow): number {
  return sections[1]?.from ?? states.length
}

/** A flow without the states of those that it runs. Indexes are the same. */
export function ownPart(flow: Flow): Flow {
  return flow.sections.length === 1 ? flow : { ...flow, states: flow.states.slice(0, ownCount(flow)) }
}

/** The state that a call comes to by an index: where a flow is run, or gone on in, the one that it begins with. */
export function entered({ states, sections }: Flow, index: number): State | undefined {
  let state = states[index]
  for (let deep = 0; state?.verb === 'flow' && deep < sections.length; deep++) state = states[sections[state.section]?.start ?? END]
  return state
}

/** The name of the flow that a state belongs to. */
export function sectionName({ name, sections }: Flow, state: number): string {
  return sections.findLast(section => section.from <= state)?.name ?? name
}
