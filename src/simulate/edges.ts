/**
 * The edges of a flow as a script can walk them: every written target of every state. A key of the file, and an edge of
 * `defaults`, counts in each state that it holds for; `next` where it can be taken; `sorry` and `silent` are an edge each,
 * back to their own state. What nobody wrote is no edge.
 */
import { END } from '../compile/flow.ts'
import type { Flow, IvrState, State } from '../compile/flow.ts'

export interface FlowEdge {
  readonly state: string
  /** `1`, `noinput`, `next`, `line 2`, `sorry`. */
  readonly edge: string
  /** A state's name, `end`, or an address. */
  readonly to: string
}

/** The edge that `longest` is, whichever state it is taken from. */
export const LONGEST = { state: 'longest', edge: 'goto' } as const

/** All edges of a flow, in the order of its states. */
export function edgesOf(flow: Flow): FlowEdge[] {
  const nameOf = (index: number): string => {
    const state = flow.states[index]
    return index === END || state === undefined ? 'end' : state.verb === 'handover' ? state.address : state.name
  }
  // those that it runs have their own
  const edges = flow.states.slice(0, flow.sections[1]?.from).flatMap(state => [...targets(state)].map(([edge, to]) => ({ state: state.name, edge, to: nameOf(to(flow)) })))
  return flow.longest === undefined ? edges : [...edges, { ...LONGEST, to: nameOf(flow.longest.to) }]
}

type To = (flow: Flow) => number

function targets(state: State): Map<string, To> {
  const found = new Map<string, To>()
  const add = (edge: string, to: number): void => { found.set(edge, () => to) }
  // what a fault of ours leads to, no script can walk
  const addExit = (exit: string, word: string | undefined, to: number): void => { if (exit !== 'failed' && word !== undefined) add(word, to) }
  if (state.verb === 'ivr') {
    for (const [key, to] of Object.entries({ ...state.fileKeys, ...state.keys })) add(key, to)
    for (const { pattern, to } of state.patterns) add(pattern, to)
    if (state.any !== undefined) add('any', state.any)
    if (state.next !== undefined && takesNext(state)) add('next', state.next)
    const self: To = flow => flow.states.indexOf(state)
    if (state.sorry !== undefined) found.set('sorry', self)
    if (state.silent !== undefined) found.set('silent', self)
  }
  if (state.verb === 'fetch') for (const [key, to] of Object.entries(state.keys)) add(key, to)
  if (state.verb === 'route') state.lines.forEach((line, index) => add(`line ${index + 1}`, line.to))
  if (state.verb === 'flow') for (const [exit, { word, to }] of Object.entries(state.edges)) addExit(exit, word, to)
  else if ('edges' in state) for (const { word, to } of Object.values(state.edges)) if (word !== undefined) add(word, to)
  return found
}

function takesNext(state: IvrState): boolean {
  return state.patterns.length === 0 && Object.keys(state.keys).length === 0
}

/** The edge that an outcome takes out of a state; undefined where nobody wrote one. `digits`: the input, where there was one. */
export function edgeTaken(state: State, outcome: string, digits: string | undefined): string | undefined {
  switch (state.verb) {
    case 'ivr': return ivrEdge(state, outcome, digits)
    case 'route': return outcome
    case 'play': case 'record': return outcome === 'success' || outcome === 'failed' ? state.edges[outcome].word : undefined
    case 'connect': return outcome === 'success' || outcome === 'busy' || outcome === 'failed' ? state.edges[outcome].word : undefined
    case 'set': case 'send': return state.edges.next.word
    case 'fetch': return outcome === 'success' || outcome === 'failed' ? state.edges[outcome].word : outcome
    case 'lookup': return outcome === 'success' || outcome === 'missing' ? state.edges[outcome].word : undefined
    case 'flow': return state.edges[outcome]?.word
    default: return undefined
  }
}

function ivrEdge(state: IvrState, outcome: string, digits: string | undefined): string | undefined {
  if (outcome === 'noinput' || outcome === 'nomatch' || outcome === 'failed') return state.edges[outcome].word
  if (outcome === 'again') return digits === undefined || digits === '' ? (state.silent === undefined ? undefined : 'silent') : state.sorry === undefined ? undefined : 'sorry'
  const key = digits === '' ? '#' : (digits ?? outcome)
  if (state.keys[key] !== undefined || state.fileKeys[key] !== undefined) return key
  const pattern = state.patterns.find(one => one.pattern.length === key.length && [...one.pattern].every((sign, at) => sign === 'x' || sign === key[at]))
  return pattern?.pattern ?? (state.any === undefined ? 'next' : 'any')
}
