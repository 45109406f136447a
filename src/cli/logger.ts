/** The log: JSON lines on standard error, written in bundles so that no caller waits for a disk or a pipe. */
import { pino } from 'pino'
import type { Logger } from 'pino'

/** Bytes of lines that are written together. */
const BUNDLE = 4096
/** Milliseconds after which lines are written in any case. */
const FLUSH_EVERY = 100

export interface Log {
  readonly log: Logger
  /** Writes what is still waiting; before the process ends. */
  flush(): void
}

export function createLog(level: string): Log {
  const destination = pino.destination({ dest: 2, sync: false, minLength: BUNDLE })
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: label => ({ level: label }) } }, destination)
  setInterval(() => destination.flush(), FLUSH_EVERY).unref()
  return {
    log,
    flush() {
      try {
        destination.flushSync()
      } catch {
        // nobody reads standard error any more
      }
    },
  }
}
