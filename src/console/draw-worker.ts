/** The other side of draughtsman.ts: draws in a thread of its own, which can be broken off. */
import { parentPort } from 'node:worker_threads'
import type { Care } from '../draw/care.ts'
import { draw } from '../draw/draw.ts'
import type { Graph } from '../draw/shape.ts'

export interface Task {
  readonly graph: Graph
  readonly care: Care
}
export type Drawn = { readonly svg: string } | { readonly trouble: string }

parentPort?.on('message', ({ graph, care }: Task) => {
  draw(graph, care).then(svg => ({ svg }), (error: unknown) => ({ trouble: (error as Error).message })).then((drawn: Drawn) => parentPort?.postMessage(drawn)).catch((error: unknown) => { throw error })
})
