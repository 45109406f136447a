/**
 * Sounds under the hash of their bytes: they never change, so they may be cached for ever. Beside them those that are
 * made for a call, under what they are made of.
 */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basename } from 'node:path'
import { readRecipe } from '../compile/recipe.ts'
import type { ServeParts } from './parts.ts'
import { sendProblem } from './refuse.ts'
import type { Refuse } from './refuse.ts'

const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const
/** Sounds made for calls that are found again without a look: the carrier may ask for one many times. */
const MOST_KNOWN = 5000

/** Adds `GET /audio/HASH/NAME` and `GET /speech/TOKEN/NAME`. The name is for people: no path comes from the request. */
export async function audioRoutes(app: FastifyInstance, { sounds, tokens, speech, log }: ServeParts, refuse: Refuse): Promise<void> {
  await app.register(fastifyStatic, { root: sounds.folder, serve: false, immutable: true, maxAge: '365d', etag: true, lastModified: false, acceptRanges: true, dotfiles: 'deny' })

  function send(request: FastifyRequest, reply: FastifyReply, hash: string): FastifyReply {
    const sound = sounds.sound(hash)
    if (sound === undefined) {
      refuse(request, reply, 404)
      return reply
    }
    reply.header('content-type', TYPES[sound.format]).header('x-request-id', request.id)
    return reply.sendFile(basename(sound.path))
  }

  app.get<{ Params: { hash: string; name: string } }>('/audio/:hash/:name', async (request, reply) => send(request, reply, request.params.hash))

  const known = new Map<string, string>()
  app.get<{ Params: { token: string; name: string } }>('/speech/:token/:name', async (request, reply) => {
    const { token } = request.params
    const text = tokens.openSpeech(token)
    if (text === undefined || speech === undefined) {
      refuse(request, reply, 403)
      return reply
    }
    const before = known.get(token)
    if (before !== undefined && sounds.sound(before) !== undefined) return send(request, reply, before)
    // which engine stands before it: an address of another one is spoken by the one that there is
    const made = await speech.make(readRecipe(text.slice(text.indexOf('\n') + 1)))
    if ('trouble' in made) {
      log.error({ reqId: request.id, reason: made.trouble }, 'a sound for a call could not be made')
      reply.header('retry-after', '1')
      return sendProblem(reply, 503)
    }
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value as string)
    known.set(token, made.hash)
    return send(request, reply, made.hash)
  })
}
