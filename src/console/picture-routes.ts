/** Flows to look at and to listen to: the graph and the picture of any stored version, and its sounds. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basename } from 'node:path'
import type { Flow } from '../compile/flow.ts'
import type { Pictures } from './pictures.ts'
import { readQuery } from './query.ts'
import { refuse } from './refuse.ts'

const VERSION = /^[0-9a-f]{1,64}$/
const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const

export interface PictureParts {
  readonly pictures: Pictures
  readonly sound: (hash: string) => { readonly path: string; readonly format: 'wav' | 'mp3' | 'ogg' } | undefined
  /** The folder of the sounds. */
  readonly sounds: string
}

type Asked = FastifyRequest<{ Params: { name: string; hash: string }; Querystring: { version?: string } }>

/** Adds `GET /api/flows/NAME/graph`, `…/picture` (both with `?version=`) and `…/sound/HASH`. */
export async function pictureRoutes(app: FastifyInstance, live: () => ReadonlyMap<string, Flow>, { pictures, sound: soundOf, sounds }: PictureParts): Promise<void> {
  /** The version that is asked for: the live one, unless another is named. */
  const versionOf = ({ params: { name }, query: { version = live().get(name)?.version } }: Asked): string | undefined => (version !== undefined && VERSION.test(version) ? version : undefined)
  const none = ({ params: { name }, query: { version } }: Asked): string => (version === undefined ? `there is no flow \`${name}\` in force` : `there is no version \`${version.slice(0, 64)}\` of \`${name}\``)

  app.get('/api/flows/:name/graph', async (request: Asked, reply) => {
    const odd = readQuery(request.query, ['version'])
    if (typeof odd === 'string') return refuse(reply, 400, odd)
    const version = versionOf(request)
    const json = version === undefined ? undefined : await pictures.graph(request.params.name, version)
    return json === undefined ? refuse(reply, 404, none(request)) : reply.header('content-type', 'application/json; charset=utf-8').send(json)
  })

  app.get('/api/flows/:name/picture', async (request: Asked, reply) => {
    const odd = readQuery(request.query, ['version'])
    if (typeof odd === 'string') return refuse(reply, 400, odd)
    const version = versionOf(request)
    const picture = version === undefined ? undefined : await pictures.picture(request.params.name, version)
    if (picture === undefined) return refuse(reply, 404, none(request))
    const etag = `"${picture.tag}"`
    // a document of its own, should somebody open it as one: nothing in it can run or load
    reply.header('content-type', 'image/svg+xml; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? reply.header('content-encoding', 'gzip').send(picture.gzip) : reply.send(picture.plain)
  })

  await app.register(async own => {
    await own.register(fastifyStatic, { root: sounds, serve: false, immutable: true, maxAge: '365d', etag: true, lastModified: false, acceptRanges: true, dotfiles: 'deny' })
    own.get('/api/flows/:name/sound/:hash', (request: Asked, reply): FastifyReply => {
      const sound = soundOf(request.params.hash)
      return sound === undefined ? refuse(reply, 404, 'there is no such sound') : reply.header('content-type', TYPES[sound.format]).sendFile(basename(sound.path))
    })
  })
}
