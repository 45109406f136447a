/** A flow → its graph: states and edges, for pictures and programs. */
import { END } from '../compile/flow.ts'
import type { Flow, State } from '../compile/flow.ts'
import { ownPart } from '../lint/own.ts'
import { edgesOf } from '../simulate/edges.ts'
import { doesOf } from './does.ts'
import { hearsOf } from './hears.ts'
import type { Graph, GraphEdge } from './shape.ts'
import { testWords } from './test-words.ts'

/** The graph of a flow's own states; of flows that it runs nothing but their names. */
export function graphOf(flow: Flow): Graph {
  const own = ownPart(flow)
  const nameOf = (index: number): string => {
    const state = flow.states[index]
    return index === END || state === undefined ? 'end' : state.verb === 'handover' ? state.address : state.name
  }
  const byName = new Map(own.states.map(state => [state.name, state]))
  const start = flow.states[flow.start]
  return {
    version: 1, flow: flow.name, title: flow.title,
    start: flow.start === END || start === undefined ? null : start.name,
    states: own.states.filter(state => state.verb !== 'handover').map(state => ({
      name: state.name, verb: state.verb, does: doesOf(flow, state), hears: hearsOf(flow, state), ...(state.verb === 'flow' ? { runs: state.runs } : {}),
    })),
    // the edge of `longest` belongs to no state
    edges: edgesOf(flow).filter(({ state }) => byName.has(state)).map(({ state, edge, to }) => ({ from: state, edge, to, ...aboutEdge(flow, byName.get(state) as State, edge) })),
    anywhere: [
      ...(flow.longest === undefined ? [] : [{ why: 'longest' as const, seconds: flow.longest.seconds, to: nameOf(flow.longest.to) }]),
      ...(flow.onError === END ? [] : [{ why: 'on_error' as const, to: nameOf(flow.onError) }]),
    ],
  }
}

function aboutEdge(flow: Flow, state: State, edge: string): Pick<GraphEdge, 'asks' | 'shared'> {
  if (state.verb === 'route') {
    const line = state.lines[Number(edge.slice('line '.length)) - 1]
    return line === undefined ? {} : { asks: line.when === undefined ? 'else' : testWords(flow, line.when) }
  }
  if (state.verb === 'ivr' && state.keys[edge] === undefined && state.fileKeys[edge] !== undefined) return { shared: 'keys' }
  if (!('edges' in state)) return {}
  const taken = Object.values(state.edges).filter(one => one.word === edge)
  return taken.length > 0 && taken.every(one => one.shared === true) ? { shared: 'defaults' } : {}
}
