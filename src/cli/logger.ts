/** The log: JSON lines on standard error, written in bundles so that no caller waits for a disk or a pipe. */
import { pino } from 'pino'
import type { Logger } from 'pino'
import { masked, shown } from '../serve/masked.ts'
import type { StepLog } from '../serve/parts.ts'

/** Bytes of lines that are written together: waking the thread that writes costs more than what it writes. */
const BUNDLE = 16_000
/** Milliseconds after which lines are written in any case. */
const FLUSH_EVERY = 250
/** Bytes that may wait for a reader who has stopped reading; lines beyond are dropped, so that calls go on. */
const MOST_WAITING = 16 * 1024 * 1024

export interface Log {
  readonly log: Logger
  /** Writes the line of a step: put together by hand, because a step has one on every request and pino's way costs as much as the step. */
  readonly logStep: (line: StepLog) => void
  /** Writes what is still waiting; before the process ends. */
  readonly flush: () => void
}

/** The log of a level, on standard error. */
export function createLog(level: string): Log {
  const destination = pino.destination({ dest: 2, sync: false, minLength: BUNDLE, maxLength: MOST_WAITING })
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } }, destination)
  setInterval(() => destination.flush(), FLUSH_EVERY).unref()
  // nobody reads standard error any more: calls go on
  destination.on('error', () => undefined)
  const logsSteps = log.isLevelEnabled('info')
  return {
    log,
    logStep(line) {
      const { broke } = line.step
      if (broke !== undefined) log.error({ call: line.step.call.id, flow: line.flow.name, version: line.flow.version, broke, reqId: line.reqId }, 'something of ours broke: the call was sent to on_error')
      if (logsSteps) destination.write(stepLine(line))
    },
    flush() {
      try {
        destination.flushSync()
      } catch {
        // nobody reads it any more
      }
    },
  }
}

/** The line of a step. Names of states, events and request ids are plain by their own rules; what the carrier sent is escaped. */
function stepLine({ flow, step: { call, trace }, ms, reqId, first }: StepLog): string {
  const from = trace[0]
  const to = trace.at(-1)
  const via = trace.length > 1 ? `,"via":${JSON.stringify(trace.slice(0, -1).map(line => shown(line.to)))}` : ''
  const who = first === undefined ? '' : `,"caller":${JSON.stringify(masked(first.caller))},"line":${JSON.stringify(masked(first.called))},"direction":"${first.direction}"`
  const id = /["\\]/.test(call.id) ? JSON.stringify(call.id) : `"${call.id}"`
  // joined, not added up: the length of a text in many pieces is found letter by letter, and cost more than the step
  return ['{"level":"info","time":"', new Date().toISOString(), '","call":', id, who, ',"flow":"', flow.name, '","version":"', flow.version,
    '","from":"', shown(from?.from ?? ''), '","event":"', from?.event ?? '', '","to":"', shown(to?.to ?? ''), '"', via, ',"ms":', Math.round(ms * 1000) / 1000, ',"reqId":"', reqId, '","msg":"step"}\n'].join('')
}
