/** Which states can be the first that the carrier is asked for something by. */
import type { Flow, State } from '../../compile/flow.ts'
import type { Walk } from './walk.ts'

/** Verbs that the carrier is asked for something by. */
const ANSWERS: ReadonlySet<State['verb']> = new Set(['ivr', 'play', 'connect', 'record'])
/** Verbs that lead on at once. */
const AT_ONCE: ReadonlySet<State['verb'] | undefined> = new Set(['route', 'set', 'lookup', 'fetch', 'send'])

/** States that a call can come to before the carrier was asked for anything. */
export function firstAnswers(flow: Flow, walk: Walk): Set<number> {
  const found = new Set<number>([flow.start])
  for (const state of found) {
    const verb = flow.states[state]?.verb
    if (AT_ONCE.has(verb)) for (const { to } of walk.ways[state] ?? []) found.add(to)
    if (verb === 'flow') for (const { to, meets } of walk.ways[state] ?? []) if (meets === undefined || ![...meets].some(one => ANSWERS.has(one))) found.add(to)
  }
  return found
}
