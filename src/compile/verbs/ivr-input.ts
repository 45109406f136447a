/** How an `ivr` steps: what the carrier reported against the keys, the tests and the attempts of the state. */
import { timingSafeEqual } from 'node:crypto'
import type { Action } from '../action.ts'
import type { Edge, IvrState } from '../flow.ts'
import { matchesWhole } from '../regex.ts'
import type { Event, Move, Turn } from '../verb.ts'

export function arriveIvr(turn: Turn, state: IvrState): Move {
  turn.attempt = 1
  return ask(turn, state, undefined)
}

/** The state's prompt, or its shorter wording if this call has heard it, after `before`. */
function ask(turn: Turn, state: IvrState, before: Action | undefined): Move {
  let action = state.action
  if (state.again !== undefined) {
    if (turn.heard(state.again.bit)) action = state.again.action
    else turn.hear(state.again.bit)
  }
  return { reply: { actions: before === undefined ? [action] : [before, action], then: 'report' } }
}

export function reportIvr(turn: Turn, state: IvrState, event: Event): Move {
  if (event.kind === 'digits' && event.digits !== '') return enter(turn, state, event.digits)
  if (event.kind === 'digits') {
    const lone = state.keys['#'] ?? state.fileKeys['#']
    return lone === undefined ? silence(turn, state) : { to: lone, why: '#' }
  }
  if (event.kind === 'missing' || (event.kind === 'failed' && event.why === 'noinput')) return silence(turn, state)
  return { to: state.edges.failed.to, why: 'failed' }
}

function silence(turn: Turn, state: IvrState): Move {
  if (state.silent === undefined) return take(state.edges.noinput, 'noinput')
  return askAgain(turn, state, state.silent.words) ?? take(state.edges.noinput, 'noinput')
}

/** Asks once more, if the state still may: wrong entries and silences count together. */
function askAgain(turn: Turn, state: IvrState, words: Action | undefined): Move | undefined {
  if (turn.attempt >= state.attempts) return undefined
  turn.attempt++
  return ask(turn, state, words)
}

function take(edge: Edge, why: string): Move {
  return { to: edge.to, why }
}

function enter(turn: Turn, state: IvrState, digits: string): Move {
  turn.keepDigits(digits)
  const fileKey = state.keys[digits] === undefined ? state.fileKeys[digits] : undefined
  if (fileKey !== undefined) return { to: fileKey, why: digits }
  const to = accepts(turn, state, digits) ? match(state, digits) : undefined
  if (to === undefined) return askAgain(turn, state, state.sorry) ?? take(state.edges.nomatch, 'nomatch')
  if (state.save !== undefined) turn.keep(state.save, digits)
  return { to, why: digits }
}

function accepts(turn: Turn, state: IvrState, digits: string): boolean {
  if (digits.length < state.min || digits.length > state.digits) return false
  if (state.valid !== undefined && !matchesWhole(state.valid, digits)) return false
  return state.equals === undefined || sameText(turn.fill(state.equals), digits)
}

/** The edge of an input: the key itself, the pattern with the fewest `x`, `any`, or `next` where there are no keys. */
function match(state: IvrState, digits: string): number | undefined {
  const own = state.keys[digits]
  if (own !== undefined) return own
  // `*` is taken only where it is a key: what the carrier does with it is not documented
  if (digits.includes('*')) return undefined
  for (const { pattern, to } of state.patterns) if (fits(pattern, digits)) return to
  if (state.any !== undefined) return state.any
  return state.patterns.length === 0 && isEmpty(state.keys) ? state.next : undefined
}

function isEmpty(keys: object): boolean {
  for (const _ in keys) return false
  return true
}

function fits(pattern: string, digits: string): boolean {
  if (pattern.length !== digits.length) return false
  for (let i = 0; i < pattern.length; i++) if (pattern[i] !== 'x' && pattern[i] !== digits[i]) return false
  return true
}

/** In constant time, so that no caller can learn a PIN digit by digit from how long an answer takes. */
function sameText(expected: string, given: string): boolean {
  const a = Buffer.from(expected)
  const b = Buffer.from(given)
  const padded = Buffer.alloc(a.length)
  b.copy(padded)
  return timingSafeEqual(a, padded) && a.length === b.length && a.length > 0
}
