/**
 * One action of the carrier, done with what the caller and the line do meanwhile. Time is numbers. Where the carrier's
 * documentation is silent, the cautious reading holds: that of the emulator, which must come to the same transcript.
 */
import type { Action } from '../compile/action.ts'
import type { Event } from '../compile/verb.ts'
import { performIvr } from './perform-ivr.ts'
import type { Performed } from './performed.ts'
import type { Act } from './script.ts'
import { soundSeconds } from './sound-seconds.ts'

/** Seconds of talk, where the script says nothing. */
export const TALK_SECONDS = 30
/** Seconds of silence that end a recording (facts: record). */
const SILENCE_SECONDS = 3
/** The carrier's own limit for a recording that says none. */
const TIMELIMIT = 120

/** Does an action. The acts are those written before the next thing that is met. */
export function perform(action: Action, acts: readonly Act[]): Performed {
  switch (action.do) {
    case 'ivr': return performIvr(action, acts, soundSeconds(action.sound))
    case 'play': return performPlay(action.skippable !== false, soundSeconds(action.sound), acts)
    case 'connect': return performConnect(action.timeout, action.timelimit ?? Infinity, acts)
    case 'record': return performRecord(action, acts)
    case 'hangup': return { event: undefined, result: '', seconds: 0, lines: [], used: 0 }
  }
}

const HANGS_UP = 'caller: hangs up'
const OK: Event = { kind: 'success' }
const FAILED: Event = { kind: 'failed', why: 'other' }

function performPlay(skippable: boolean, length: number, acts: readonly Act[]): Performed {
  let time = 0
  const lines: string[] = []
  for (const [index, act] of acts.entries()) {
    const used = index + 1
    if (act.act === 'wait' && time + act.seconds < length) time += act.seconds
    else if (act.act === 'hang-up') return { event: undefined, result: '', seconds: time, lines: [...lines, HANGS_UP], used }
    else if (act.act === 'sound-failed') return { event: FAILED, result: 'failed', seconds: time, lines, used }
    else if (act.act === 'press') {
      lines.push(`caller: ${act.keys}`)
      if (skippable) return { event: OK, result: 'ok', seconds: time, lines, used }
    } else {
      // a wait to the end of the sound, or longer, is over with it
      return { event: OK, result: 'ok', seconds: length, lines, used: act.act === 'wait' ? used : index }
    }
  }
  return { event: OK, result: 'ok', seconds: length, lines, used: acts.length }
}

function performConnect(timeout: number, timelimit: number, acts: readonly Act[]): Performed {
  let time = 0
  for (const [index, act] of acts.entries()) {
    const used = index + 1
    if (act.act === 'hang-up') return { event: undefined, result: '', seconds: time, lines: [HANGS_UP], used }
    if (act.act === 'wait' && time + act.seconds < timeout) time += act.seconds
    else if (act.act === 'line' && act.result === 'busy') return { event: { kind: 'busy' }, result: 'busy', seconds: time, lines: ['line: busy'], used }
    else if (act.act === 'line' && act.result === 'success') return talk(time, timelimit, acts.slice(used), used)
    else return { event: FAILED, result: 'failed', seconds: timeout, lines: ['line: failed'], used: act.act === 'line' ? used : index }
  }
  return { event: FAILED, result: 'failed', seconds: timeout, lines: ['line: failed'], used: acts.length }
}

/** The talk: as long as is waited, else for half a minute; it is the other side that hangs up, unless the caller does. */
function talk(rang: number, timelimit: number, acts: readonly Act[], before: number): Performed {
  const waits = acts[0]?.act === 'wait' ? acts[0].seconds : TALK_SECONDS
  const rest = acts[0]?.act === 'wait' ? acts.slice(1) : acts
  const used = before + (acts.length - rest.length)
  const talked = Math.min(waits, timelimit)
  const seconds = rang + talked
  const lines = ['line: success']
  if (rest[0]?.act === 'hang-up' && waits <= timelimit) return { event: undefined, result: '', seconds, lines: [...lines, HANGS_UP], used: used + 1, talked }
  return { event: OK, result: 'success', seconds, lines, used, talked }
}

function performRecord(action: Action & { do: 'record' }, acts: readonly Act[]): Performed {
  const detects = action.silence !== false
  const limit = action.timelimit ?? TIMELIMIT
  const lines: string[] = []
  let time = 0
  let spokenUntil = 0
  const end = (): number => Math.min(limit, detects ? spokenUntil + SILENCE_SECONDS : Infinity)
  const done = (seconds: number, used: number): Performed => ({ event: OK, result: 'success', seconds, lines, used })
  for (const [index, act] of acts.entries()) {
    const used = index + 1
    if (act.act === 'speak') {
      lines.push(`caller: speaks ${act.seconds} s`)
      spokenUntil = Math.max(spokenUntil, time + act.seconds)
      // what comes after a speech comes when it is over
      if (used < acts.length && time + act.seconds < end()) time += act.seconds
      else if (used < acts.length) return done(end(), used)
    } else if (act.act === 'wait') {
      if (time + act.seconds >= end()) return done(end(), used)
      time += act.seconds
    } else if (act.act === 'silence') return done(end(), used)
    else if (act.act === 'hang-up') return { event: undefined, result: '', seconds: time, lines: [...lines, HANGS_UP], used }
    // the recording breaks, whatever the reason
    else if (act.act === 'sound-failed' || (act.act === 'line' && act.result === 'failed')) return { event: FAILED, result: 'failed', seconds: time, lines, used }
    else if (act.act === 'press') {
      lines.push(`caller: ${act.keys}`)
      if (act.keys.includes('#') && !detects) return done(time, used)
    } else return done(end(), index)
  }
  return done(end(), acts.length)
}
