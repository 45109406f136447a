/** On which calls a value has not been set. */
import { END } from '../../compile/flow.ts'
import type { Flow, FlowState, State, Template, Test } from '../../compile/flow.ts'
import type { Linted } from '../rule.ts'
import { isOrdinary } from './walk.ts'
import type { Way } from './ways.ts'

/** Where a value is read, by the option that reads it. */
export interface Read {
  readonly value: number
  readonly state: number
  readonly option: string
}

/** How a call comes to a state without the value. */
export type Unset = ReadonlyMap<number, { readonly from: number; readonly way: Way } | undefined>

/** Where values are read that would be missed. Tests of a `route` are left out: asking for an empty value is how one finds out. */
export function readsOf(flow: Flow): Read[] {
  return flow.states.flatMap((state, index) => templatesOf(state).flatMap(([option, template]) => template
    .filter(part => typeof part !== 'string' && part.from === 'value' && part.filter?.name !== 'default')
    .map(part => ({ value: (part as { index: number }).index, state: index, option }))))
}

function templatesOf(state: State): (readonly [string, Template])[] {
  switch (state.verb) {
    case 'connect': return [...state.numbers.map(one => ['connect', one] as const), ...(state.callerid === undefined ? [] : [['callerid', state.callerid] as const])]
    case 'play': return state.action.do === 'play' && state.action.sound.kind === 'filled' ? [['play', state.action.sound.template]] : []
    case 'ivr': return [
      ...(state.action.do === 'ivr' && state.action.sound.kind === 'filled' ? [['ivr', state.action.sound.template] as const] : []),
      ...(state.equals === undefined ? [] : [['equals', state.equals] as const]),
    ]
    case 'set': return state.values.map(one => ['set', one.text] as const)
    case 'flow': return state.inputs.flatMap(one => ('sound' in one ? [] : [['with', 'text' in one ? one.text : one.address] as const]))
    default: return []
  }
}

/** The states that some call comes to without the value, each with how. */
export function unsetCalls({ linked: flow, walk }: Pick<Linted, 'linked' | 'walk'>, value: number, start = flow.start): Unset {
  const found = new Map<number, { from: number; way: Way } | undefined>([[start, undefined]])
  for (const [index] of found) {
    const state = flow.states[index]
    if (state === undefined) continue
    for (const way of walk.ways[index] ?? []) {
      if (way.to === END || !isOrdinary(way) || found.has(way.to) || isLeft(state) || sets({ linked: flow, walk }, state, way, value)) continue
      found.set(way.to, { from: index, way })
    }
  }
  return found
}

/** The call in words: ", stay silent". */
export function callWithout(unset: Unset, state: number): string {
  const steps: string[] = []
  let at = state
  for (let came = unset.get(at); came !== undefined; came = unset.get(at)) {
    if (came.way.say !== '') steps.unshift(came.way.say)
    at = came.from
  }
  return steps.map(step => `, ${step}`).join('')
}

/** Whether the flow is left for good: in another one its values are no longer read. */
function isLeft(state: State): boolean {
  return state.verb === 'flow' && state.jump
}

function sets(linted: Pick<Linted, 'linked' | 'walk'>, state: State, way: Way, value: number): boolean {
  if (state.verb === 'flow') return state.saves.some(one => one.index === value && isSetThere(linted, state, way, one.from))
  if (state.verb === 'set') return state.values.some(one => one.index === value)
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
  return ![...without.keys()].some(index => {
    const state = linked.states[index]
    return state?.verb === 'exit' && state.exit === way.exit
  })
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
