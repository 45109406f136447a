/** The log: JSON lines on standard error, written in bundles so that no caller waits for a disk or a pipe. */
import { pino } from 'pino'
import type { Logger } from 'pino'
import type { Flow } from '../compile/flow.ts'
import { masked, shown } from '../serve/masked.ts'
import type { NoticeLog, StepLog } from '../serve/parts.ts'
import { createLogBundle } from './log-bundle.ts'

/** Milliseconds after which lines are written in any case. */
const FLUSH_EVERY = 250
/** Bytes that may wait for a reader who has stopped reading; lines beyond are dropped, so that calls go on. */
const MOST_WAITING = 16 * 1024 * 1024

export interface Log {
  readonly log: Logger
  /** Writes the line of a step: put together by hand, because every request has one and pino's way costs as much as the step. */
  readonly logStep: (line: StepLog) => void
  readonly logNotice: (fields: NoticeLog, message: string) => void
  /** Writes what is still waiting; before the process ends. */
  readonly flush: () => void
}

/** The log of a level, on standard error. */
export function createLog(level: string): Log {
  const destination = pino.destination({ dest: 2, sync: false, maxLength: MOST_WAITING })
  const bundle = createLogBundle(lines => destination.write(lines))
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } }, bundle)
  setInterval(() => bundle.flush(), FLUSH_EVERY).unref()
  // nobody reads standard error any more: calls go on
  destination.on('error', () => undefined)
  const logsSteps = log.isLevelEnabled('info')
  return {
    log,
    logStep(line) {
      const { broke } = line.step
      if (broke !== undefined) log.error({ call: line.step.call.id, flow: line.flow.name, version: line.flow.version, broke, reqId: line.reqId }, 'something of ours broke: the call was sent to on_error')
      if (logsSteps) bundle.add(stepLine(line))
    },
    logNotice(fields, message) {
      if (logsSteps) bundle.write(`{"level":"info","time":"${isoTime(Date.now())}",${JSON.stringify(fields).slice(1, -1)},"msg":"${message}"}\n`)
    },
    flush() {
      try {
        bundle.flush()
        destination.flushSync()
      } catch {
        // nobody reads it any more
      }
    },
  }
}

/** The line of a step, in pieces. Names of states and request ids are plain by their own rules; what the carrier sent is escaped. */
export function stepLine({ flow, step: { call, trace }, ms, reqId, first }: StepLog): string[] {
  const from = trace[0]
  const to = trace.at(-1)
  const pieces = ['{"level":"info","time":"', isoTime(Date.now()), '","call":"', /["\\]/.test(call.id) ? JSON.stringify(call.id).slice(1, -1) : call.id, '",']
  if (first !== undefined) pieces.push('"caller":', JSON.stringify(masked(first.caller)), ',"line":', JSON.stringify(masked(first.called)), ',"direction":"', first.direction, '",')
  pieces.push(flowPart(flow), shown(from?.from ?? ''), '","event":"', plain(from?.event ?? ''), '","to":"', shown(to?.to ?? ''), '",')
  if (trace.length > 1) pieces.push('"via":', JSON.stringify(trace.slice(0, -1).map(line => shown(line.to))), ',')
  const holiday = trace.find(line => line.holiday !== undefined)?.holiday
  if (holiday !== undefined) pieces.push('"holiday":', JSON.stringify(holiday), ',')
  const reason = trace.find(line => line.reason !== undefined)?.reason
  if (reason !== undefined) pieces.push('"failed":"', reason, '",')
  pieces.push('"ms":', String(Math.round(ms * 1000) / 1000), ',"reqId":"', reqId, '","msg":"step"}\n')
  return pieces
}

/** A text of a reply may be the outcome, and a flow may write any. */
function plain(event: string): string {
  return /^[\w* -]*$/.test(event) ? event : JSON.stringify(event).slice(1, -1)
}

const flowParts = new WeakMap<Flow, string>()

function flowPart(flow: Flow): string {
  let part = flowParts.get(flow)
  if (part === undefined) {
    part = `"flow":"${flow.name}","version":"${flow.version}","from":"`
    flowParts.set(flow, part)
  }
  return part
}

let minute = ''
let minuteStart = 0

/** The time as ISO 8601 in UTC. Most of it is the same as a line ago. */
function isoTime(now: number): string {
  if (now < minuteStart || now >= minuteStart + 60_000) {
    minuteStart = Math.floor(now / 60_000) * 60_000
    minute = new Date(minuteStart).toISOString().slice(0, -7)
  }
  const rest = now - minuteStart
  // 100,000 in front, for the zeros: 7.003 s are 07003
  const digits = String(100_000 + rest)
  return `${minute}${digits.slice(1, 3)}.${digits.slice(3)}Z`
}
