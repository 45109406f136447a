/** What of a flow stands in its own file: those that it runs are linked behind it. */
import { END } from '../compile/flow.ts'
import type { Flow, State } from '../compile/flow.ts'
import type { Outgoing } from '../compile/outgoing.ts'

/** How many of a flow's states are its own. */
export function ownCount({ sections, states }: Flow): number {
  return sections[1]?.from ?? states.length
}

/** A flow without the states and schedules of those that it runs. Indexes are the same. */
export function ownPart(flow: Flow): Flow {
  return flow.sections.length === 1 ? flow : { ...flow, states: flow.states.slice(0, ownCount(flow)), schedules: flow.schedules.slice(0, flow.sections[1]?.schedules) }
}

/** Everything that a flow sends by itself. */
export function outgoingOf(flow: Flow): Outgoing[] {
  const ofStates = ownPart(flow).states.flatMap(state => (state.verb === 'send' ? state.items : state.verb === 'record' || state.verb === 'connect' ? (state.deliver ?? []) : []))
  return [...ofStates, ...flow.onHangup, ...(flow.recordcall ?? [])]
}

/** The flows that others run, go on in, or place calls that begin in them, each with the names of its values that are kept of it. */
export function usersOf(flows: readonly Flow[]): ReadonlyMap<string, ReadonlySet<string>> {
  const taken = new Map<string, Set<string>>()
  for (const flow of flows) {
    for (const item of outgoingOf(flow)) for (const name of item.kind === 'call' ? [item.runs, ...(item.unanswered === undefined ? [] : [item.unanswered.flow])] : []) taken.set(name, taken.get(name) ?? new Set())
    for (const state of ownPart(flow).states) {
      if (state.verb === 'flow' && state.runs !== flow.name) taken.set(state.runs, new Set([...(taken.get(state.runs) ?? []), ...state.keeps]))
    }
  }
  return taken
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
