/** What can happen next in a state: every way that `step` could take, with what the caller does for it. */
import type { FetchState, Flow, IvrState, State } from '../../compile/flow.ts'
import { matchesWhole } from '../../compile/regex.ts'
import { fixedText } from '../../compile/template.ts'
import { constantResult } from './constant.ts'

export interface Way {
  /** The index of a state, or END. */
  readonly to: number
  /**
   * `caller`: a key is pressed; `silent`: the caller does nothing; `line`: somebody who is rung, or the recording,
   * decides; `itself`: nobody does; `fault`: a sound cannot be played; `never`: a `route` whose tests always or never hold
   * leaves this line out, which is a mistake of its own; `longest`: the call has lasted too long, which holds only once.
   */
  readonly by: 'caller' | 'silent' | 'line' | 'itself' | 'fault' | 'never' | 'longest'
  /** What a person would do, or what happens, in words; empty where there is nothing to tell. */
  readonly say: string
  /** Of an ivr: the entry was accepted, and saved where the state says so. Of a lookup: the row was found. Of a fetch: what it saves came with the reply. */
  readonly accepted?: true
  /** Of a route: the place of its line. */
  readonly line?: number
  /** Of a flow that is run: the exit that it leaves by. */
  readonly exit?: string
  /** The same: the verbs of the states that a call can come to in there. */
  readonly meets?: ReadonlySet<State['verb']>
}

/**
 * All ways of every state but those that run a flow, by index. A hangup and a handover have none: the call is over for us.
 * Nor has an exit: the flow is left. How long a call may last says the flow that answered, wherever the call is.
 */
export function waysOf(flow: Flow): (readonly Way[])[] {
  const { longest } = flow
  const late: readonly Way[] = longest === undefined ? [] : [{ to: longest.to, by: 'longest', say: `stay on the line for ${longest.seconds} seconds` }]
  return flow.states.map((state, index) => [...waysOfState(flow, state, index), ...(asks(state) ? late : [])])
}

/** Whether the carrier reports back from a state: only then the length of the call is looked at. */
function asks({ verb }: State): boolean {
  return verb === 'ivr' || verb === 'play' || verb === 'connect' || verb === 'record'
}

function waysOfState(flow: Flow, state: State, index: number): Way[] {
  switch (state.verb) {
    case 'ivr': return waysOfIvr(state)
    case 'play': return [{ to: state.edges.success.to, by: 'itself', say: '' }, { to: state.edges.failed.to, by: 'fault', say: `the sound of \`${state.name}\` cannot be played` }]
    case 'connect': return [
      { to: state.edges.success.to, by: 'line', say: `\`${state.name}\` is answered` },
      { to: state.edges.busy.to, by: 'line', say: `\`${state.name}\` is busy` },
      { to: state.edges.failed.to, by: 'line', say: `nobody answers \`${state.name}\`` },
    ]
    case 'record': return [{ to: state.edges.success.to, by: 'line', say: 'leave a message' }, { to: state.edges.failed.to, by: 'line', say: 'the recording fails' }]
    case 'route': return waysOfRoute(flow, state, index)
    case 'set': case 'send': return [{ to: state.edges.next.to, by: 'itself', say: '' }]
    case 'lookup': return [{ to: state.edges.success.to, by: 'itself', say: `\`${state.name}\` finds a row`, ...ACCEPTED }, { to: state.edges.missing.to, by: 'itself', say: `\`${state.name}\` finds no row` }]
    case 'fetch': return waysOfFetch(state)
    // those of `flow` need the ways of all other states: walk/runs.ts
    case 'flow': case 'exit': case 'hangup': case 'handover': return []
  }
}

