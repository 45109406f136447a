/** Pictures, drawn one after the other in a thread of their own: a flow that takes too long is drawn more plainly, and every flow is drawn. */
import { Worker } from 'node:worker_threads'
import { CARES } from '../draw/care.ts'
import type { Care } from '../draw/care.ts'
import type { Graph } from '../draw/shape.ts'
import type { Drawn, Task } from './draw-worker.ts'

/** Milliseconds that one way to draw may take, the first time with what the thread needs to start. */
const PATIENCE = 8000
/** Milliseconds for plain rows, which take next to nothing: a busy machine still has to start the thread. */
const LAST_PATIENCE = 60_000
/** Megabytes of the thread. */
const MOST_MEMORY = 512

const NOTHING: Graph = { version: 1, flow: '', title: '', start: null, states: [], edges: [], anywhere: [] }

export interface DrawnPicture {
  readonly svg: string
  /** How it was drawn in the end: anything but `fine` took too long, or broke, in a better way. */
  readonly care: Care
}

export interface Draughtsman {
  /** The picture of a graph, which comes as JSON, as SVG. Rejects once everything is closed, and where even the plainest way fails. */
  draw(graph: string): Promise<DrawnPicture>
  /** Gets ready: somebody is about to look. */
  warm(): void
  close(): Promise<void>
}

/** A draughtsman, whose thread starts with the first picture. */
export function createDraughtsman({ patience = PATIENCE }: { readonly patience?: number } = {}): Draughtsman {
  let worker: Worker | undefined
  let closed = false
  let last: Promise<unknown> = Promise.resolve()

  function attempt(graph: string, care: Care): Promise<string | undefined> {
    const thread = worker ??= start()
    return new Promise(resolve => {
      const done = (svg: string | undefined): void => {
        clearTimeout(late)
        thread.off('message', answered).off('error', broke).off('exit', broke)
        resolve(svg)
      }
      const answered = (drawn: Drawn): void => done('svg' in drawn ? drawn.svg : undefined)
      const broke = (): void => {
        if (worker === thread) worker = undefined
        done(undefined)
      }
      const late = setTimeout(() => {
        broke()
        void thread.terminate()
      }, care === 'rows' ? LAST_PATIENCE : patience)
      thread.on('message', answered).on('error', broke).on('exit', broke)
      thread.postMessage({ graph, care } satisfies Task)
    })
  }

  function start(): Worker {
    const thread = new Worker(new URL('./draw-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY } })
    thread.unref()
    // after its last task nobody listens, and an error without a listener ends the process
    thread.on('error', () => { if (worker === thread) worker = undefined })
    return thread
  }

  async function drawn(graph: string): Promise<DrawnPicture> {
    for (const care of CARES) {
      if (closed) throw new Error('the server stops')
      const svg = await attempt(graph, care)
      if (svg !== undefined) return { svg, care }
    }
    throw new Error('this flow cannot be drawn')
  }

  return {
    draw(graph) {
      const next = last.then(() => drawn(graph))
      last = next.catch(() => undefined)
      return next
    },
    warm() {
      if (worker === undefined && !closed) void this.draw(JSON.stringify(NOTHING)).catch(() => undefined)
    },
    async close() {
      closed = true
      await worker?.terminate()
    },
  }
}
