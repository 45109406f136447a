import { END } from '../../compile/flow.ts'
import type { Flow, State } from '../../compile/flow.ts'
import { quoted } from '../../validate/words.ts'
import type { Walk } from '../walk/walk.ts'
import type { Rule } from '../rule.ts'

export const unreachableState: Rule = {
  name: 'unreachable-state',
  severity: 'warning',
  why: 'A state that no call can come to is either a forgotten edge or dead text.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
  lost: { play: sorry.mp3, next: end }
`,
  givesWayTo: ['loop-without-caller', 'no-way-out', 'unhandled-outcome'],
  check({ flow, walk, tell }) {
    for (const { first, others } of unreachedGroups(flow, walk)) {
      const state = flow.states[first] as State
      const more = others.map(index => flow.states[index]?.name ?? '')
      tell(state.path, {
        message: `no call can come to \`${state.name}\`${more.length === 0 ? '' : `, nor from there to ${quoted(more)}`}`,
        label: 'counted from `start:`',
        help: `let an edge lead here, or delete the state${more.length === 0 ? '' : 's'}`,
      }, 'key')
    }
  },
}

interface Group {
  readonly first: number
  /** States that only the first one leads to. */
  readonly others: readonly number[]
}

/** The named states that no call comes to; what only such a state leads to is the same mistake. */
function unreachedGroups(flow: Flow, walk: Walk): Group[] {
  const unreached = flow.states.map((_, index) => index).filter(index => !walk.reached(index))
  const named = (index: number): boolean => isNamed(flow.states[index] as State)
  const ledTo = new Set<number>()
  for (const index of unreached) for (const { to } of walk.ways[index] ?? []) if (to !== index) ledTo.add(to)
  const seen = new Set<number>()
  const groups: Group[] = []
  // first what nothing leads to, then circles of states that only name each other; what is written in place belongs to a state
  const firsts = unreached.filter(index => named(index) && !ledTo.has(index))
  for (const first of [...firsts, ...unreached.filter(named), ...unreached]) {
    if (seen.has(first)) continue
    const group = new Set([first])
    for (const index of group) for (const { to } of walk.ways[index] ?? []) if (to !== END && walk.isOwn(to) && !walk.reached(to) && !seen.has(to)) group.add(to)
    for (const index of group) seen.add(index)
    if (named(first)) groups.push({ first, others: [...group].filter(index => index !== first && named(index)) })
  }
  return groups
}

function isNamed(state: State): boolean {
  return state.path.length === 2 && state.path[0] === 'states'
}
