import type { LineAnswer, Met, Person, Phone } from './person.ts'

/** One thing that a caller, or the line, does. Seconds are the call's. */
export type Move =
  /** At the next ivr. */
  | { readonly kind: 'press'; readonly keys: string }
  /** Through all repeats of one ivr, or a record without a word. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'speak'; readonly seconds: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  /** What the party of the next connect does. */
  | { readonly kind: 'line'; readonly result: LineAnswer['result'] }
  /** The sound that plays next breaks. */
  | { readonly kind: 'fail' }
  | { readonly kind: 'hang-up' }

/** A person who follows a list. */
export interface Follower extends Person {
  /** What has not been done yet. */
  readonly left: readonly Move[]
  /** What was met and did not suit the next move; the caller then hung up. */
  readonly mismatch?: string
}

const TALK_SECONDS = 30

/** Moves from words, as `1 2# silence busy speak:5 wait:2 hang-up`; a word that is none throws a SyntaxError. */
export function readMoves(words: string): Move[] {
  return words.split(/[\s,]+/).filter((word) => word !== '').map(readMove)
}

function readMove(word: string): Move {
  if (/^[0-9*#]+$/.test(word)) return { kind: 'press', keys: word }
  if (word === 'silence' || word === 'fail' || word === 'hang-up') return { kind: word }
  if (word === 'success' || word === 'busy' || word === 'failed') return { kind: 'line', result: word }
  const timed = /^(speak|wait):(\d+(?:\.\d+)?)$/.exec(word)
  if (timed !== null) return { kind: timed[1] as 'speak' | 'wait', seconds: Number(timed[2]) }
  throw new SyntaxError(`${JSON.stringify(word)} is no move: write digits, silence, success, busy, failed, speak:N, wait:N, fail or hang-up`)
}

/**
 * A person who does one move after the other. Plays are listened to, unless `fail`, `hang-up` or a `wait` before one
 * of them comes next; when an ivr, a record or a connect finds nothing to do, or the wrong thing, the caller hangs up.
 */
export function follow(moves: readonly Move[]): Follower {
  const left = [...moves]
  let mismatch: string | undefined
  const at = (place: number, kind: Move['kind']): boolean => left[place]?.kind === kind
  const leave = (phone: Phone, met: string): void => {
    if (left[0] !== undefined) mismatch ??= `${met} was met, but ${left[0].kind} comes next`
    phone.hangUp()
  }

  /** Waits and hang-ups, which suit everything; true when the caller has left. */
  const pass = async (phone: Phone): Promise<boolean> => {
    while (at(0, 'wait') || at(0, 'hang-up')) {
      const move = left.shift() as Move
      if (move.kind === 'hang-up') {
        phone.hangUp()
        return true
      }
      if (move.kind === 'wait' && !(await phone.wait(move.seconds))) return true
    }
    return false
  }

  const meetPlay = async (phone: Phone): Promise<void> => {
    const next = left.findIndex((move) => move.kind !== 'wait')
    if (!at(next, 'hang-up') && !at(next, 'fail')) return
    if (await pass(phone)) return
    if (at(0, 'fail')) {
      left.shift()
      phone.fail()
    }
  }

  const meetIvr = async (phone: Phone): Promise<void> => {
    if (await pass(phone)) return
    const move = left[0]
    if (move?.kind === 'press') phone.press(move.keys)
    else if (move?.kind === 'fail') phone.fail()
    else if (move?.kind !== 'silence') return leave(phone, 'an ivr')
    left.shift()
    // a prompt that broke is followed by what the caller does about it
    if (move.kind === 'fail') await meetIvr(phone)
  }

  const meetRecord = async (phone: Phone, needsHash: boolean): Promise<void> => {
    if (await pass(phone)) return
    const move = left[0]
    if (move?.kind !== 'speak' && move?.kind !== 'silence' && move?.kind !== 'fail') return leave(phone, 'a record')
    left.shift()
    if (move.kind === 'fail') return phone.fail()
    if (move.kind !== 'speak') return
    phone.speak(move.seconds)
    const isLeaving = at(0, 'hang-up')
    const pressesHash = left[0]?.kind === 'press' && left[0].keys === '#'
    if (!isLeaving && !needsHash) return
    if (!(await phone.wait(move.seconds))) return
    if (isLeaving) await pass(phone)
    else {
      if (pressesHash) left.shift()
      phone.press('#')
    }
  }

  return {
    get left() {
      return left
    },
    get mismatch() {
      return mismatch
    },
    meet(met: Met, phone: Phone) {
      if (met.kind === 'play') return meetPlay(phone)
      if (met.kind === 'ivr') return meetIvr(phone)
      if (met.kind === 'record') return meetRecord(phone, !met.silencedetection)
    },
    async line(_ringing, phone) {
      if (await pass(phone)) return { result: 'failed' }
      const move = left[0]
      if (move?.kind !== 'line') {
        leave(phone, 'a connect')
        return { result: 'failed' }
      }
      left.shift()
      if (move.result !== 'success') return { result: move.result }
      const waits = at(0, 'wait') ? (left.shift() as { seconds: number }).seconds : TALK_SECONDS
      const isLeaving = at(0, 'hang-up')
      if (isLeaving) left.shift()
      return { result: 'success', talk: waits, ends: isLeaving ? 'caller' : 'callee' }
    },
  }
}
