/** The other side of draughtsman.ts: draws in a thread of its own, which can be broken off. */
import { parentPort } from 'node:worker_threads'
import type { Care } from '../draw/care.ts'
import { draw } from '../draw/draw.ts'
import type { Graph } from '../draw/shape.ts'

export interface Task {
  /** As JSON: a text is handed over in no time. */
  readonly graph: string
  readonly care: Care
}
export type Drawn = { readonly svg: string } | { readonly trouble: string }

parentPort?.on('message', ({ graph, care }: Task) => {
  draw(JSON.parse(graph) as Graph, care).then(svg => ({ svg }), (error: unknown) => ({ trouble: (error as Error).message })).then((drawn: Drawn) => parentPort?.postMessage(drawn)).catch((error: unknown) => { throw error })
})
