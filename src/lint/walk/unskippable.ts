/** What a caller has to sit through before the first choice: sounds that no key ends. */
import type { Flow } from '../../compile/flow.ts'
import type { Sound } from '../../compile/sound.ts'
import { isOrdinary } from './walk.ts'
import type { Walk } from './walk.ts'

/** A `play` on the way to the first choice. */
export interface Unskippable {
  /** Its index. */
  readonly state: number
  /** Seconds of all that could not be skipped before it, on the longest way there. */
  readonly before: number
  /** All of them on that way, itself last; of a long way the last six. */
  readonly plays: readonly { readonly name: string; readonly seconds: number }[]
  /** The first choice that it leads to, if any does. */
  readonly choice: number | undefined
}

/** The last of the plays on a way, and the one before it. */
interface Heard {
  readonly name: string
  readonly seconds: number
  readonly total: number
  readonly before: Heard | undefined
}

const MOST_TOLD = 6

/**
 * Every `play` that no key ends and that a call can come to before an `ivr`, and before anything rings or records, nearest
 * first. Where calls can go round, once around counts: what leads back to a state on the same way is left out.
 */
export function unskippable(flow: Flow, walk: Walk, lengthOf: (sound: Sound) => number | undefined): Unskippable[] {
  const order = inOrder(flow, walk)
  const place = new Map(order.map((state, index) => [state, index]))
  const onward = (state: number): number[] => waysOn(flow, walk, state).filter(to => (place.get(to) ?? -1) > (place.get(state) as number))
  const choices = new Map<number, number>()
  for (const state of [...order].reverse()) {
    const choice = flow.states[state]?.verb === 'ivr' ? state : onward(state).map(to => choices.get(to)).find(to => to !== undefined)
    if (choice !== undefined) choices.set(state, choice)
  }
  const arrivals = new Map<number, Heard | undefined>()
  const found: Unskippable[] = []
  for (const index of order) {
    const before = arrivals.get(index)
    const state = flow.states[index]
    const sound = state?.verb === 'play' && state.action.do === 'play' && state.action.skippable === false ? state.action.sound : undefined
    const seconds = sound === undefined ? undefined : lengthOf(sound)
    const after: Heard | undefined = state === undefined || seconds === undefined ? before : { name: state.name, seconds, total: (before?.total ?? 0) + seconds, before }
    if (after !== before && after !== undefined) found.push({ state: index, before: before?.total ?? 0, plays: told(after), choice: choices.get(index) })
    for (const to of onward(index)) if ((arrivals.get(to)?.total ?? -1) < (after?.total ?? 0)) arrivals.set(to, after)
  }
  return found
}

/** Where a call goes on without a choice, a person or a recording. */
function waysOn(flow: Flow, walk: Walk, state: number): number[] {
  const verb = flow.states[state]?.verb
  return verb === 'play' || verb === 'route' || verb === 'set' || verb === 'fetch' ? (walk.ways[state] ?? []).filter(isOrdinary).map(way => way.to) : []
}

/** The states before the first choice, those that lead to others first (but for ways that go round). */
function inOrder(flow: Flow, walk: Walk): number[] {
  const seen = new Set([flow.start])
  const left: number[] = []
  const work = [{ state: flow.start, ways: waysOn(flow, walk, flow.start), at: 0 }]
  for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
    const to = top.ways[top.at++]
    if (to === undefined) {
      left.push(top.state)
      work.pop()
    } else if (flow.states[to] !== undefined && !seen.has(to)) {
      seen.add(to)
      work.push({ state: to, ways: waysOn(flow, walk, to), at: 0 })
    }
  }
  return left.reverse()
}

function told(last: Heard): { name: string; seconds: number }[] {
  const plays: { name: string; seconds: number }[] = []
  for (let one: Heard | undefined = last; one !== undefined && plays.length < MOST_TOLD; one = one.before) plays.unshift({ name: one.name, seconds: one.seconds })
  return plays
}
