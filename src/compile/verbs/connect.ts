/** `connect`: rings one or more numbers. */
import { isE164 } from '../e164.ts'
import type { Action } from '../action.ts'
import { placeIn, tell } from '../context.ts'
import type { Context } from '../context.ts'
import { compileWritten, edge, option, optionPath } from '../edges.ts'
import { END } from '../flow.ts'
import type { ConnectState, Template } from '../flow.ts'
import type { Path } from '../../parse/tree.ts'
import { compileTemplate, fixedText } from '../template.ts'
import type { Turn, Verb } from '../verb.ts'

/** Seconds that a number rings where nobody wrote or could read another time. */
const TIMEOUT = 30
const MOST_NUMBERS = 10

export const connect: Verb<ConnectState> = {
  name: 'connect',
  keys: ['order', 'timeout', 'callerid', 'timelimit', 'on', 'next', 'note'],
  outcomes: ['success', 'busy', 'failed'],
  example: `
start: sales
states:
  sales: { connect: ["+46701740605", "+46701740606"], order: in-turn, timeout: 20, on: { failed: sorry } }
  sorry: { play: sorry.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'connect', data)
    const numbers = compileNumbers(context, [...path, 'connect'], data['connect'] as string | readonly string[])
    const order = option<'together' | 'in-turn'>(context, 'connect', data, 'order') ?? 'together'
    const rings = option<number | string>(context, 'connect', data, 'timeout') ?? TIMEOUT
    const timeout = typeof rings === 'number' ? rings : compileTemplate(context, optionPath(path, 'connect', data, 'timeout'), rings)
    const shown = option<string>(context, 'connect', data, 'callerid')
    const callerid = shown === undefined ? undefined : compileCallerid(context, optionPath(path, 'connect', data, 'callerid'), shown)
    const timelimit = option<number>(context, 'connect', data, 'timelimit')
    const fixed = {
      name, path, verb: 'connect' as const, numbers, order, timeout,
      ...(callerid === undefined ? {} : { callerid }), ...(timelimit === undefined ? {} : { timelimit }),
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
    if (state.order === 'in-turn' && turn.place + 1 < numbersNow(turn, state).length) {
      turn.place++
      return ring(turn, state)
    }
    return { to: state.edges[why].to, why }
  },
}

function ring(turn: Turn, state: ConnectState) {
  const { success, busy, failed } = state.edges
  const then = success.to === END && busy.to === END && failed.to === END && (state.order === 'together' || state.numbers.length === 1) ? 'nothing' as const : 'report' as const
  if (state.action !== undefined) return { reply: { actions: [state.action], then } }
  const numbers = numbersNow(turn, state)
  if (numbers.length === 0) return { to: failed.to, why: 'failed' }
  const to = state.order === 'together' ? numbers.join(',') : (numbers[turn.place] as string)
  const callerid = state.callerid === undefined ? undefined : turn.fill(state.callerid)
  return { reply: { actions: [action(to, seconds(turn, state.timeout), callerid, state.timelimit)], then: state.order === 'together' ? then : 'report' as const } }
}

/** The numbers as the call's values have them: no empty ones, doubles, prefixes, or what is no number; at most ten. */
function numbersNow(turn: Turn, state: ConnectState): string[] {
  const all = state.numbers.flatMap(template => turn.fill(template).split(',')).map(number => number.trim())
  return [...new Set(all.filter(isNumber))].slice(0, MOST_NUMBERS)
}

/** E.164 with its plus, or a SIP address. */
export function isNumber(text: string): boolean {
  return isE164(text) || /^sips?:[^\s,"<>]{1,200}$/.test(text)
}

function seconds(turn: Turn, timeout: number | Template): number {
  if (typeof timeout === 'number') return timeout
  const text = turn.fill(timeout)
  const value = /^\d{1,4}$/.test(text) ? Number(text) : TIMEOUT
  return value >= 10 && value <= 60 ? value : TIMEOUT
}

function action(to: string, timeout: number, callerid: string | undefined, timelimit: number | undefined): Action {
  // a hidden caller has no number to show: the carrier then shows what it would without a callerid
  const shown = callerid === undefined || !isNumber(callerid) ? {} : { callerid }
  return { do: 'connect', to, ...shown, timeout, ...(timelimit === undefined ? {} : { timelimit }) }
}

/** The one action of a connect that depends on no value and rings once. */
function fixedAction(state: Omit<ConnectState, 'action'>): Action | undefined {
  const fixed = state.numbers.map(fixedText)
  const callerid = state.callerid === undefined ? undefined : fixedText(state.callerid)
  if (fixed.includes(undefined) || typeof state.timeout !== 'number' || (state.callerid !== undefined && callerid === undefined)) return undefined
  const numbers = [...new Set((fixed as string[]).flatMap(text => text.split(',')).map(text => text.trim()).filter(isNumber))].slice(0, MOST_NUMBERS)
  if (numbers.length === 0 || (numbers.length > 1 && state.order === 'in-turn')) return undefined
  return action(numbers.join(','), state.timeout, callerid, state.timelimit)
}

function compileNumbers(context: Context, path: Path, written: string | readonly string[]): Template[] {
  const list = typeof written === 'string' ? [written] : written
  return list.map((text, index) => {
    const at = typeof written === 'string' ? path : [...path, index]
    const template = compileTemplate(context, at, text)
    const fixed = fixedText(template)
    if (fixed !== undefined && fixed !== '') for (const number of fixed.split(',')) checkNumber(context, at, number.trim())
    return template
  })
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

function checkNumber(context: Context, path: Path, number: string): void {
  if (isNumber(number)) return
  const digits = number.replace(/[\s()/.-]/g, '')
  if (/^\+?(112|911|999|000|110|118|119|90000|114\s?14)$/.test(digits)) {
    tell(context, path, { code: 'emergency-number', message: `\`${number}\` is an emergency number: a menu never connects to one`, effect: 'callers in need must dial it themselves', help: 'play a message that says so' })
    return
  }
  const guess = digits.startsWith('00') ? `+${digits.slice(2)}` : isSwedish(context) && digits.startsWith('0') ? `+46${digits.slice(1)}` : digits.startsWith('+') ? digits : `+${digits}`
  const help = isNumber(guess) ? `write "${guess}"` : 'write it with a plus sign and the country, as in "+46701234567"'
  const { node, value } = placeIn(context, path)
  // with and without its plus sign a number is the same only where nothing had to be supposed of its country
  const fix = isNumber(guess) && !/^[1-9]/.test(digits) && node.kind === 'scalar' && node.text === number ? { fix: { safe: true, edits: [{ span: value, text: `"${guess}"` }] } } : {}
  tell(context, path, { code: 'bad-number', message: `\`${number}\` is no telephone number that the carrier rings`, effect: 'the call would fail here', help, ...fix })
}

/** Whether a number that begins with 0 is one of Sweden's. */
function isSwedish({ document: { data } }: Context): boolean {
  if (data.country !== undefined) return data.country === 'SE'
  return data.language === 'sv' || data.numbers?.some(number => number.startsWith('+46')) === true
}
