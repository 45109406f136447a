/** Runs inside a server under measurement: answers `stall` with how long its loop stood still, `heap` with the bytes in use after a collection. */
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

export interface Stall {
  /** Milliseconds, the one that is waited for taken off. */
  readonly p99: number
  readonly most: number
  /** The longest collection of memory, which is part of it. */
  readonly collection: number
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let collection = 0
  new PerformanceObserver(list => { for (const { duration } of list.getEntries()) collection = Math.max(collection, duration) }).observe({ entryTypes: ['gc'] })
  process.on('message', message => {
    if (message === 'stall') {
      process.send?.({ p99: delay.percentile(99) / 1e6 - 1, most: delay.max / 1e6 - 1, collection } satisfies Stall)
      delay.reset()
      collection = 0
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
