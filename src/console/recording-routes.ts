/** Recordings over HTTP: which there are, to be heard and kept, and fetching one anew from the carrier. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { basename, dirname } from 'node:path'
import type { Recordings } from '../outbox/recordings.ts'
import type { Recording, Store } from '../store/store.ts'
import { readCount, readQuery } from './query.ts'
import { refuse } from './refuse.ts'
import type { RecordingShown, RecordingsShown } from './shapes/recordings.ts'

export interface RecordingParts {
  readonly store: Pick<Store, 'recordings'>
  readonly recordings: Pick<Recordings, 'file' | 'retry'>
}

const MOST = 1000
type Named = { readonly Params: { readonly name: string } }

/** Adds `GET /api/recordings`, `GET /api/recordings/ID.wav` and `POST /api/recordings/ID/retry`. */
export async function recordingRoutes(app: FastifyInstance, { store, recordings }: RecordingParts): Promise<void> {
  app.get('/api/recordings', async ({ query }, reply) => {
    const read = readQuery(query, ['most'])
    if (typeof read === 'string') return refuse(reply, 400, read)
    const most = read.most === undefined ? MOST : readCount(read.most, MOST)
    if (most === undefined) return refuse(reply, 400, `\`most\` is a number from 1 to ${MOST}`)
    try {
      return { version: 1, recordings: (await store.recordings(most)).map(shownRecording) } satisfies RecordingsShown
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })

  await app.register(async own => {
    await own.register(fastifyStatic, { root: process.cwd(), serve: false, acceptRanges: true })
    own.get<Named>('/api/recordings/:name', async ({ params: { name } }, reply) => {
      const file = await recordings.file(name.replace(/\.wav$/, ''))
      if ('why' in file) return refuse(reply, file.forGood ? 404 : 503, file.why)
      return reply.header('content-disposition', `inline; filename="${file.name}"`).type(file.type).sendFile(basename(file.path), dirname(file.path), { cacheControl: false, etag: false, lastModified: false })
    })
  })

  app.post<{ Params: { id: string } }>('/api/recordings/:id/retry', { bodyLimit: 4096 }, async ({ params: { id } }, reply) => {
    try {
      const was = await recordings.retry(id)
      if (was === undefined) return refuse(reply, 404, `there is no recording \`${id}\``)
      if (was === 'here' || was === 'deleted') return refuse(reply, 409, was === 'here' ? 'this recording is here already' : 'this recording was deleted: it was kept long enough')
      return { version: 1, id, was, state: 'coming' }
    } catch (error) {
      return refuse(reply, 503, (error as Error).message)
    }
  })
}

function shownRecording({ id, call, flow, place, seconds, state, noticed, bytes, attempts, next, why }: Recording): RecordingShown {
  return {
    id, call, flow, item: place, seconds, state, noticed: new Date(noticed).toISOString(), bytes, attempts,
    ...(state === 'coming' ? { next: new Date(next).toISOString() } : {}), ...(why === null ? {} : { why }),
  }
}
