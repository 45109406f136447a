import { readAddress } from '../address.ts'
import { RANGES, readNumber } from '../read-option.ts'
import { fromNow, type Outcome, type Perform, type Stage } from '../stage.ts'
import { round } from '../trace.ts'
import { show, type Action } from '../validate-action.ts'

const SILENCE_SECONDS = 3

/**
 * Records the caller until 3 s of silence or, with `silencedetection: "no"`, until `#`; at most `timelimit` seconds
 * (facts: record). The silence that ended a recording is not part of it.
 */
export const record: Perform = async (action, stage) => {
  const { clock, mailbox, audience, trace, readings, complain } = stage
  const value = action['record']
  const where = typeof value === 'string' ? value : ''
  const timelimit = readNumber(action, 'record', 'timelimit', RANGES.timelimit, readings, complain)
  const silencedetection = readDetection(action, stage)
  const local = /^local\/(.+)$/.exec(where)?.[1]
  const out = (result: 'success' | 'failed'): Outcome => ({ result, purpose: 'next', go: action['next'] })

  if (local === undefined && readAddress(where) === undefined) {
    complain('record-invalid', `record: ${show(value)} is nothing to record to`)
    return out('failed')
  }
  mailbox.begin()
  stage.answer()
  trace.add({ kind: 'recording', record: where, timelimit })
  audience.meet({ kind: 'record', record: where, timelimit, silencedetection })

  const { stopped, seconds } = await listen(timelimit, silencedetection, stage)
  trace.add({ kind: 'recorded', record: where, seconds: round(seconds) })
  if (stopped === 'broken') return out('failed')
  if (local !== undefined) {
    stage.locals.set(local, round(seconds))
    return out('success')
  }
  // the caller hung up: whether the carrier reports what it has so far is an open question
  const isLost = stopped === 'over' && readings.hangupInRecord === 'lost'
  return isLost ? out('success') : { ...out('success'), recording: { address: where, seconds } }

  async function listen(limit: number, detects: boolean, { mailbox }: Stage) {
    const began = clock.now()
    const latest = fromNow(stage, limit)
    for (;;) {
      const lastSound = Math.max(began, mailbox.speakingUntil)
      const quiet = detects ? lastSound + SILENCE_SECONDS * 1000 : Infinity
      const stir = await mailbox.next(Math.min(quiet, latest))
      const length = (until: number): number => (Math.min(until, clock.now()) - began) / 1000
      if (stir.kind === 'over') return { stopped: 'over', seconds: length(Infinity) }
      if (stir.kind === 'fault') return { stopped: 'broken', seconds: length(Infinity) }
      if (stir.kind === 'key' && stir.key === '#' && !detects) return { stopped: 'hash', seconds: length(Infinity) }
      if (stir.kind === 'time') return { stopped: 'time', seconds: length(quiet <= latest ? lastSound : Infinity) }
    }
  }
}

function readDetection(action: Action, stage: Stage): boolean {
  const value = action['silencedetection']
  if (value === 'no') return false
  if (value !== undefined && value !== 'yes') {
    stage.complain('out-of-range', `record: silencedetection is ${show(value)}, not "yes" or "no": taken as "yes"`)
  }
  return true
}
