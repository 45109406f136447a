/** `connect`: rings one or more numbers. */
import type { PromptData, SendsData, StateData } from '../../validate/document.ts'
import { prepared } from '../action.ts'
import type { Action } from '../action.ts'
import { alsoAt, isPartly, tell } from '../context.ts'
import { refusal } from '../dialable.ts'
import type { Context } from '../context.ts'
import { compileWritten, edge, option, optionPath } from '../edges.ts'
import { END } from '../flow.ts'
import type { ConnectState, Template } from '../flow.ts'
import { compileSends, OF_RECORDING } from '../items.ts'
import { listOf } from '../lists.ts'
import { checkNumber } from '../check-number.ts'
import { isNumber } from '../number-problem.ts'
import { compilePrompt } from '../prompt.ts'
import type { Path } from '../../parse/tree.ts'
import { compileTemplate, fixedText } from '../template.ts'
import type { Move, Turn, Verb } from '../verb.ts'

/** Seconds that a number rings where nobody wrote or could read another time. */
const TIMEOUT = 30
const MOST_NUMBERS = 10

export const connect: Verb<ConnectState> = {
  name: 'connect',
  keys: ['order', 'between', 'timeout', 'callerid', 'timelimit', 'recordcall', 'deliver', 'on', 'next', 'note'],
  outcomes: ['success', 'busy', 'failed'],
  example: `
start: sales
states:
  sales: { connect: ["+46701740605", "+46701740606"], order: in-turn, timeout: 20, on: { failed: sorry } }
  sorry: { play: sorry.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'connect', data)
    const numbers = compileNumbers(context, [...path, 'connect'], data['connect'] as NumbersData)
    const order = option<ConnectState['order']>(context, 'connect', data, 'order') ?? 'together'
    const rings = option<number | string>(context, 'connect', data, 'timeout') ?? TIMEOUT
    const timeout = typeof rings === 'number' ? rings : compileTemplate(context, optionPath(path, 'connect', data, 'timeout'), rings)
    const shown = option<string>(context, 'connect', data, 'callerid')
    const callerid = shown === undefined ? undefined : compileCallerid(context, optionPath(path, 'connect', data, 'callerid'), shown)
    const timelimit = option<number>(context, 'connect', data, 'timelimit')
    const between = compileBetween(context, path, data, order)
    const deliver = compileDeliver(context, path, data)
    const fixed = {
      name, path, verb: 'connect' as const, numbers, order, timeout, ...(between === undefined ? {} : { between }),
      ...(callerid === undefined ? {} : { callerid }), ...(timelimit === undefined ? {} : { timelimit }), ...(deliver === undefined ? {} : { deliver }),
      edges: { success: edge(written, ['success'], false), busy: edge(written, ['busy', 'failed'], true), failed: edge(written, ['failed'], true) },
    }
    const action = fixedAction(fixed)
    return action === undefined ? fixed : { ...fixed, action }
  },

  arrive(turn, state) {
    turn.place = 0
    return ring(turn, state)
  },

  report(turn, state, event) {
    if (event.kind === 'success') {
      if (state.answeredBit !== undefined) turn.answer(state.answeredBit)
      return { to: state.edges.success.to, why: 'success' }
    }
    const why = event.kind === 'busy' ? 'busy' : 'failed'
    if (state.order !== 'together' && turn.place + 1 < numbersNow(turn, state).length) {
      turn.place++
      return ring(turn, state)
    }
    return { to: state.edges[why].to, why }
  },
}

function ring(turn: Turn, state: ConnectState): Move {
  const { success, busy, failed } = state.edges
  const then = success.to === END && busy.to === END && failed.to === END && (state.order === 'together' || state.numbers.length === 1) ? 'nothing' as const : 'report' as const
  if (state.action?.do === 'connect' && turn.mayRing(state.action.to) && (state.action.callerid === undefined || turn.mayRing(state.action.callerid))) return { reply: { actions: [state.action], then } }
  const numbers = numbersNow(turn, state)
  // the switch that a number comes from may have been flipped since the last one was rung
  const to = state.order === 'together' ? numbers.join(',') : numbers[turn.place]
  if (to === undefined || to === '' || (state.numbers.some(template => fixedText(template) === undefined) && !turn.ringsValue())) return { to: failed.to, why: 'failed' }
  const callerid = shownTo(turn, state)
  const before = state.between === undefined || turn.place === 0 ? [] : [state.between]
  return { reply: { actions: [...before, action(to, seconds(turn, state.timeout), callerid, state)], then: state.order === 'together' ? then : 'report' as const } }
}

/** The number that the other side sees; none that may not be rung, and then the carrier shows what it would without. */
function shownTo(turn: Turn, state: ConnectState): string | undefined {
  const shown = state.callerid === undefined ? undefined : turn.fill(state.callerid)
  return shown === undefined || !turn.mayRing(shown) ? undefined : shown
}

/** The numbers as the call's values have them, in the order in which they are rung. */
function numbersNow(turn: Turn, state: ConnectState): readonly string[] {
  const numbers = cleanNumbers(state.numbers.map(template => turn.fill(template))).filter(number => turn.mayRing(number))
  return state.order === 'random' ? turn.inDrawnOrder(state.name, numbers) : numbers
}

/** What of texts, each with one number or several, can be rung: no empty ones, doubles, prefixes, what is no number, or must never be rung; at most ten. */
export function cleanNumbers(texts: readonly string[]): string[] {
  const all = texts.flatMap(text => text.split(',')).map(number => number.trim())
  return [...new Set(all.filter(number => isNumber(number) && refusal(number, []) === undefined))].slice(0, MOST_NUMBERS)
}

function seconds(turn: Turn, timeout: number | Template): number {
  if (typeof timeout === 'number') return timeout
  const text = turn.fill(timeout)
  const value = /^\d{1,4}$/.test(text) ? Number(text) : TIMEOUT
  return value >= 10 && value <= 60 ? value : TIMEOUT
}

function action(to: string, timeout: number, callerid: string | undefined, { timelimit, deliver }: Pick<ConnectState, 'timelimit' | 'deliver'>): Action {
  // a hidden caller has no number to show: the carrier then shows what it would without a callerid
  const shown = callerid === undefined || !isNumber(callerid) || refusal(callerid, []) !== undefined ? {} : { callerid }
  return { do: 'connect', to, ...shown, timeout, ...(timelimit === undefined ? {} : { timelimit }), ...(deliver === undefined ? {} : { recordcall: true as const }) }
}

/** The one action of a connect that depends on no value and rings once. */
function fixedAction(state: Omit<ConnectState, 'action'>): Action | undefined {
  const fixed = state.numbers.map(fixedText)
  const callerid = state.callerid === undefined ? undefined : fixedText(state.callerid)
  if (fixed.includes(undefined) || typeof state.timeout !== 'number' || (state.callerid !== undefined && callerid === undefined)) return undefined
  const numbers = cleanNumbers(fixed as string[])
  if (numbers.length === 0 || (numbers.length > 1 && state.order !== 'together')) return undefined
  return action(numbers.join(','), state.timeout, callerid, state)
}

type NumbersData = string | readonly string[] | { readonly list: string }

function compileNumbers(context: Context, path: Path, written: NumbersData): Template[] {
  if (typeof written === 'object' && 'list' in written) return cleanNumbers(listOf(context, [...path, 'list'], written.list, 'nobody would be rung') ?? []).map(number => [number])
  const list = typeof written === 'string' ? [written] : written
  return list.map((text, index) => {
    const at = typeof written === 'string' ? path : [...path, index]
    const template = compileTemplate(context, at, text)
    const fixed = fixedText(template)
    if (fixed !== undefined && fixed !== '') for (const number of fixed.split(',')) checkNumber(context, at, number.trim())
    return template
  })
}

function compileBetween(context: Context, path: Path, data: StateData, order: ConnectState['order']): Action | undefined {
  const prompt = option<PromptData>(context, 'connect', data, 'between')
  if (prompt === undefined) return undefined
  // in a state of which something could not be read, that may have been the order
  if (order === 'together' && data['between'] !== undefined && !isPartly(context, path)) {
    tell(context, [...path, 'between'], { code: 'field-not-here', message: '`between` is played between numbers that ring one after the other, and these ring together', label: 'this would never take effect', help: 'write `order: in-turn`, or delete it' }, 'key')
  }
  return prepared({ do: 'play', sound: compilePrompt(context, optionPath(path, 'connect', data, 'between'), prompt) })
}

/** What is sent with the recording of the talk; undefined where it is not recorded. */
function compileDeliver(context: Context, path: Path, data: StateData): ConnectState['deliver'] {
  const { deliver } = data
  const items = deliver === undefined ? [] : compileSends(context, [...path, 'deliver'], deliver as SendsData, OF_RECORDING)
  if (data['recordcall'] !== true) {
    if (deliver !== undefined) tell(context, [...path, 'deliver'], { code: 'field-not-here', message: '`deliver` sends a recording of the talk, and none is made', label: 'this would never take effect', help: 'write `recordcall: true` beside it, or delete it' }, 'key')
    return undefined
  }
  if (context.document.data.recordcall !== undefined) {
    tell(context, [...path, 'recordcall'], {
      code: 'field-not-here', message: 'the whole call is recorded, and this talk with it', label: 'this would record it twice', help: 'delete one of them',
      related: [alsoAt(context, ['recordcall'], 'the whole call is recorded here')],
    }, 'key')
  }
  return items
}

function compileCallerid(context: Context, path: Path, written: string): Template {
  if (written === 'caller') {
    context.reads.add('caller')
    return [{ from: 'built-in', text: 'caller', index: -1 }]
  }
  const template = compileTemplate(context, path, written)
  const fixed = fixedText(template)
  if (fixed !== undefined && fixed !== '') checkNumber(context, path, fixed)
  return template
}
