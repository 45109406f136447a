/** The real behaviour of a flow as a graph: what can be reached, by which call, and where calls go round. */
import { END } from '../../compile/flow.ts'
import type { Flow } from '../../compile/flow.ts'
import { ownCount, sectionName } from '../own.ts'
import { addRuns } from './runs.ts'
import { waysOf } from './ways.ts'
import type { Way } from './ways.ts'

export interface Walk {
  readonly ways: readonly (readonly Way[])[]
  /** Whether a call can come to a state. */
  reached(state: number): boolean
  /** All states that a call can come to, nearest first. */
  readonly order: readonly number[]
  /** What a person does to come to a state, in words: "press 2, stay silent twice". Empty for the first state. */
  callTo(state: number): string
  /** Whether a circle is this flow's to tell: one that runs through several flows is told in the one whose name comes first. */
  owns(states: readonly number[]): boolean
  /** Whether a state stands in the file of the flow. */
  isOwn(state: number): boolean
}

/** Steps of a call that are told; the middle of a longer one is left out. */
export const MOST_STEPS = 12

/** What a call did up to some state: its last told step, and the way to what came before. Shared by all that follow. */
interface Told {
  readonly say: string
  readonly before: Told | undefined
  readonly count: number
  /** The first steps, as many as are shown of a long call. */
  readonly first: readonly string[]
}

/** Whether a way is one that calls take while nothing is broken, and that they can take again and again. */
export function isOrdinary(way: Way): boolean {
  return way.by !== 'fault' && way.by !== 'never' && way.by !== 'longest'
}

/** Walks a flow from its start, and from `on_error`; faults of sounds, and lines that are never taken, are tried last, so that they explain only what nothing else does. */
export function walkOf(flow: Flow): Walk {
  const ways = waysOf(flow)
  addRuns(flow, ways)
  const arrivals = new Map<number, Told | undefined>()
  const order: number[] = []
  const visit = (state: number, told: Told | undefined): void => {
    if (state === END || arrivals.has(state)) return
    arrivals.set(state, told)
    order.push(state)
  }
  const spread = (all: (way: Way) => boolean): void => {
    for (let next = 0; next < order.length; next++) {
      const from = order[next] as number
      for (const way of ways[from] ?? []) if (all(way)) visit(way.to, then(arrivals.get(from), way.say))
    }
  }
  visit(flow.start, undefined)
  spread(isOrdinary)
  spread(way => isOrdinary(way) || way.by === 'longest')
  spread(() => true)
  visit(flow.onError, then(undefined, 'something of tonval\'s breaks'))
  spread(() => true)
  const isOwn = (state: number): boolean => state < ownCount(flow)
  return {
    ways, order, isOwn,
    owns: states => states.some(isOwn) && states.every(state => isOwn(state) || sectionName(flow, state) > flow.name),
    reached: state => arrivals.has(state),
    callTo(state) {
      const told = arrivals.get(state)
      if (told === undefined) return ''
      const most = told.count <= MOST_STEPS ? MOST_STEPS : MOST_STEPS / 2
      const last: string[] = []
      for (let step: Told | undefined = told; step !== undefined && last.length < most; step = step.before) last.push(step.say)
      last.reverse()
      return (told.count <= MOST_STEPS ? last : [...told.first, '…', ...last]).join(', ')
    },
  }
}

function then(before: Told | undefined, say: string): Told | undefined {
  if (say === '') return before
  const first = before?.first ?? []
  return { say, before, count: (before?.count ?? 0) + 1, first: first.length < MOST_STEPS / 2 ? [...first, say] : first }
}
