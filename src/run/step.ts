/** Flow × Call × Event → the next call, the answer, and what happened: pure, capped, total. It never waits and never throws. */
import type { Action, Reply } from '../compile/action.ts'
import type { Ask } from '../compile/asking.ts'
import { END } from '../compile/flow.ts'
import type { Flow, Sound, State } from '../compile/flow.ts'
import { isChosen } from '../compile/sound.ts'
import type { Event, Move } from '../compile/verb.ts'
import { verbOf } from '../compile/verbs/list.ts'
import { REJECT } from '../compile/verbs/hangup.ts'
import type { Call, First } from './call.ts'
import type { Item } from './effect.ts'
import { CallTurn } from './turn.ts'
import { UNTOUCHED } from './world.ts'
import type { World } from './world.ts'

/** States that one call arrives at before it is sent to `on_error`, and before it is hung up. */
export const MOST_MOVES = 180
export const LAST_MOVE = 200
/** Plays nested into one answer. The carrier states no limit; shallow trees are the safe reading (facts: nesting). */
const MOST_NESTED = 8

const HANG_UP: Reply = { actions: [REJECT], then: 'nothing' }

/** One move, for logs and traces. */
export interface TraceLine {
  readonly from: string
  /** The outcome, as `on` would name it; digits of a sensitive state are hidden. */
  readonly event: string
  readonly to: string
  /** The public holiday that the route went by. */
  readonly holiday?: string
  /** Why a `fetch` failed, in a word. */
  readonly reason?: string
}

export interface Step {
  readonly call: Call
  readonly reply: Reply
  readonly trace: readonly TraceLine[]
  /** What the world is asked for: stored before the answer leaves. */
  readonly effects?: readonly Item[]
  /** The call needs the world: this has to be asked, and the same step made again with the answer behind those of its world. Until then it holds no reply for the carrier. */
  readonly ask?: Ask
  /** It rings a number that comes from a value: these are counted. */
  readonly rings?: true
  /** Why the call went to `on_error`, where something of ours broke. */
  readonly broke?: string
}

/** Values that a call begins with, by name. */
export type Given = Readonly<Record<string, string>>

/** Names of the values that are the flow's own, and not of one that it runs: its inputs, and what it sets. */
export function ownValues({ values, sections: [own] }: Flow): readonly string[] {
  return values.slice(own.values.from, own.values.from + own.values.count)
}

/** Answers the first request of a call. */
export function start(flow: Flow, first: First, now: number, world: World = UNTOUCHED, given: Given = world.inputs ?? {}): Step {
  return begin(flow, first, now, flow.start, false, world, given)
}

/** `begun`: whether the carrier has been asked for something before, so that a hang-up can no longer be a busy tone. */
function begin(flow: Flow, first: First, now: number, to: number, begun: boolean, world: World, given: Given = {}): Step {
  const reads = (name: string, text: string): string => (flow.reads.includes(name) ? text : '')
  const call: Call = {
    id: first.id, version: flow.version, start: first.start, step: begun ? 1 : 0, moves: 0, state: END, attempt: 1, place: 0, language: 0,
    caller: reads('caller', first.caller), called: reads('called', first.called), direction: reads('direction', first.direction),
    digits: '', values: [], visits: [], heard: [], answered: [], stack: [],
  }
  return walk(new CallTurn(flow, call, now, world), turn => {
    for (const [name, text] of Object.entries(given)) {
      const index = ownValues(flow).indexOf(name)
      if (index >= 0) turn.keep(flow.sections[0].values.from + index, text)
    }
    return arrive(turn, { to, why: begun ? 'error' : 'start' }, '')
  })
}

/** Answers the carrier's report of what the call's state had asked for. `now`: milliseconds since 1970. */
export function step(flow: Flow, call: Call, event: Event, now: number, world: World = UNTOUCHED): Step {
  return walk(new CallTurn(flow, call, now, world), turn => {
    const { longest } = flow
    if (longest !== undefined && turn.visits(longest.taken) === 0 && Math.floor(now / 1000) - call.start >= longest.seconds) {
      const from = turn.stateName
      turn.visit(longest.taken)
      turn.leaveAll()
      return arrive(turn, { to: longest.to, why: 'longest' }, from)
    }
    const state = flow.states[call.state]
    if (state === undefined) throw new Error(`the call stands in state ${call.state}, which its version does not have`)
    const verb = verbOf(state)
    const move: Move = verb?.report === undefined ? { to: END, why: event.kind } : verb.report(turn, state, event)
    return arrive(turn, move, state.name, hides(state))
  })
}

