/** Flow × Call × Event → the next call, the answer, and what happened: pure, capped, total. It never waits and never throws. */
import type { Action, Reply } from '../compile/action.ts'
import type { Ask } from '../compile/asking.ts'
import { END } from '../compile/flow.ts'
import type { Flow, Sound, State } from '../compile/flow.ts'
import { allowedAs } from '../compile/allowed-hosts.ts'
import { writeRecipe } from '../compile/recipe.ts'
import type { Recipe } from '../compile/recipe.ts'
import { isChosen, recipeOf } from '../compile/sound.ts'
import type { Event, Move } from '../compile/verb.ts'
import { verbOf } from '../compile/verbs/list.ts'
import { REJECT } from '../compile/verbs/hangup.ts'
import type { Call, First } from './call.ts'
import { Broken } from './values.ts'
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
    if (world.language !== undefined) turn.speak(world.language)
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

/** Characters of a recipe in an address: all of it stays below the 2,000 that a carrier may take. */
const MOST_RECIPE = 1150

/** A sound as a call hears it: chosen, filled in, and, where it has to be made for this call, what of. */
function settled(turn: CallTurn, sound: Sound): Sound {
  switch (sound.kind) {
    case 'translated': case 'picked': return settled(turn, sound.sounds[turn.choose(sound)] as Sound)
    case 'filled': {
      const filled = turn.fillSound(sound.template)
      return filled === undefined ? turn.flow.silence : settled(turn, filled)
    }
    case 'spoken': {
      const text = turn.fill(sound.words).trim()
      const { language, voice } = sound
      const spoken = voice === undefined ? { language } : { language, voice }
      return /[\p{L}\p{N}]/u.test(text) ? said(sound.name, [sound.spell ? { spell: text, ...spoken } : { say: text, ...spoken }], { text, written: sound.text }) : turn.flow.silence
    }
    case 'joined': {
      // an address that an input was given is fetched by us here: only from hosts that may be asked
      const isOurs = (one: Sound): boolean => one.kind !== 'given' || one.address.startsWith('sound/') || allowedAs(turn.flow.hosts, new URL(one.address)) !== undefined
      const of = sound.of.map(one => settled(turn, one)).filter(one => one !== turn.flow.silence && isOurs(one))
      return of.length === 0 ? turn.flow.silence : said(sound.name, of.flatMap(one => recipeOf(one) ?? []), { of, ...(of.every(one => 'text' in one && one.text !== undefined) ? { text: of.map(one => ('text' in one ? one.text : '')).join(' ') } : {}) })
    }
    default: return sound
  }
}

function said(name: string, recipe: Recipe, label: Pick<Sound & { kind: 'said' }, 'of' | 'text' | 'written'>): Sound {
  const size = Buffer.byteLength(writeRecipe(recipe))
  if (size > MOST_RECIPE) throw new Broken(`what is to be spoken would take ${size} bytes of an address, ${MOST_RECIPE} are possible`)
  return { kind: 'said', name, recipe, ...label }
}

function heardBy(turn: CallTurn, action: Action): Action {
  let heard = action
  while ('sound' in heard && !isFixed(heard)) {
    const { sound } = heard
    if (isChosen(sound)) {
      const at = turn.choose(sound)
      heard = heard.each?.[at] ?? { ...heard, sound: sound.sounds[at] as Sound }
    } else return { ...heard, sound: settled(turn, sound) }
  }
  return heard
}
