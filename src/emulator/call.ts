import { Audience } from './audience.ts'
import { makeCallid } from './callid.ts'
import { virtualClock } from './clock.ts'
import { finishCall } from './finish.ts'
import { Mailbox } from './mailbox.ts'
import { Notices } from './notices.ts'
import { LIMITS, type CallOptions } from './options.ts'
import { cautious } from './readings.ts'
import type { CallReport, Leg } from './report.ts'
import { Requests } from './requests.ts'
import { run } from './run.ts'
import type { Running } from './running.ts'
import { Trace } from './trace.ts'
import { openWire } from './wire.ts'

const RECORDINGS = 'https://api.46elks.com/a1/Recordings'

/**
 * Plays the carrier for one call, from the first request to the last notice. Settles when the call is over and every
 * request is answered; what the application does wrong stands in the report. Rejects only with what the person threw.
 */
export async function placeCall(options: CallOptions): Promise<CallReport> {
  const { person, clock = virtualClock(), readings = cautious, misbehave = {}, direction = 'incoming', signal } = options
  const limits = { ...LIMITS, ...options.limits }
  const wire = options.wire ?? openWire()
  const callid = options.callid ?? makeCallid()
  const withheld = readings.withheld === 'empty' ? '' : readings.withheld
  const from = options.from === null ? withheld : (options.from ?? '+46701234567')
  const to = options.to ?? '+46766861004'

  const began = clock.now()
  const elapsed = (): number => (clock.now() - began) / 1000
  const trace = new Trace(elapsed, options.onEvent)
  const mailbox = new Mailbox(clock, began + limits.seconds * 1000, {
    key: (key) => trace.add({ kind: 'key', key }),
    speech: (seconds) => trace.add({ kind: 'speech', seconds }),
    over: (by) => by === 'caller' && trace.add({ kind: 'caller-hangs-up' }),
  })
  const audience = new Audience(clock, mailbox, person)
  const requests = new Requests({ wire, clock, mailbox, trace, readings, misbehave, headers: options.headers ?? {}, answerMs: limits.answerMs, elapsed })
  const party = { from, to, direction }
  const isLast = misbehave.whenhangupFirst === true
  const notices = new Notices({
    callid,
    party,
    clock,
    requests,
    recordingsBase: options.recordingsBase ?? RECORDINGS,
    when: isLast ? 'last' : readings.noticeOrder === 'notice-last' ? 'after-next' : 'now',
  })
  const legs: Leg[] = []
  const running: Running = {
    ...{ callid, party, began, clock, mailbox, audience, trace, readings, requests, notices, legs, limits, misbehave },
    sounds: wire.sounds,
    memory: { refused: false, asked: 0, actions: [], recordcalls: [], locals: new Map() },
  }

  const abort = (): void => mailbox.end('abort')
  signal?.addEventListener('abort', abort)
  if (signal?.aborted === true) abort()
  try {
    audience.meet({ kind: 'start', callid, direction, from, to })
    const ended = await run(running, options)
    const report = await finishCall(running, ended)
    if (audience.trouble !== undefined) throw audience.trouble.error
    return report
  } finally {
    signal?.removeEventListener('abort', abort)
    audience.close()
    if (options.wire === undefined) await wire.close(mailbox.over === 'abort' ? 'cut-off' : undefined)
  }
}
