/**
 * A call ↔ the token in its addresses: fields in a fixed order, sealed. Fields may be added at the end, none may be
 * moved or removed: tokens of calls in progress outlive an upgrade.
 */
import type { Call } from '../run/call.ts'
import type { Purpose, Sealer } from './seal.ts'

/** No field may hold it: ids and numbers are printable ASCII, and values lose their control characters when they are kept. */
const SEPARATOR = '\u001f'
const FIELDS = 16
const HOUR = 3600
/** Seconds that a token counts, from the start of its call. */
const LIFETIME: Readonly<Record<Purpose, number>> = { call: 24 * HOUR, recording: 72 * HOUR, speech: 72 * HOUR, dial: 48 * HOUR }

/** The token of a call. `now`: milliseconds since 1970. */
export function sealCall(sealer: Sealer, purpose: Purpose, call: Call, now: number): string {
  return sealer.seal(purpose, write(call, now))
}

/**
 * The call in a token; undefined for what nobody with our secrets sealed for this purpose, and for one that is too old.
 * `late`: seconds more that it counts, for the notices that the carrier repeats for days.
 */
export function openCall(sealer: Sealer, purpose: Purpose, token: string, now: number, late = 0): Call | undefined {
  const text = sealer.open(purpose, token)
  if (text === undefined) return undefined
  const { call, sealed } = read(text)
  return isOver(purpose, sealed, now, late) ? undefined : call
}

/** Whether a token is too old, that was sealed at some second since 1970. */
export function isOver(purpose: Purpose, sealed: number, now: number, late: number): boolean {
  return now / 1000 - sealed > LIFETIME[purpose] + late
}

/**
 * When a token counts as sealed, in seconds since 1970: at the start of its call. Where the request's `created` is far
 * from our clock, the token says when it was sealed, by the minute, so that a repeated request still gets the same answer.
 */
export function sealedAt(call: Call, now: number): number {
  const minute = Math.floor(now / 60_000)
  return Math.abs(call.start / 60 - minute) > 20 * 60 ? minute * 60 : call.start
}

function write(call: Call, now: number): string {
  const sealed = sealedAt(call, now)
  const stamp = sealed === call.start ? '' : (sealed / 60).toString(36)
  const fields = [
    call.id, call.version, call.start.toString(36), stamp, small(call.step), small(call.moves), withStack(call), small(call.attempt - 1), withLanguage(call),
    call.caller, call.called, call.direction, call.digits, list(call.visits), list(call.heard), list(call.answered), ...call.values,
  ]
  while (fields.at(-1) === '') fields.pop()
  return fields.join(SEPARATOR)
}

function read(text: string): { call: Call; sealed: number } {
  const fields = text.split(SEPARATOR)
  const at = (index: number): string => fields[index] ?? ''
  const start = parseInt(at(2), 36)
  const call: Call = {
    id: at(0), version: at(1), start, step: number(at(4)), moves: number(at(5)), state: number(at(6)), stack: stack(at(6)), attempt: number(at(7)) + 1, place: number(at(8)), language: language(at(8)),
    caller: at(9), called: at(10), direction: at(11), digits: at(12), visits: numbers(at(13)), heard: numbers(at(14)), answered: numbers(at(15)),
    values: fields.length > FIELDS ? fields.slice(FIELDS) : [],
  }
  return { call, sealed: at(3) === '' ? start : parseInt(at(3), 36) * 60 }
}

/** The state, and behind it those to come back to: a call that no other flow runs is written as ever. */
function withStack({ state, stack }: Call): string {
  return stack.length === 0 ? small(state) : `${small(state)}.${list(stack)}`
}

/** The places behind that of the state. */
function stack(text: string): readonly number[] {
  const dot = text.indexOf('.')
  return dot < 0 ? NOWHERE : text.slice(dot + 1).split('.').map(number)
}

const NOWHERE: readonly number[] = []

/** The place among the numbers that are rung, and behind it the language: a call in the language that it began in is written as ever. */
function withLanguage(call: Call): string {
  return call.language === 0 ? small(call.place) : `${small(call.place)}.${small(call.language)}`
}

function language(text: string): number {
  const dot = text.indexOf('.')
  return dot < 0 ? 0 : number(text.slice(dot + 1))
}

/** Zero is nothing written: most counts are zero most of the time. */
function small(value: number): string {
  return value === 0 ? '' : value.toString(36)
}

function number(text: string): number {
  const value = parseInt(text, 36)
  return Number.isNaN(value) ? 0 : value
}

function list(values: readonly number[]): string {
  return values.length === 0 ? '' : values.map(small).join('.')
}

function numbers(text: string): number[] {
  return text === '' ? [] : text.split('.').map(number)
}
