/** Runs inside a server under measurement: answers `stall` with how long its loop stood still, `heap` with the bytes in use after a collection. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

export interface Stall {
  /** Milliseconds, the one that is waited for taken off. */
  readonly p99: number
  readonly most: number
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  process.on('message', message => {
    if (message === 'stall') {
      process.send?.({ p99: delay.percentile(99) / 1e6 - 1, most: delay.max / 1e6 - 1 } satisfies Stall)
      delay.reset()
    }
    if (message === 'heap') {
      globalThis.gc?.()
      globalThis.gc?.()
      process.send?.(process.memoryUsage().heapUsed)
    }
  })
  // the channel must not keep a server alive that has stopped
  process.channel?.unref()
}
