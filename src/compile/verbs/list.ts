/** All verbs that are built. A new one is one file and one line here. */
import { connect } from './connect.ts'
import { exit } from './exit.ts'
import { fetchVerb } from './fetch.ts'
import { flow } from './flow.ts'
import { hangup } from './hangup.ts'
import { ivr } from './ivr.ts'
import { lookup } from './lookup.ts'
import { play } from './play.ts'
import { record } from './record.ts'
import { route } from './route.ts'
import { send } from './send.ts'
import { set } from './set.ts'
import type { State } from '../flow.ts'
import type { Verb } from '../verb.ts'

/** The verbs, each with its own kind of state: whoever calls one hands it a state of that verb. */
export const VERBS: readonly Verb<State>[] = [ivr, play, connect, record, hangup, route, set, lookup, fetchVerb, send, flow, exit]

const byName = new Map<string, Verb<State>>(VERBS.map(verb => [verb.name, verb]))

/** The verb of a state; the pseudo-verb of a handover has none. */
export function verbOf(state: State): Verb<State> | undefined {
  return byName.get(state.verb)
}

/** The verb that a state written in a file has, by its key. */
export function verbIn(data: Readonly<Record<string, unknown>>): Verb<State> | undefined {
  return VERBS.find(verb => data[verb.name] !== undefined)
}
