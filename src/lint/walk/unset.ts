/** On which calls a value has not been set. */
import type { Action } from '../../compile/action.ts'
import { END } from '../../compile/flow.ts'
import type { FetchState, Flow, FlowState, Sound, State, Template, Test } from '../../compile/flow.ts'
import { templatesOfItem } from '../../compile/outgoing.ts'
import type { Outgoing } from '../../compile/outgoing.ts'
import { soundsWithin } from '../../compile/sound.ts'
import type { Linted } from '../rule.ts'
import { isOrdinary, MOST_STEPS } from './walk.ts'
import type { Way } from './ways.ts'

/** Of a state: no call has come, or the call begins there. */
const NOT_COME = -2
const BEGUN = -1

/** Where a value is read, by the option that reads it. */
export interface Read {
  readonly value: number
  readonly state: number
  readonly option: string
}

/** How calls come to states without the value. */
export interface Unset {
  /** Whether some call comes to a state so. */
  has(state: number): boolean
  /** Where it came from, and how; undefined for the first state. */
  came(state: number): { readonly from: number; readonly way: Way } | undefined
}

/** Where values are read that would be missed. Tests of a `route` are left out: asking for an empty value is how one finds out. */
export function readsOf(flow: Flow): Read[] {
  return flow.states.flatMap((state, index) => templatesOf(state).flatMap(([option, template]) => template
    .filter(part => typeof part !== 'string' && part.from === 'value' && part.filter?.name !== 'default')
    .map(part => ({ value: (part as { index: number }).index, state: index, option }))))
}

function templatesOf(state: State): (readonly [string, Template])[] {
  switch (state.verb) {
    case 'send': return itemTemplates('send', state.items)
    case 'record': return itemTemplates('deliver', state.deliver)
    case 'connect': return [...itemTemplates('deliver', state.deliver ?? []), ...state.numbers.map(one => ['connect', one] as const), ...(state.callerid === undefined ? [] : [['callerid', state.callerid] as const])]
    case 'play': return addressesOf(state.action).map(template => ['play', template] as const)
    case 'ivr': return [
      ...addressesOf(state.action).map(template => ['ivr', template] as const),
      ...(state.equals === undefined ? [] : [['equals', state.equals] as const]),
    ]
    case 'set': return [...(state.language === undefined ? [] : [['set', state.language] as const]), ...state.values.flatMap(one => ('text' in one ? [['set', one.text] as const] : []))]
    case 'lookup': return [['key', state.key]]
    case 'fetch': return templatesOfFetch(state)
    case 'flow': return state.inputs.flatMap(one => ('sound' in one ? [] : [['with', 'text' in one ? one.text : one.address] as const]))
    default: return []
  }
}

function itemTemplates(option: string, items: readonly Outgoing[]): (readonly [string, Template])[] {
  return items.flatMap(item => templatesOfItem(item).map(([, template]) => [option, template] as const))
}

function templatesOfFetch({ address, headers, query, body }: FetchState): (readonly [string, Template])[] {
  const texts = body === undefined ? [] : body.kind === 'form' ? body.pairs.map(([, text]) => text) : body.parts.flatMap(part => (typeof part === 'string' ? [] : [part.text]))
  return [
    ['fetch', address], ...headers.map(([, text]) => ['headers', text] as const), ...query.map(([, text]) => ['query', text] as const),
    ...texts.map(text => [body?.kind ?? 'json', text] as const),
  ]
}

/** The addresses and words with values that an action may play. Which sound is picked for an empty value, the flow says itself. */
function addressesOf(action: Action): Template[] {
  return 'sound' in action ? templatesIn(action.sound) : []
}

function templatesIn(sound: Sound): Template[] {
  return soundsWithin(sound).flatMap(one => (one.kind === 'filled' ? [one.template] : one.kind === 'spoken' ? [one.words] : one.kind === 'joined' ? one.of.flatMap(templatesIn) : []))
}

