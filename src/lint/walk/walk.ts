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
const MOST_STEPS = 12

interface Arrival {
  readonly from: number
  readonly way: Way
}

/** Whether a way is one that calls take while nothing is broken. */
export function isOrdinary(way: Way): boolean {
  return way.by !== 'fault' && way.by !== 'never'
}

/** Walks a flow from its start, and from `on_error`; faults of sounds, and lines that are never taken, are tried last, so that they explain only what nothing else does. */
export function walkOf(flow: Flow): Walk {
  const ways = waysOf(flow)
  addRuns(flow, ways)
  const arrivals = new Map<number, Arrival | undefined>()
  const order: number[] = []
  const broken = new Set<number>()
  const visit = (state: number, arrival: Arrival | undefined): void => {
    if (state === END || arrivals.has(state)) return
    arrivals.set(state, arrival)
    order.push(state)
  }
  const spread = (all: boolean): void => {
    for (let next = 0; next < order.length; next++) {
      const from = order[next] as number
      for (const way of ways[from] ?? []) if (all || isOrdinary(way)) visit(way.to, { from, way })
    }
  }
  visit(flow.start, undefined)
  spread(false)
  spread(true)
  if (flow.onError !== END && !arrivals.has(flow.onError)) broken.add(flow.onError)
  visit(flow.onError, undefined)
  spread(true)
  const isOwn = (state: number): boolean => state < ownCount(flow)
  return {
    ways, order, isOwn,
    owns: states => states.some(isOwn) && states.every(state => isOwn(state) || sectionName(flow, state) > flow.name),
    reached: state => arrivals.has(state),
    callTo(state) {
      const steps: string[] = []
      let at = state
      for (let arrival = arrivals.get(at); arrival !== undefined; arrival = arrivals.get(at)) {
        if (arrival.way.say !== '') steps.push(arrival.way.say)
        at = arrival.from
      }
      if (broken.has(at)) steps.push('something of tonval\'s breaks')
      steps.reverse()
      return (steps.length <= MOST_STEPS ? steps : [...steps.slice(0, MOST_STEPS / 2), '…', ...steps.slice(-MOST_STEPS / 2)]).join(', ')
    },
  }
}
