/** What the language server knows, for a page: asked in a thread of its own, so that no caller waits while a long flow is read. */
import { Worker } from 'node:worker_threads'
import type { Adviser } from '../console/draft-routes.ts'
import type { Explained, Offered } from '../console/shapes/drafts.ts'

/** Milliseconds that one question may take, the first time with what the thread needs to start. */
const PATIENCE = 15_000
/** Megabytes of the thread. */
const MOST_MEMORY = 512

export interface Question {
  readonly id: number
  readonly ask: 'complete' | 'explain'
  readonly folder: string
  readonly name: string
  readonly text: string
  readonly offset: number
}
export type Advice = { readonly id: number; readonly answer: unknown } | { readonly id: number; readonly trouble: string }

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: Error) => void
}

/** An adviser about the flows of a folder; its thread starts with the first question. */
export function createAdviser(folder: string, { patience = PATIENCE }: { readonly patience?: number } = {}): Adviser & { close(): Promise<void> } {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let count = 0
  let closed = false

  function start(): Worker {
    const thread = new Worker(new URL('./adviser-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY } })
    thread.unref()
    const ended = (error: Error): void => {
      if (worker === thread) worker = undefined
      const lost = [...waiting.values()]
      waiting.clear()
      for (const one of lost) one.reject(error)
    }
    thread.on('message', (advice: Advice) => {
      const one = waiting.get(advice.id)
      waiting.delete(advice.id)
      if ('trouble' in advice) one?.reject(new Error(advice.trouble))
      else one?.resolve(advice.answer)
    })
    thread.on('error', ended)
    thread.on('exit', () => ended(new Error('the thread that reads along has ended')))
    return thread
  }

  async function ask(question: Omit<Question, 'id' | 'folder'>): Promise<unknown> {
    if (closed) throw new Error('the server stops')
    const thread = worker ??= start()
    const id = ++count
    const late = setTimeout(() => void thread.terminate(), patience)
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        thread.postMessage({ ...question, id, folder } satisfies Question)
      })
    } finally {
      clearTimeout(late)
    }
  }

  return {
    complete: async (name, text, offset) => (await ask({ ask: 'complete', name, text, offset })) as readonly Offered[],
    explain: async (name, text, offset) => (await ask({ ask: 'explain', name, text, offset })) as Explained | null,
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}
