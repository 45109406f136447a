/**
 * Which state after an edit is which state before it: that of the same name; of those whose name is new, the one to
 * which the same edges lead and which does the same, or nearly. States written in place have no name of their own and
 * go by the edge that leads to them.
 */
import type { Flow, State } from '../compile/flow.ts'
import { END } from '../compile/flow.ts'
import { isOwn, pairExits } from './exits.ts'
import type { ExitPair } from './exits.ts'
import { settingsOf } from './settings.ts'
import type { Setting } from './settings.ts'

export interface Pairs {
  /** Index after by index before. */
  readonly after: ReadonlyMap<number, number>
  readonly before: ReadonlyMap<number, number>
  /** The exits of two states that stand for each other. */
  exits(before: number, after: number): ExitPair[]
  /** Whether two targets are the same for a caller: the end, the same address, or states that stand for each other. */
  same(before: number, after: number): boolean
}

/** How much of two states must agree for one to be the other under a new name, from 0 to 1. */
const NEAR = 0.6

/** Finds the states of two versions of a flow that stand for each other. */
export function pairStates(before: Flow, after: Flow): Pairs {
  const forward = new Map<number, number>()
  const back = new Map<number, number>()
  const candidates = new Map<number, Map<number, number>>()
  const queue: [number, number][] = []
  const settings = { before: remembered(before), after: remembered(after) }
  /** How many edges lead to a state from those that are known, and from the top of the file. */
  const arrivals = { before: new Map<number, number>(), after: new Map<number, number>() }

  const same = (b: number, a: number): boolean => {
    if (b === END || a === END) return b === a
    const [old, now] = [before.states[b], after.states[a]]
    if (old?.verb === 'handover' || now?.verb === 'handover') return old?.verb === 'handover' && now?.verb === 'handover' && old.address === now.address
    return forward.get(b) === a
  }
  // a state is called by the place of its counterpart; one without is told apart by what it does
  const nameOf = (side: 'before' | 'after', index: number): string => {
    const other = side === 'before' ? index : back.get(index)
    return other !== undefined && forward.has(other) ? `#${other}` : '?'
  }
  const exits = (b: number, a: number): ExitPair[] => pairExits(before.states[b] as State, after.states[a] as State, nameOf)

  function pair(b: number, a: number): void {
    forward.set(b, a)
    back.set(a, b)
    candidates.delete(b)
    queue.push([b, a])
  }

  /** Both ends of an edge that leads from states that stand for each other. */
  function support(b: number, a: number): void {
    if (!isOwn(before, b) || !isOwn(after, a) || forward.has(b) || back.has(a)) return
    if (isInPlace(before.states[b]) && isInPlace(after.states[a])) {
      pair(b, a)
      return
    }
    const votes = candidates.get(b) ?? new Map<number, number>()
    candidates.set(b, votes.set(a, (votes.get(a) ?? 0) + 1))
  }

  function spread(): void {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      for (const { before: old, after: now } of exits(...next)) {
        if (old !== undefined) count(arrivals.before, old.to)
        if (now !== undefined) count(arrivals.after, now.to)
        if (old !== undefined && now !== undefined) support(old.to, now.to)
      }
    }
  }

  /** From 0 to 1: what is heard or rung, and where that leads, counts as much as all other options. */
  function likeness(b: number, a: number): number {
    const [old, now] = [before.states[b] as State, after.states[a] as State]
    if (old.verb !== now.verb) return 0
    const own = compared(settings.before(b), settings.after(a))
    const ways = exits(b, a)
    const kept = ways.filter(way => way.before !== undefined && way.after !== undefined && way.otherTest !== true && couldBe(way.before.to, way.after.to)).length
    const wayShare = ways.length === 0 ? 1 : kept / ways.length
    // keys and lines say what a menu or a route is for; the outcomes of other verbs hardly tell one from another
    const essential = old.verb === 'ivr' ? (own.essential + wayShare) / 2 : old.verb === 'route' ? wayShare : own.essential
    return essential / 2 + (own.other + wayShare) / 4
  }

  /** Whether two targets are, or may still turn out to be, the same. */
  function couldBe(b: number, a: number): boolean {
    return same(b, a) || (isOwn(before, b) && isOwn(after, a) && !forward.has(b) && !back.has(a))
  }

  /** Takes the best of the candidates that are alike enough; whether there was one. */
  function choose(least: number): boolean {
    const found: { b: number; a: number; votes: number; like: number }[] = []
    for (const [b, votes] of candidates) {
      for (const [a, edges] of votes) {
        if (back.has(a)) continue
        // one that does not do the same must at least be reached in the same way
        if (least < 1 && (arrivals.before.get(b) !== edges || arrivals.after.get(a) !== edges)) continue
        const like = likeness(b, a)
        if (like >= least) found.push({ b, a, votes: edges, like })
      }
    }
    found.sort((x, y) => y.like - x.like || y.votes - x.votes || x.b - y.b || x.a - y.a)
    for (const { b, a } of found) if (!forward.has(b) && !back.has(a)) pair(b, a)
    return found.length > 0
  }

  /** States that no known state leads to, on both sides: those that do the same, in their order. */
  function chooseUnreached(): boolean {
    const byContent = new Map<string, number[]>()
    const rest = (flow: Flow, known: ReadonlyMap<number, number>, reached: ReadonlyMap<number, number>): number[] =>
      [...flow.states.keys()].filter(index => isOwn(flow, index) && !isInPlace(flow.states[index]) && !known.has(index) && !reached.has(index))
    for (const b of rest(before, forward, arrivals.before)) {
      const key = contentKey(before.states[b] as State, settings.before(b))
      byContent.set(key, [...(byContent.get(key) ?? []), b])
    }
    for (const a of rest(after, back, arrivals.after)) {
      const b = byContent.get(contentKey(after.states[a] as State, settings.after(a)))?.find(one => !forward.has(one) && likeness(one, a) === 1)
      if (b !== undefined) pair(b, a)
    }
    return queue.length > 0
  }

  const named = new Map(before.states.map((state, index) => [state.name, index] as const).filter(([, index]) => isOwn(before, index) && !isInPlace(before.states[index])))
  after.states.forEach((state, a) => {
    const b = isOwn(after, a) && !isInPlace(state) ? named.get(state.name) : undefined
    if (b !== undefined) pair(b, a)
  })
  for (const [b, a] of [[before.start, after.start], [before.onError, after.onError], [before.longest?.to ?? END, after.longest?.to ?? END]] as const) {
    count(arrivals.before, b)
    count(arrivals.after, a)
    support(b, a)
  }
  do spread()
  while (choose(1) || choose(NEAR) || chooseUnreached())
  return { after: forward, before: back, exits, same }
}

