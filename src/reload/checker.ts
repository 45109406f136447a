/** check() in a worker thread, so that no caller ever waits for a check. */
import { Worker } from 'node:worker_threads'
import type { Checked, CheckSettings, SourceSet, VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'

export type Task = { readonly do: 'check'; readonly set: SourceSet } | { readonly do: 'rebuild'; readonly source: VersionSource }
export interface Message {
  readonly id: number
  readonly task: Task
  readonly settings: CheckSettings
}
export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }

export interface Checker {
  check(set: SourceSet): Promise<Checked>
  rebuild(source: VersionSource): Promise<Flow | undefined>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** A worker that checks, started when it is first needed and again after a crash: a crash fails only what it was doing. */
export function createChecker(settings: CheckSettings): Checker {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let count = 0

  function start(): Worker {
    const started = new Worker(new URL('./check-worker.js', import.meta.url))
    started.unref()
    started.on('message', (answer: Answer) => {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (waiting.size === 0) started.unref()
      if ('error' in answer) one?.reject(new Error(answer.error))
      else one?.resolve(answer.result)
    })
    const ended = (error: Error): void => {
      if (worker === started) worker = undefined
      for (const one of waiting.values()) one.reject(error)
      waiting.clear()
    }
    started.on('error', ended)
    started.on('exit', code => ended(new Error(`the checking thread ended with ${code}`)))
    return started
  }

  function ask(task: Task): Promise<unknown> {
    worker ??= start()
    const id = ++count
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
      worker?.ref()
      worker?.postMessage({ id, task, settings: { ...settings, now: Date.now() } } satisfies Message)
    })
  }

  return {
    check: async set => (await ask({ do: 'check', set })) as Checked,
    rebuild: async source => (await ask({ do: 'rebuild', source })) as Flow | undefined,
    close: async () => {
      await worker?.terminate()
    },
  }
}
