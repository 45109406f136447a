/** What became of a call, in words and as JSON. */
import { counted } from '../../problem/findings.ts'
import { shortAddress } from '../../emulator/address.ts'
import type { Move } from '../../emulator/moves.ts'
import type { CallReport, Ended, RequestRecord } from '../../emulator/report.ts'
import type { Finding } from '../../emulator/facts.ts'
import type { Given } from '../../emulator/script/replies.ts'
import { printable } from '../../problem/cells.ts'
import type { Item } from '../../run/effect.ts'
import type { Step } from '../../run/step.ts'
import { itemInWords } from '../../simulate/sends.ts'

/** One call, with what only the caller of it knows. */
export interface Outcome {
  readonly report: CallReport
  /** Of a flow served here. */
  readonly steps: readonly Step[] | undefined
  /** What other programs replied to it. */
  readonly replies?: readonly Given[] | undefined
  /** What it would have sent. */
  readonly sent?: readonly Item[] | undefined
  /** Addresses begin with it; not shown, because it differs from call to call. */
  readonly base: string | undefined
  readonly flow: string | undefined
  /** What the caller was to do and did not come to, and why. */
  readonly left: readonly Move[]
  readonly mismatch: string | undefined
}

const ENDED: Readonly<Record<Ended, string>> = {
  'no-next': 'nothing was to follow', hangup: 'the application hung up', caller: 'the caller hung up', 'empty-reply': 'the application gave an empty reply',
  breach: 'the carrier cannot go on with what the application answered', unanswered: 'nobody answered', limit: 'it went on for too long', abort: 'it was broken off',
}

/** Names of the states that the call passed, in order. */
export function statesOf(steps: readonly Step[]): readonly string[] {
  return steps.flatMap(({ trace }) => trace.filter(({ event, to }) => event !== 'again' && to !== 'end').map(({ to }) => to))
}

/** Requests that the caller waits for in silence. */
function roundTrips(report: CallReport): readonly RequestRecord[] {
  return report.requests.filter(({ purpose, repeats }) => repeats === undefined && purpose !== 'whenhangup' && purpose !== 'record' && purpose !== 'recordcall')
}

/** The last lines of a call. */
export function writeSummary({ report, steps, replies = [], sent = [], left, mismatch }: Outcome, indent = ''): string {
  const trips = roundTrips(report)
  const waited = Math.round(trips.reduce((sum, { milliseconds = 0 }) => sum + milliseconds, 0))
  const lines = [
    `Length     ${duration(report.seconds)}; it ended because ${ENDED[report.ended]}`,
    ...(steps === undefined ? [] : [`States     ${statesOf(steps).join(', ') || 'none'}`]),
    `Requests   ${report.requests.length}, of which the caller waited for ${trips.length === 1 ? '1 round trip' : `${trips.length} round trips`} (${waited} ms)`,
    ...replies.map(({ state, answer, detail }) => `Asked      by \`${state}\`: ${'failed' in answer ? `no reply, ${answer.failed}${detail === undefined ? '' : ` (${detail})`}` : `status ${answer.status}`}`),
    ...sent.map(item => `Sends      ${item.sensitive === true ? `${item.kind} by \`${item.item}\`, with a value that is not shown` : itemInWords(item)}`),
    ...(report.recordings.length === 0 ? [] : [`Recorded   ${report.recordings.map(({ seconds }) => `${seconds} s`).join(', ')}`]),
    ...(left.length === 0 ? [] : [`Not done   ${left.map(wordOf).join(' ')}${mismatch === undefined ? '' : `: ${mismatch}, so the caller hung up`}`]),
    ...report.findings.flatMap(finding => ['', ...writeFinding(finding, report)]),
  ]
  const worst = report.ok ? (report.findings.length === 0 ? 'The call was completed.' : `The call was completed, with ${counted(report.findings.length, 'warning')}.`) : 'The application failed the call.'
  return `${[...lines, '', worst].map(line => (line === '' ? '' : indent + printable(line))).join('\n')}\n`
}

function writeFinding({ severity, message, says, code, request }: Finding, report: CallReport): string[] {
  const record = request === undefined ? undefined : report.requests[request]
  const number = record === undefined ? '' : ` (request ${(request as number) + 1}, at ${record.at} s)`
  return [`${severity}: ${message}${number}`, `  ${says} [${code}]`]
}

export function wordOf(move: Move): string {
  switch (move.kind) {
    case 'press': return move.keys
    case 'line': return move.result
    case 'speak': case 'wait': return `${move.kind}:${move.seconds}`
    default: return move.kind
  }
}

function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round((seconds % 60) * 10) / 10
  return minutes === 0 ? `${rest} s` : `${minutes} min ${rest} s`
}

/** The same for programs; version 1 only grows. Addresses are shortened: keys and tokens stand in them. */
export function toJson(outcome: Outcome) {
  const { report, steps, replies = [], sent = [], base, flow, left, mismatch } = outcome
  const short = (address: string): string => shortAddress(address).replace(base ?? '\0', '')
  return {
    version: 1,
    ...(flow !== undefined && { flow }),
    callid: report.callid, direction: report.direction, from: report.from, to: report.to,
    began: new Date(report.began).toISOString(), seconds: report.seconds, state: report.state, ended: report.ended, ok: report.ok,
    ...(steps !== undefined && { states: statesOf(steps) }),
    ...(replies.length > 0 && { asked: replies.map(({ state, answer, detail }) => ('failed' in answer ? { state, failed: answer.failed, ...(detail !== undefined && { detail }) } : { state, status: answer.status })) }),
    ...(sent.length > 0 && { sends: sent.map(({ kind, item, state, ...rest }) => ({ kind, item, state, ...('to' in rest ? { to: rest.to } : {}) })) }),
    roundTrips: roundTrips(report).length,
    requests: report.requests.map(({ purpose, address, form, at, repeats, status, trouble, milliseconds }) => ({
      purpose, address: short(address), at,
      ...(form['result'] !== undefined && { result: form['result'] }), ...(form['why'] !== undefined && { why: form['why'] }),
      ...(repeats !== undefined && { repeats }), ...(status !== undefined && { status }), ...(trouble !== undefined && { trouble }), ...(milliseconds !== undefined && { milliseconds }),
    })),
    findings: report.findings, recordings: report.recordings, legs: report.legs,
    notDone: left.map(wordOf), ...(mismatch !== undefined && { mismatch }),
    trace: report.trace.map(event => ({
      ...event, ...('address' in event && { address: short(event.address) }), ...(event.kind === 'action' && { value: short(event.value) }),
    })),
  }
}