/** Answers a call of which nothing could be read but its flow: `on_error`, at worst a hang-up. */
export function rescue(flow: Flow, first: First, now: number, reason: string, world: World = UNTOUCHED): Step {
  return { ...begin(flow, first, now, flow.onError, true, world), broke: reason }
}

interface Arrived {
  readonly reply: Reply
  readonly trace: TraceLine[]
  readonly ask?: Ask
}

function walk(turn: CallTurn, go: (turn: CallTurn) => Arrived): Step {
  try {
    return made(turn, go(turn))
  } catch (error) {
    return onError(turn, (error as Error).message)
  }
}

function made(turn: CallTurn, { reply, trace, ask }: Arrived): Step {
  const { effects, flow } = turn
  // the carrier takes it on the first action only, and a hang-up has nothing to be recorded
  const isRecorded = flow.recordcall !== undefined && !turn.begun && reply.actions[0]?.do !== 'hangup'
  return { call: turn.end(), reply: isRecorded ? { ...reply, recordcall: true } : reply, trace, ...(effects === undefined ? {} : { effects }), ...(turn.rings ? { rings: true } : {}), ...(ask === undefined ? {} : { ask }) }
}

/** What breaks in a call sends it to `on_error`; what breaks there hangs up. */
function onError(turn: CallTurn, broke: string): Step {
  try {
    const from = turn.stateName
    return { ...made(turn, arrive(turn, { to: turn.wayOut(), why: 'error' }, from)), broke }
  } catch (error) {
    return { ...made(turn, { reply: HANG_UP, trace: [] }), broke: `${broke}; and on the way out: ${(error as Error).message}` }
  }
}

/** Goes from state to state until one asks the carrier for something. */
function arrive(turn: CallTurn, first: Move, from: string, hidden = false): Arrived {
  const trace: TraceLine[] = []
  const before: Action[] = []
  let move = first
  let name = from
  for (;;) {
    if ('reply' in move) {
      const asked = name === '' || trace.length > 0 ? move.reply : (trace.push({ from: name, event: 'again', to: name }), move.reply)
      return { reply: fillSounds(turn, before.length === 0 ? asked : { actions: [...before, ...asked.actions], then: asked.then }), trace }
    }
    if ('ask' in move) return { reply: HANG_UP, trace, ask: move.ask }
    if (move.via !== undefined) {
      trace.push({ from: name, event: move.why, to: move.via })
      name = move.via
    }
    // a call that ends is not sent anywhere: only one that would go on is sent to the way out, once
    const to: number = turn.moves === MOST_MOVES && move.to !== END ? turn.wayOut() : move.to
    const state: State | undefined = to === END || turn.moves >= LAST_MOVE ? undefined : turn.flow.states[to]
    trace.push({ from: name, event: hidden && /^[0-9*#]+$/.test(move.why) ? '***' : move.why, to: state?.name ?? 'end', ...(move.holiday === undefined ? {} : { holiday: move.holiday }), ...(move.reason === undefined ? {} : { reason: move.reason }) })
    if (state === undefined) return { reply: before.length === 0 ? HANG_UP : { actions: before, then: 'nothing' }, trace }
    turn.moves++
    turn.state = to
    turn.attempt = 1
    turn.place = 0
    if (state.visit !== undefined) turn.visit(state.visit)
    name = state.name
    hidden = false
    if (state.verb === 'play' && state.joins !== undefined && before.length < MOST_NESTED) {
      before.push(state.action)
      move = { to: state.joins, why: 'success' }
    } else if (state.verb === 'handover') {
      move = { reply: { actions: [{ do: 'play', sound: turn.flow.silence }], then: { address: state.address } } }
    } else move = (verbOf(state) as NonNullable<ReturnType<typeof verbOf>>).arrive(turn, state)
  }
}

function hides(state: State): boolean {
  return state.verb === 'ivr' && state.sensitive
}

/** The sounds that depend on the call, as it hears them. An address that may not be used is heard as silence, and the call goes on. */
function fillSounds(turn: CallTurn, reply: Reply): Reply {
  if (reply.actions.every(isFixed)) return reply
  return { ...reply, actions: reply.actions.map(action => heardBy(turn, action)) }
}

function isFixed(action: Action): boolean {
  return !('sound' in action) || action.sound.kind === 'file' || action.sound.kind === 'given'
}

function heardBy(turn: CallTurn, action: Action): Action {
  let heard = action
  while ('sound' in heard && !isFixed(heard)) {
    const { sound } = heard
    if (isChosen(sound)) {
      const at = turn.choose(sound)
      heard = heard.each?.[at] ?? { ...heard, sound: sound.sounds[at] as Sound }
    } else if (sound.kind === 'filled') {
      heard = { ...heard, sound: turn.fillSound(sound.template) ?? turn.flow.silence }
    }
  }
  return heard
}
