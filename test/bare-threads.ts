/**
 * Threads of ours start in a test as they do in a server: without what the test runner gives to every thread, and to the
 * programs that it starts, which watches each module that is loaded and makes a start take ten times as long.
 */
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'
import type { WorkerOptions } from 'node:worker_threads'

/** What a test itself has loaded into a program goes into its threads, too. */
const OURS = process.execArgv.some(arg => arg.includes('/build/test/')) ? process.execArgv : []

class BareWorker extends threads.Worker {
  constructor(file: string | URL, options: WorkerOptions = {}) {
    super(file, { execArgv: OURS, env: { ...process.env, NODE_OPTIONS: '' }, ...options })
  }
}

threads.Worker = BareWorker
syncBuiltinESMExports()
