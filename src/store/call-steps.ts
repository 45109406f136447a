/** A step of a call → its line for the store: what happened, without the values of the call, digits that it keeps, or whole numbers. */
import type { Flow, State } from '../compile/flow.ts'
import type { Action } from '../compile/action.ts'
import type { First } from '../run/call.ts'
import { masked, shown } from '../run/masked.ts'
import type { Step, TraceLine } from '../run/step.ts'
import { edgeTaken } from '../simulate/edges.ts'
import type { Met } from './call-record.ts'
import { PART, plainText, writeStep } from './call-lines.ts'
import type { Leads } from './call-lines.ts'
import type { HeardSounds } from './heard-sounds.ts'

/** One answer, as the carrier's side tells of it. */
export interface Stepped {
  readonly flow: Flow
  readonly step: Step
  /** Milliseconds that the answer took. */
  readonly ms: number
  /** Of the first request of a call. */
  readonly first?: Pick<First, 'caller' | 'called' | 'direction'>
  /** What the carrier reported. */
  readonly result?: string | undefined
}

export interface StepLine {
  readonly line: string
  /** What happened first, the state where the call stands, and who called, in the first request. */
  readonly event: string
  readonly at: string
  readonly caller: string
}

/** The line of a step that is answered `now`. */
export function lineOf({ flow, step, ms, first, result }: Stepped, sounds: HeardSounds, now: number): StepLine {
  const { call, reply, trace } = step
  const { event, more: entered } = reported(flow, trace[0], result)
  const last = trace.at(-1)
  const action = reply.actions.at(-1) as Action
  const leads = leadsTo(flow, step, action, last)
  const isOver = action.do === 'hangup' || typeof reply.then === 'object'
  // an address that takes over is no state of ours, and the end none at all
  const at = last === undefined ? (flow.states[call.state]?.name ?? '') : last.to === 'end' || typeof reply.then === 'object' ? last.from : last.to
  let moves = `${shown(trace[0]?.from ?? flow.states[call.state]?.name ?? '')}${PART}${event}${PART}${shown(trace[0]?.to ?? 'end')}`
  let more = entered
  for (let i = 1; i < trace.length; i++) moves += `${PART}${plainText((trace[i] as TraceLine).event)}${PART}${shown((trace[i] as TraceLine).to)}`
  for (const { holiday, reason } of trace) {
    if (holiday !== undefined) more += `holiday=${plainText(holiday)}${PART}`
    if (reason !== undefined) more += `reason=${plainText(reason)}${PART}`
  }
  if (action.do === 'connect') more += `numbers=${masks(action)}${PART}`
  if (step.broke !== undefined) more += `broke=1${PART}`
  let heard = ''
  for (const one of reply.actions) {
    const ids = sounds.of(one, now)
    if (ids !== '') heard = heard === '' ? ids : `${heard},${ids}`
  }
  const met: Met = typeof reply.then === 'object' ? 'handover' : action.do
  const caller = first === undefined ? '' : person(first.caller, first.direction === 'outgoing')
  const line = writeStep(
    {
      id: call.id, flow: flow.name, begun: first === undefined ? call.start * 1000 : now, caller, called: first === undefined ? '' : person(first.called, first.direction !== 'outgoing'),
      direction: first === undefined ? '' : first.direction, at, leads, closed: isOver,
    },
    { version: flow.version, step: call.step, at: now, ms, moves, met, last: reply.then === 'nothing', heard, more },
  )
  return { line, event, at, caller }
}

/** A line of ours whole; of anybody else's number the last four digits. */
function person(number: string, isOurs: boolean): string {
  if (!/\d{3}|^sip:/.test(number)) return 'hidden'
  return isOurs ? number : masked(number)
}

const ENTERED = /^[0-9*#]+$/
/** What a trace has for keys that are not shown. */
const UNSHOWN = '***'

/** What was reported, named as the edge that it took: digits are those of a key that the flow writes, or left out. `more` tells of keys that took none. */
function reported(flow: Flow, first: TraceLine | undefined, result: string | undefined): { readonly event: string; readonly more: string } {
  const event = first?.event ?? 'error'
  const isMistake = event === 'again' || event === 'nomatch'
  if (!isMistake && (event === UNSHOWN || !ENTERED.test(event))) return { event: plainText(event), more: '' }
  const state = statesOf(flow).get(first?.from ?? '')
  if (state?.verb !== 'ivr') return { event, more: '' }
  if (!isMistake) return { event: edgeTaken(state, event, event) ?? 'next', more: '' }
  const entered = result !== undefined && ENTERED.test(result) ? result : ''
  const keys = entered.length > 1 && entered.endsWith('#') ? entered.slice(0, -1) : entered
  return {
    event: event === 'nomatch' ? event : entered === '' ? 'silent' : 'sorry',
    more: entered === '' || state.sensitive ? '' : keys.length === 1 ? `pressed=${keys}${PART}` : `keys=${keys.length}${PART}`,
  }
}

const masksOf = new WeakMap<Action, string>()

/** The last digits of the numbers that are rung. Actions of a flow are the same objects at every call. */
function masks(action: Action & { do: 'connect' }): string {
  let known = masksOf.get(action)
  if (known === undefined) {
    known = action.to.split(',').map(masked).join(',')
    masksOf.set(action, known)
  }
  return known
}

/** What the call ends by, if the next that is heard of it is its end. */
function leadsTo(flow: Flow, { reply, broke }: Step, action: Action, last: TraceLine | undefined): Leads {
  if (typeof reply.then === 'object') return 'handover'
  if (action.do === 'hangup') {
    if (broke !== undefined) return 'error'
    if (last?.to !== 'end') return 'hangup'
    return last.event === 'success' && statesOf(flow).get(last.from)?.verb === 'connect' ? 'connected' : 'end'
  }
  if (action.do === 'connect') return reply.then === 'nothing' ? 'ringing-last' : 'ringing'
  return reply.then === 'nothing' ? 'end' : 'caller'
}

const states = new WeakMap<Flow, ReadonlyMap<string, State>>()

function statesOf(flow: Flow): ReadonlyMap<string, State> {
  let known = states.get(flow)
  if (known === undefined) {
    known = new Map(flow.states.map(state => [state.name, state]))
    states.set(flow, known)
  }
  return known
}
