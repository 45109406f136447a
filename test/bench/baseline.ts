/** Starts the hand-written rival of the engine's benchmark. */
import { join } from 'node:path'
import { startServer, type Running } from './server-process.ts'

/** A fresh process of the hand-written Fastify server. */
export function startBaseline(): Promise<Running> {
  return startServer({
    script: join(import.meta.dirname, 'baseline-server.js'),
    address: line => line.startsWith('http:') ? line : undefined,
  })
}
