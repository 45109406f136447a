/** The store in one file of the data folder, worked by a thread of its own: no caller ever waits for a disk because of another. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Answer, Methods, Request } from './sqlite/worker.ts'
import { StoreError } from './store-error.ts'
import type { Store } from './store.ts'

/** Milliseconds after which a request is given up: the disk hangs. */
const PATIENCE = 10_000

/** Calls on record that are put in their place in one transaction. */
const MOST_SETTLED = 100

export interface SqliteStore extends Store {
  /** Does what was asked, and lets go of the file. */
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: StoreError) => void
  readonly late: NodeJS.Timeout
}

/**
 * The store of a data folder. Nothing is opened before the first request; one that fails opens the file anew the next
 * time, so that a store that was mended is used again. Throws where the folder cannot be made.
 */
export async function openSqliteStore(data: string, patience = PATIENCE): Promise<SqliteStore> {
  await mkdir(data, { recursive: true })
  const path = join(data, 'tonval.db')
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let count = 0
  let closed = false

  function start(): Worker {
    const started = new Worker(new URL('./sqlite/worker.js', import.meta.url), { workerData: { path } })
    started.unref()
    started.on('message', (answer: Answer) => {
      const one = take(answer.id)
      if (one === undefined) return
      if ('trouble' in answer) one.reject(new StoreError(answer.trouble, answer.message))
      else one.resolve(answer.result as never)
    })
    const ended = (message: string): void => {
      if (worker !== started) return
      worker = undefined
      for (const id of [...waiting.keys()]) take(id)?.reject(new StoreError('other', message))
    }
    started.on('error', error => ended(`the thread of the store broke: ${(error).message}`))
    started.on('exit', () => ended('the thread of the store ended'))
    return started
  }

  function take(id: number): Waiting | undefined {
    const one = waiting.get(id)
    waiting.delete(id)
    clearTimeout(one?.late)
    if (waiting.size === 0) worker?.unref()
    return one
  }

  function ask(method: keyof Methods, args: readonly unknown[]): Promise<never> {
    if (closed) return Promise.reject(new StoreError('closed', 'the server stops'))
    const thread = (worker ??= start())
    const id = ++count
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => take(id)?.reject(new StoreError('slow', `${path} has not answered for ${patience / 1000} seconds: the disk hangs`)), patience)
      waiting.set(id, { resolve, reject, late })
      thread.ref()
      thread.postMessage({ id, method, args } satisfies Request)
    })
  }

  /** Of calls what was written last is put in its place first, some at a time: what callers wait for comes between. */
  const settled = <K extends keyof Store>(name: K) => (async (...args: readonly unknown[]) => {
    while (await ask('settleCalls', [MOST_SETTLED]));
    return ask(name, args)
  }) as Store[K]

  const method = <K extends keyof Store>(name: K) => ((...args: readonly unknown[]) => ask(name, args)) as Store[K]
  return {
    put: method('put'), claim: method('claim'), claimDoubts: method('claimDoubts'), settle: method('settle'), owners: method('owners'), abandon: method('abandon'), nextDue: method('nextDue'),
    hasRef: method('hasRef'), item: method('item'), list: method('list'), counts: method('counts'), dialled: method('dialled'), retry: method('retry'), drop: method('drop'), hurry: method('hurry'), prune: method('prune'),
    noteRecording: method('noteRecording'), claimRecordings: method('claimRecordings'), settleRecording: method('settleRecording'), recording: method('recording'), recordingsOf: method('recordingsOf'),
    overdueRecordings: method('overdueRecordings'), expireRecordings: method('expireRecordings'), recordings: method('recordings'), retryRecording: method('retryRecording'), recordingCounts: method('recordingCounts'), noteCalls: method('noteCalls'), noteEnd: method('noteEnd'), endOf: method('endOf'), agedCalls: method('agedCalls'),
    writeCalls: method('writeCalls'), calls: settled('calls'), call: settled('call'), callFigures: settled('callFigures'), pruneCalls: settled('pruneCalls'),
    async close() {
      closed = true
      const thread = worker
      if (thread === undefined) return
      thread.ref()
      const ended = once(thread, 'exit')
      thread.postMessage('close')
      const late = setTimeout(() => void thread.terminate(), patience)
      await ended
      clearTimeout(late)
    },
  }
}
