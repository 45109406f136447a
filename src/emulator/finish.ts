import { readAddress } from './address.ts'
import { carrierTime } from './callid.ts'
import type { CallReport, CallState, Ended } from './report.ts'
import type { Running } from './running.ts'
import { round } from './trace.ts'

/** The end of a call: the last notices, in the order that was asked for, and the report. */
export async function finishCall(running: Running, ended: Ended): Promise<CallReport> {
  const { callid, party, began, clock, trace, mailbox, audience, requests, notices, legs, readings, misbehave, memory } = running
  const endedAt = clock.now()
  const state: CallState = memory.answeredAt !== undefined ? 'success' : (memory.turnedOut ?? 'failed')
  trace.add({ kind: 'end', ended, state })
  mailbox.close()
  audience.close()
  audience.meet({ kind: 'end', ended })

  if (ended !== 'abort') {
    for (const { address, name, since } of memory.recordcalls) {
      // what was never answered has nothing to be heard
      if (memory.answeredAt === undefined) continue
      await notices.recorded('recordcall', address, (endedAt - Math.max(since, memory.answeredAt)) / 1000, name)
    }
    const isFirst = misbehave.whenhangupFirst === true || readings.noticeOrder === 'notice-last'
    if (!isFirst) await notices.last()
    if (memory.whenhangup !== undefined && isTold(running, ended)) {
      await requests.notify('whenhangup', memory.whenhangup, hangupForm(running, state, endedAt))
    }
    await notices.last()
    await requests.afterwards()
    await requests.settle()
  }
  return {
    callid,
    ...party,
    began,
    seconds: round((endedAt - began) / 1000),
    ...(memory.answeredAt !== undefined && { duration: wholeSeconds(memory.answeredAt, endedAt) }),
    state,
    ended,
    ok: trace.findings.every(({ severity }) => severity !== 'error'),
    findings: trace.findings,
    requests: requests.records,
    recordings: notices.recordings,
    legs,
    readings,
    trace: trace.events,
  }
}

/** Whether `whenhangup` is sent at all is open after a refusal and after a bad reply. */
function isTold({ readings, memory, trace }: Running, ended: Ended): boolean {
  if (readAddress(memory.whenhangup ?? '') === undefined) {
    trace.find('whenhangup-invalid', 'the address given with the order of the call is not absolute')
    return false
  }
  if (ended === 'breach') return readings.whenhangupAfterBadReply === 'posted'
  return !memory.refused || readings.whenhangupAfterHangup === 'posted'
}

/** Its fields, some of them only for an answered call; the call's id is `id` here (facts: whenhangup). */
function hangupForm({ callid, party, began, memory, legs }: Running, state: CallState, endedAt: number): Record<string, string> {
  const answered: Record<string, string> =
    memory.answeredAt === undefined ? {} : { start: carrierTime(memory.answeredAt), duration: String(wholeSeconds(memory.answeredAt, endedAt)) }
  return {
    id: callid,
    direction: party.direction,
    from: party.from,
    to: party.to,
    created: carrierTime(began),
    state,
    ...answered,
    actions: JSON.stringify(memory.actions),
    ...(legs.length > 0 && { legs: JSON.stringify(legs) }),
  }
}

function wholeSeconds(from: number, to: number): number {
  return Math.round((to - from) / 1000)
}
