/** Recordings at our own address: for whoever was sent it, and nobody else. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basename, dirname } from 'node:path'
import { isRecordingKey } from '../carrier/recording-address.ts'
import type { RecordingFile } from '../outbox/recordings.ts'
import type { Refuse } from './refuse.ts'

export interface RecordingParts {
  /** The secrets in rotation. */
  readonly secrets: readonly string[]
  readonly file: (id: string) => Promise<RecordingFile>
}

type Wanted = FastifyRequest<{ Params: { key: string; name: string } }>

/** Adds `GET /recordings/KEY/NAME`: 404 for what was deleted, 503 for what is still with the carrier. */
export function recordingRoutes(app: FastifyInstance, parts: RecordingParts, refuse: Refuse): void {
  app.get('/recordings/:key/:name', { exposeHeadRoute: true }, async (request: Wanted, reply: FastifyReply) => {
    const { key, name } = request.params
    const id = /^([A-Za-z0-9_-]{1,100})\.wav$/.exec(name)?.[1]
    if (id === undefined || !isRecordingKey(parts.secrets, id, key)) {
      refuse(request, reply, 403)
      return reply
    }
    const file = await parts.file(id)
    if ('why' in file) {
      reply.header('cache-control', 'no-store')
      if (!file.forGood) reply.header('retry-after', '60')
      refuse(request, reply, file.forGood ? 404 : 503)
      return reply
    }
    // what somebody said on the telephone stays out of shared caches
    return reply.header('cache-control', 'private, no-store').header('x-content-type-options', 'nosniff').type(file.type).sendFile(basename(file.path), dirname(file.path), { cacheControl: false, etag: false, lastModified: false })
  })
}