function count(counts: Map<number, number>, index: number): void {
  counts.set(index, (counts.get(index) ?? 0) + 1)
}

function remembered(flow: Flow): (index: number) => readonly Setting[] {
  const known = new Map<number, readonly Setting[]>()
  return index => {
    const settings = known.get(index) ?? settingsOf(flow, flow.states[index] as State)
    known.set(index, settings)
    return settings
  }
}

/** Whether a state stands where an edge leads, and has no name of its own. */
export function isInPlace(state: State | undefined): boolean {
  return state !== undefined && !(state.path.length === 2 && state.path[0] === 'states')
}

function contentKey(state: State, settings: readonly Setting[]): string {
  return JSON.stringify([state.verb, settings.map(({ name, key }) => [name, key])])
}

/** Which share of the settings agrees, those that say what a state is for apart from the others. */
function compared(old: readonly Setting[], now: readonly Setting[]): { essential: number; other: number } {
  const share = (essential: boolean): number => {
    const [a, b] = [old, now].map(side => new Map(side.filter(one => one.essential === essential).map(one => [one.name, one.key]))) as [Map<string, string>, Map<string, string>]
    const names = new Set([...a.keys(), ...b.keys()])
    return names.size === 0 ? 1 : [...names].filter(name => a.get(name) === b.get(name)).length / names.size
  }
  return { essential: share(true), other: share(false) }
}
