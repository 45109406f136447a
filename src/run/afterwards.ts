/** What a call sends when it is over, and when a recording of it is there. The same for a notice that is repeated. */
import { END } from '../compile/flow.ts'
import type { Flow } from '../compile/flow.ts'
import type { Call } from './call.ts'
import type { Item } from './effect.ts'
import { fillItems } from './items.ts'
import { CallTurn } from './turn.ts'
import { UNTOUCHED } from './world.ts'
import type { World } from './world.ts'

/** How a call went, as the carrier tells at its end. */
export interface Ended {
  readonly state: string
  /** Whole seconds; undefined where nobody answered. */
  readonly seconds: number | undefined
  /** The number that answered last; empty for none. */
  readonly answeredBy: string
  readonly talkSeconds: number
}

/** A recording that is there. */
export interface Recorded {
  /** The carrier's name of it, without an ending. */
  readonly id: string
  readonly url: string
  readonly seconds: number
  /** As the carrier says it. */
  readonly created: string
}

/** The items of the flow that answered. `call`: the newest that is known of it; `now`: milliseconds since 1970. */
export function itemsAtEnd(flow: Flow, call: Call, ended: Ended, now: number, world: World = UNTOUCHED): Item[] {
  if (flow.onHangup.length === 0) return []
  const told = {
    'call.state': ended.state, 'call.seconds': String(ended.seconds ?? 0), 'call.answered_by': ended.answeredBy, 'call.talk_seconds': String(ended.talkSeconds),
  }
  const turn = new CallTurn(flow, call, now, world, { told, ofFirst: true })
  return fillItems(turn, flow.onHangup, { key: 'on_hangup', call: call.id, flow: flow.name, state: turn.stateName })
}

/** The items of the state that recorded; of the flow that answered where the whole call was recorded. */
export function itemsOfRecording(flow: Flow, call: Call, recorded: Recorded, now: number, world: World = UNTOUCHED): Item[] {
  const state = flow.states[call.state]
  const items = call.state === END ? flow.recordcall : state?.verb === 'record' || state?.verb === 'connect' ? state.deliver : undefined
  if (items === undefined || items.length === 0) return []
  const { id, url, seconds, created } = recorded
  const told = { 'recording.id': id, 'recording.url': url, 'recording.seconds': String(seconds), 'recording.created': created }
  const turn = new CallTurn(flow, call, now, world, { told, ofFirst: call.state === END })
  return fillItems(turn, items, { key: `deliver ${id}`, call: call.id, flow: turn.section.name, state: turn.stateName, recording: id })
}
