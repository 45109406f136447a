/** What a call sends when it is over, and when a recording of it is there. The same for a notice that is repeated. */
import { END } from '../compile/flow.ts'
import type { Flow } from '../compile/flow.ts'
import { OF_ENDED, reads } from '../compile/items.ts'
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

type Told = Readonly<Record<string, string>>

/** Whether the items of the recording of the whole call say how it ended: then they wait for that. */
export function awaitsEnd({ recordcall }: Flow): boolean {
  return recordcall !== undefined && reads(recordcall, OF_ENDED)
}

/** The items of the flow that answered. `call`: the newest that is known of it; `now`: milliseconds since 1970; `recorded`: its latest recording, as far as one was reported. */
export function itemsAtEnd(flow: Flow, call: Call, ended: Ended, now: number, world: World = UNTOUCHED, recorded?: Recorded): Item[] {
  if (flow.onHangup.length === 0) return []
  const turn = new CallTurn(flow, call, now, world, { told: { ...toldOfEnd(ended), ...(recorded === undefined ? {} : toldOfRecording(recorded)) }, ofFirst: true })
  return fillItems(turn, flow.onHangup, { key: 'on_hangup', call: call.id, flow: flow.name, state: turn.stateName })
}

/** The items of the state that recorded; of the flow that answered where the whole call was recorded. `ended`: how the call went, where that is known. */
export function itemsOfRecording(flow: Flow, call: Call, recorded: Recorded, now: number, world: World = UNTOUCHED, ended?: Ended): Item[] {
  const state = flow.states[call.state]
  const items = call.state === END ? flow.recordcall : state?.verb === 'record' || state?.verb === 'connect' ? state.deliver : undefined
  if (items === undefined || items.length === 0) return []
  const { id } = recorded
  const told = { ...toldOfRecording(recorded), ...(ended === undefined ? {} : toldOfEnd(ended)) }
  const turn = new CallTurn(flow, call, now, world, { told, ofFirst: call.state === END })
  return fillItems(turn, items, { key: `deliver ${id}`, call: call.id, flow: turn.section.name, state: turn.stateName, recording: id })
}

/** The call in the token of a recording that is of no state, but of all of it. */
export function ofWhole(call: Call): Call {
  return { ...call, state: END, stack: [] }
}

function toldOfEnd({ state, seconds, answeredBy, talkSeconds }: Ended): Told {
  return { 'call.state': state, 'call.seconds': String(seconds ?? 0), 'call.answered_by': answeredBy, 'call.talk_seconds': String(talkSeconds) }
}

function toldOfRecording({ id, url, seconds, created }: Recorded): Told {
  return { 'recording.id': id, 'recording.url': url, 'recording.seconds': String(seconds), 'recording.created': created }
}
