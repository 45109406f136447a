/** Sounds under the hash of their bytes: they never change, so they may be cached for ever. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { basename } from 'node:path'
import type { Sounds } from './parts.ts'
import type { Refuse } from './refuse.ts'

const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const

/** Adds `GET /audio/HASH/NAME`. The name is for people: the file is found by its hash alone, and no path comes from the request. */
export async function audioRoutes(app: FastifyInstance, sounds: Sounds, refuse: Refuse): Promise<void> {
  await app.register(fastifyStatic, { root: sounds.folder, serve: false, immutable: true, maxAge: '365d', etag: true, lastModified: false, acceptRanges: true, dotfiles: 'deny' })
  app.get<{ Params: { hash: string; name: string } }>('/audio/:hash/:name', async (request, reply) => {
    const sound = sounds.sound(request.params.hash)
    if (sound === undefined) {
      refuse(request, reply, 404)
      return reply
    }
    reply.header('content-type', TYPES[sound.format]).header('x-request-id', request.id)
    return reply.sendFile(basename(sound.path))
  })
}