function waysOfRoute(flow: Flow, state: State & { verb: 'route' }, index: number): Way[] {
  const ways: Way[] = []
  let taken = false
  for (const [line, { when, to }] of state.lines.entries()) {
    const constant = when === undefined ? true : constantResult(flow, index, when)
    const say = state.lines.length === 1 ? '' : when === undefined ? `no line of \`${state.name}\` holds` : `line ${line + 1} of \`${state.name}\` holds`
    ways.push({ to, line, by: taken || constant === false ? 'never' : 'itself', say })
    taken ||= constant === true
  }
  return ways
}

const ACCEPTED = { accepted: true } as const

/** A reply that is no good one may be no JSON at all: what is saved may be missing in it. */
function waysOfFetch({ name, keys, edges: { success, failed } }: FetchState): Way[] {
  const byReply = Object.entries(keys).map(([key, to]): Way => ({ to, by: 'itself', say: `\`${name}\` is told ${key}`, ...(/^[13-5][0-9]{2}$/.test(key) ? {} : ACCEPTED) }))
  return [...byReply, { to: success.to, by: 'itself', say: `\`${name}\` gets a reply`, ...ACCEPTED }, { to: failed.to, by: 'itself', say: `\`${name}\` gets no reply` }]
}

/** A key that can never be taken is a way, too: it is a mistake of its own, and what lies behind it is not another one. */
function waysOfIvr(state: IvrState): Way[] {
  const press = (key: string): string => (key.length === 1 ? `press ${key}` : `enter ${key}`)
  const ways: Way[] = []
  for (const [key, to] of Object.entries(state.keys)) ways.push({ to, by: 'caller', say: press(key), ...(key === '#' ? {} : ACCEPTED) })
  for (const [key, to] of Object.entries(state.fileKeys)) if (key.length === 1) ways.push({ to, by: 'caller', say: press(key) })
  for (const { pattern, to } of state.patterns) ways.push({ to, by: 'caller', say: `enter ${pattern.replaceAll('x', '1')}`, ...ACCEPTED })
  if (state.any !== undefined) ways.push({ to: state.any, by: 'caller', say: entry(state, 'another'), ...ACCEPTED })
  if (state.next !== undefined && state.patterns.length === 0 && Object.keys(state.keys).length === 0) ways.push({ to: state.next, by: 'caller', say: entry(state, 'any'), ...ACCEPTED })
  const { noinput, nomatch, failed } = state.edges
  ways.push({ to: noinput.to, by: 'silent', say: times('stay silent', state.silent === undefined ? 1 : state.attempts) })
  if (canBeWrong(state)) ways.push({ to: nomatch.to, by: 'caller', say: times(state.digits === 1 ? 'press a wrong key' : 'enter something wrong', state.attempts) })
  ways.push({ to: failed.to, by: 'fault', say: `the sound of \`${state.name}\` cannot be played` })
  return ways
}

/** Whether an entry may be no valid one. `*` is left out: what the carrier does with it is not documented. */
export function canBeWrong(state: IvrState): boolean {
  return !(state.any !== undefined && state.min <= 1 && state.valid === undefined && state.equals === undefined)
}

/** Whether a digit key of the state can ever be taken. */
export function isTaken(state: IvrState, key: string): boolean {
  if (key === '#') return true
  if (!fitsLength(state, key)) return false
  if (state.valid !== undefined && !matchesWhole(state.valid, key)) return false
  const equals = state.equals === undefined ? undefined : fixedText(state.equals)
  return equals === undefined || equals === key
}

function fitsLength(state: IvrState, key: string): boolean {
  return key.length <= state.digits && key.length >= state.min
}

function entry(state: IvrState, which: 'any' | 'another'): string {
  if (state.digits === 1) return `press ${which} key`
  const few = state.min === state.digits ? `${state.digits}` : `${Math.max(1, state.min)} to ${state.digits}`
  return `enter ${few} digits`
}

function times(what: string, count: number): string {
  return count === 1 ? what : `${what} ${['', '', 'twice', 'three times', 'four times', 'five times'][count] ?? `${count} times`}`
}
