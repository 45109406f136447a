/** Places that calls cannot leave: the innermost circles from which no allowed way leads out. */
import { END } from '../../compile/flow.ts'
import type { Walk } from './walk.ts'
import type { Way } from './ways.ts'

export interface Trap {
  /** Its states, those of the flow itself first, and of those the one that a call comes to first. */
  readonly states: readonly number[]
  /** Once around, from the first state to itself. */
  readonly circle: readonly { readonly state: number; readonly way: Way }[]
}

/**
 * The traps of a walk in which only `allowed` ways are taken. `leaves`: states that count as a way out. A circle of
 * which a `route`'s line or an answered call leads out is none: that line may hold the next time.
 */
export function traps(walk: Walk, allowed: (way: Way) => boolean, leaves: (state: number) => boolean): Trap[] {
  const { stuck, next } = stuckStates(walk, allowed, leaves)
  return innermost(walk.order.filter(state => stuck.has(state)), next)
    .filter(states => walk.owns(states) && !endsByLength(states, walk, next))
    .map(states => [...states.filter(walk.isOwn), ...states.filter(state => !walk.isOwn(state))])
    .map(states => ({ states, circle: circleFrom(states[0] as number, new Set(states), walk, allowed) }))
}

/** Whether `longest` leads out of a circle: it is taken once, so what lies behind it must not come back into the circle. A circle behind it is a trap of its own. */
function endsByLength(states: readonly number[], walk: Walk, next: ReadonlyMap<number, readonly number[]>): boolean {
  const way = states.flatMap(state => walk.ways[state] ?? []).find(one => one.by === 'longest')
  if (way === undefined) return false
  const behind = new Set([way.to])
  for (const state of behind) for (const to of next.get(state) ?? []) behind.add(to)
  return !states.some(state => behind.has(state))
}

/** States from which no allowed way leads to an end, each with where its allowed ways lead. */
function stuckStates(walk: Walk, allowed: (way: Way) => boolean, leaves: (state: number) => boolean) {
  const next = new Map<number, number[]>()
  const before = new Map<number, number[]>()
  const free: number[] = []
  for (const state of walk.order) {
    const to = (walk.ways[state] ?? []).filter(allowed).map(way => way.to)
    next.set(state, to)
    if (leaves(state) || to.length === 0 || to.includes(END)) free.push(state)
    for (const one of to) {
      const list = before.get(one)
      if (list === undefined) before.set(one, [state])
      else list.push(state)
    }
  }
  const out = new Set(free)
  for (let state = free.pop(); state !== undefined; state = free.pop()) {
    for (const one of before.get(state) ?? []) {
      if (out.has(one)) continue
      out.add(one)
      free.push(one)
    }
  }
  return { stuck: new Set(walk.order.filter(state => !out.has(state))), next }
}

/** The strongly connected parts that nothing leads out of (Tarjan's algorithm, with its own stack), each in the order of `states`. */
function innermost(states: readonly number[], next: ReadonlyMap<number, readonly number[]>): number[][] {
  const rank = new Map(states.map((state, index) => [state, index]))
  const index = new Map<number, number>()
  const low = new Map<number, number>()
  const part = new Map<number, number>()
  const open: number[] = []
  const parts: number[][] = []
  for (const root of states) {
    if (index.has(root)) continue
    const work = [{ state: root, at: 0 }]
    for (let top = work.at(-1); top !== undefined; top = work.at(-1)) {
      const { state } = top
      if (top.at === 0) {
        index.set(state, index.size)
        low.set(state, index.get(state) as number)
        open.push(state)
      }
      const to = next.get(state)?.[top.at++]
      if (to !== undefined) {
        if (!index.has(to)) work.push({ state: to, at: 0 })
        else if (!part.has(to)) low.set(state, Math.min(low.get(state) as number, index.get(to) as number))
        continue
      }
      work.pop()
      const above = work.at(-1)
      if (above !== undefined) low.set(above.state, Math.min(low.get(above.state) as number, low.get(state) as number))
      if (low.get(state) !== index.get(state)) continue
      const members = open.splice(open.lastIndexOf(state))
      for (const one of members) part.set(one, parts.length)
      parts.push(members)
    }
  }
  return parts
    .filter((members, number) => members.every(state => (next.get(state) ?? []).every(to => part.get(to) === number)))
    .map(members => members.sort((a, b) => (rank.get(a) as number) - (rank.get(b) as number)))
    .sort((a, b) => (rank.get(a[0] as number) as number) - (rank.get(b[0] as number) as number))
}

function circleFrom(first: number, inside: ReadonlySet<number>, walk: Walk, allowed: (way: Way) => boolean): Trap['circle'] {
  const came = new Map<number, { state: number; way: Way }>()
  const queue = [first]
  for (let at = 0; at < queue.length && !came.has(first); at++) {
    const state = queue[at] as number
    for (const way of (walk.ways[state] ?? []).filter(allowed)) {
      if (!inside.has(way.to) || came.has(way.to)) continue
      came.set(way.to, { state, way })
      queue.push(way.to)
    }
  }
  const circle: { state: number; way: Way }[] = []
  let at = first
  do {
    const step = came.get(at)
    if (step === undefined) break
    circle.unshift(step)
    at = step.state
  } while (at !== first)
  return circle
}
