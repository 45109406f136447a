/**
 * What can come of a state that runs another flow, seen from outside: a way for each exit that its calls can take, one
 * for an end of the call in there, one for each flow that is gone on with from there. So a circle, or a silent caller,
 * is followed through a flow that is run without its states being those of the flow that is looked at.
 */
import { END } from '../../compile/flow.ts'
import type { Flow, FlowState, State } from '../../compile/flow.ts'
import type { Way } from './ways.ts'

/** How a call can come to something: with nobody pressing a key, only by a key, only by a fault, or never. */
type By = 'itself' | 'caller' | 'fault' | 'never'

/** What calls can do in a flow that is run. */
interface Run {
  readonly exits: ReadonlyMap<string, By>
  /** The states that are gone on with for good, or END. */
  readonly leads: ReadonlyMap<number, By>
  readonly meets: ReadonlySet<State['verb']>
  /** The way of a call that lasts too long. */
  readonly late: Way | undefined
}

/** Fills in the ways of all states that run a flow, or go on in one. */
export function addRuns(flow: Flow, ways: (readonly Way[])[]): void {
  const runs = new Map<number, Run>()
  const done = new Set<number>()

  function waysOf(index: number): readonly Way[] {
    const state = flow.states[index]
    if (state?.verb === 'flow' && !done.has(index)) {
      done.add(index)
      ways[index] = state.jump ? [{ to: startOf(flow, state), by: 'itself', say: '' }] : waysOfRun(state, runOf(state.section))
    }
    return ways[index] ?? []
  }

  function runOf(section: number): Run {
    const known = runs.get(section)
    if (known !== undefined) return known
    const run = explore(flow, section, waysOf)
    runs.set(section, run)
    return run
  }

  flow.states.forEach((_, index) => waysOf(index))
}

function startOf(flow: Flow, state: FlowState): number {
  return flow.sections[state.section]?.start ?? END
}

function waysOfRun(state: FlowState, { exits, leads, meets, late }: Run): Way[] {
  const ways: Way[] = []
  for (const [exit, { to, word }] of Object.entries(state.edges)) {
    const by = exits.get(exit)
    if (by !== undefined) ways.push({ to, by, say: `\`${state.runs}\` leaves by \`${exit}\``, exit, meets })
    else if (exit === 'failed' && word !== undefined) ways.push({ to, by: 'fault', say: `something breaks in \`${state.runs}\`` })
  }
  for (const [to, by] of leads) ways.push({ to, by, say: to === END ? `the call ends in \`${state.runs}\`` : '', meets })
  return late === undefined ? ways : [...ways, late]
}

const LEVELS: readonly (readonly [By, (way: Way) => boolean])[] = [
  ['itself', way => way.by !== 'caller' && way.by !== 'fault' && way.by !== 'never'],
  ['caller', way => way.by !== 'fault' && way.by !== 'never'],
  ['fault', way => way.by !== 'never'],
  ['never', () => true],
]

/** Walks a flow from its start: first what nobody has to press a key for, then what a key leads to, then the rest, its way out included. */
function explore(flow: Flow, section: number, waysOf: (index: number) => readonly Way[]): Run {
  const { start, onError = END } = flow.sections[section] ?? { start: END }
  const exits = new Map<string, By>()
  const leads = new Map<number, By>()
  const meets = new Set<State['verb']>()
  const seen = new Set<number>()
  let late: Way | undefined
  for (const [by, allowed] of LEVELS) {
    const queue = seen.size === 0 ? [start] : [...seen]
    if (by === 'fault' && onError !== END) queue.push(onError)
    for (let at = 0; at < queue.length; at++) {
      const index = queue[at] as number
      const state = flow.states[index]
      if (index === END || state === undefined) {
        if (!leads.has(END)) leads.set(END, by)
        continue
      }
      if (!seen.has(index)) {
        seen.add(index)
        if (by === 'itself' || by === 'caller') meets.add(state.verb)
        note(flow, state, by, exits, leads)
      }
      if (state.verb === 'flow' && state.jump) continue
      for (const way of waysOf(index)) {
        if (way.by === 'longest') late = way
        if (way.by === 'longest' || !allowed(way)) continue
        if (by === 'itself' || by === 'caller') for (const verb of way.meets ?? []) meets.add(verb)
        // what is gone on with further in is gone on with from here, too
        if (state.verb === 'flow' && way.exit === undefined && way.to !== END && way.by !== 'fault') {
          if (!leads.has(way.to)) leads.set(way.to, by)
        } else if (way.to === END || !seen.has(way.to)) queue.push(way.to)
      }
    }
  }
  return { exits, leads, meets, late }
}

function note(flow: Flow, state: State, by: By, exits: Map<string, By>, leads: Map<number, By>): void {
  if (state.verb === 'exit' && !exits.has(state.exit)) exits.set(state.exit, by)
  if ((state.verb === 'hangup' || state.verb === 'handover') && !leads.has(END)) leads.set(END, by)
  if (state.verb === 'flow' && state.jump && !leads.has(startOf(flow, state))) leads.set(startOf(flow, state), by)
}