/** The states that some call comes to without the value, each with how. `start`: where a flow begins that is run. */
export function unsetCalls({ linked, walk }: Pick<Linted, 'linked' | 'walk'>, value: number, start = linked.start): Unset {
  // arrays and no maps: a large flow asks this for each of its values
  const froms = new Int32Array(linked.states.length).fill(NOT_COME)
  const taken: Way[] = []
  const queue = [start]
  froms[start] = BEGUN
  // only where a call may last too long does it come back from a flow that it goes on in for good
  const comesBack = linked.longest !== undefined && start === linked.start
  const isFollowed = (way: Way): boolean => isOrdinary(way) || (way.by === 'longest' && comesBack)
  for (let at = 0; at < queue.length; at++) {
    const index = queue[at] as number
    const state = linked.states[index]
    if (state === undefined || (isLeft(state) && !comesBack)) continue
    for (const way of walk.ways[index] ?? []) {
      if (way.to === END || froms[way.to] !== NOT_COME || !isFollowed(way) || sets({ linked, walk }, state, way, value)) continue
      froms[way.to] = index
      taken[way.to] = way
      queue.push(way.to)
    }
  }
  return {
    has: state => froms[state] !== undefined && froms[state] !== NOT_COME,
    came(state) {
      const way = taken[state]
      return way === undefined ? undefined : { from: froms[state] as number, way }
    },
  }
}

/** The call in words: ", stay silent". */
export function callWithout(unset: Unset, state: number): string {
  const steps: string[] = []
  let at = state
  for (let came = unset.came(at); came !== undefined; came = unset.came(at)) {
    if (came.way.say !== '') steps.push(came.way.say)
    at = came.from
  }
  steps.reverse()
  const shown = steps.length <= MOST_STEPS ? steps : [...steps.slice(0, MOST_STEPS / 2), '…', ...steps.slice(-MOST_STEPS / 2)]
  return shown.map(step => `, ${step}`).join('')
}

/** Whether the flow is left for good: in another one its values are no longer read. */
function isLeft(state: State): boolean {
  return state.verb === 'flow' && state.jump
}

function sets(linted: Pick<Linted, 'linked' | 'walk'>, state: State, way: Way, value: number): boolean {
  if (state.verb === 'flow') return state.saves.some(one => one.index === value && isSetThere(linted, state, way, one.from))
  if (state.verb === 'set') return state.values.some(one => one.index === value)
  if (state.verb === 'fetch') return way.accepted === true && state.save.some(one => one.index === value)
  if (state.verb === 'lookup') return way.accepted === true && state.columns.includes(value)
  if (state.verb === 'ivr') return state.save === value && way.accepted === true
  if (state.verb === 'route') return way.line !== undefined && knownSet(state, way.line, value)
  return false
}

/** Whether a flow that is run has set a value whenever it leaves by an exit. Its inputs are given. */
function isSetThere({ linked, walk }: Pick<Linted, 'linked' | 'walk'>, run: FlowState, way: Way, value: number): boolean {
  const section = linked.sections[run.section]
  if (way.exit === undefined || section === undefined) return false
  if (run.inputs.some(input => input.index === value)) return true
  const without = unsetCalls({ linked, walk }, value, section.start)
  return !linked.states.some((state, index) => state.verb === 'exit' && state.exit === way.exit && without.has(index))
}

/** Whether a line of a route can be taken only where the value is there: its own test says so, or one above asked whether it is empty. */
function knownSet(state: State & { verb: 'route' }, line: number, value: number): boolean {
  const own = state.lines[line]?.when
  if (own !== undefined && wantsText(own, value)) return true
  return state.lines.slice(0, line).some(({ when }) => when !== undefined && isEmptyTest(when, value))
}

function asks(test: Test, value: number): test is Test & { test: 'value' } {
  const [part] = test.test === 'value' ? test.value : []
  return test.test === 'value' && test.value.length === 1 && typeof part === 'object' && part.from === 'value' && part.index === value && part.filter === undefined
}

function wantsText(test: Test, value: number): boolean {
  if (test.test === 'all') return test.tests.some(one => wantsText(one, value))
  return asks(test, value) && !(test.compare.by === 'empty' && test.compare.empty) && !(test.compare.by === 'in' && test.compare.texts.some(text => text.length === 0))
}

function isEmptyTest(test: Test, value: number): boolean {
  return asks(test, value) && test.compare.by === 'empty' && test.compare.empty
}
