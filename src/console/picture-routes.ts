/** Flows to look at and to listen to: the graph and the picture of any stored version, and its sounds. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Flow } from '../compile/flow.ts'
import { graphOf } from '../draw/graph.ts'
import type { Draughtsman } from './draughtsman.ts'
import { refuse } from './refuse.ts'

/** Pictures that are kept, and the bytes that they may take together. */
const MOST_PICTURES = 200
const MOST_BYTES = 32 * 1024 * 1024
const VERSION = /^[0-9a-f]{1,64}$/
const TYPES = { wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg' } as const
const pack = promisify(gzip)

export interface PictureParts {
  /** The flow of a stored version; undefined where nobody has it. */
  readonly flow: (version: string) => Promise<Flow | undefined>
  readonly draughtsman: Draughtsman
  readonly sound: (hash: string) => { readonly path: string; readonly format: 'wav' | 'mp3' | 'ogg' } | undefined
  /** The folder of the sounds. */
  readonly sounds: string
}

interface Picture {
  readonly plain: Buffer
  readonly gzip: Buffer
}

type Asked = FastifyRequest<{ Params: { name: string; hash: string }; Querystring: { version?: string } }>

/** Adds `GET /api/flows/NAME/graph`, `…/picture` (both with `?version=`) and `…/sound/HASH`. */
export async function pictureRoutes(app: FastifyInstance, live: () => ReadonlyMap<string, Flow>, parts: PictureParts): Promise<void> {
  const pictures = new Map<string, Promise<Picture>>()
  const sizes = new Map<string, number>()

  async function flowOf({ params: { name }, query: { version } }: Asked): Promise<Flow | string> {
    const own = live().get(name)
    if (version === undefined || version === own?.version) return own ?? `there is no flow \`${name}\` in force`
    const flow = VERSION.test(version) ? await parts.flow(version) : undefined
    return flow?.name === name ? flow : `there is no version \`${version.slice(0, 64)}\` of \`${name}\``
  }

  function forget(version: string): void {
    pictures.delete(version)
    sizes.delete(version)
  }

  function pictureOf(flow: Flow): Promise<Picture> {
    const known = pictures.get(flow.version)
    pictures.delete(flow.version)
    const picture = known ?? parts.draughtsman.draw(graphOf(flow)).then(async svg => {
      const plain = Buffer.from(svg)
      sizes.set(flow.version, plain.length)
      for (const oldest of pictures.keys()) {
        if (pictures.size <= MOST_PICTURES && [...sizes.values()].reduce((sum, size) => sum + size, 0) <= MOST_BYTES) break
        if (oldest !== flow.version) forget(oldest)
      }
      return { plain, gzip: await pack(plain) }
    })
    // the last one asked for stands last
    pictures.set(flow.version, picture)
    if (known === undefined) picture.catch(() => forget(flow.version))
    return picture
  }

  app.get('/api/flows/:name/graph', async (request: Asked, reply) => {
    const flow = await flowOf(request)
    return typeof flow === 'string' ? refuse(reply, 404, flow) : graphOf(flow)
  })

  app.get('/api/flows/:name/picture', async (request: Asked, reply) => {
    const flow = await flowOf(request)
    if (typeof flow === 'string') return refuse(reply, 404, flow)
    const etag = `"${flow.version}"`
    // a document of its own, should somebody open it as one: nothing in it can run or load
    reply.header('content-type', 'image/svg+xml; charset=utf-8').header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .header('etag', etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding')
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    const { plain, gzip: packed } = await pictureOf(flow)
    return /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) ? reply.header('content-encoding', 'gzip').send(packed) : reply.send(plain)
  })

  await app.register(async own => {
    await own.register(fastifyStatic, { root: parts.sounds, serve: false, immutable: true, maxAge: '365d', etag: true, lastModified: false, acceptRanges: true, dotfiles: 'deny' })
    own.get('/api/flows/:name/sound/:hash', (request: Asked, reply): FastifyReply => {
      const sound = parts.sound(request.params.hash)
      return sound === undefined ? refuse(reply, 404, 'there is no such sound') : reply.header('content-type', TYPES[sound.format]).sendFile(basename(sound.path))
    })
  })
}
