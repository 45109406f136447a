/** The carrier's side as a Fastify application, without a port: tests inject requests, cli/serve.ts listens. */
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { allowList } from './allow-from.ts'
import { audioRoutes } from './audio.ts'
import type { ServeParts } from './parts.ts'
import { problemBody, refuse as refuseWith, sendProblem } from './refuse.ts'
import { noticeHandlers } from './notices.ts'
import { voiceHandlers } from './voice.ts'
import type { Refuse } from './voice.ts'

/** Longer than any address of ours; Fastify's own limit of 100 would answer 414. */
const LONGEST_PARAMETER = 4000
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000
/** Refusals a minute and sender. */
const MOST_REFUSALS = 100

export interface Served {
  readonly app: FastifyInstance
  /** From now on `/ready` says 503, so that no new calls are sent here. */
  stopping(): void
}

/** Builds the application. Throws on settings that cannot be used, such as an address range that is none. */
export async function buildApp(parts: ServeParts): Promise<Served> {
  const app = Fastify({
    logger: false,
    trustProxy: parts.trustProxy.length === 0 ? false : [...parts.trustProxy],
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: 72_000,
    // a request that still comes in while we stop belongs to a call: it gets its answer
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    genReqId: requestIds(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER, onBadUrl: (_path, _request, response) => { raw(response as unknown as RawReply, 400) } },
    clientErrorHandler(error, socket) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || !socket.writable) return
      const status = (error as NodeJS.ErrnoException).code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
      const body = problemBody(status)
      socket.end(`HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
    },
  })
  await app.register(rateLimit, { global: false, max: MOST_REFUSALS, timeWindow: '1 minute' })
  const limit = app.createRateLimit()
  const refuse: Refuse = (request, reply, status) => void refuseWith(limit, request, reply, status)

  // bodies are read by the handlers: what is wrong with one must not stand between a caller and an answer
  app.removeAllContentTypeParsers()
  // the usual type by its name too: Fastify finds that without taking the header apart
  for (const type of ['application/x-www-form-urlencoded', '*']) app.addContentTypeParser(type, (_request, _payload, done) => done(null))

  const allowed = allowList(parts.allowFrom)
  if (allowed !== undefined) {
    app.addHook('onRequest', (request, reply, done) => {
      // sounds are fetched from anywhere: whether they are from the same addresses is not documented
      if (!isCarriers(request.url) || allowed(request.ip)) done()
      else refuse(request, reply, 403)
    })
  }
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) parts.log.error({ err: error, reqId: request.id }, 'a request failed')
    return status >= 500 && isCarriers(request.url) && request.method === 'POST' ? reply.code(200).header('content-type', 'application/json').send('{"hangup":"reject"}') : sendProblem(reply, status)
  })
  app.setNotFoundHandler((request, reply) => notFound(request, reply, refuse))

  const voice = voiceHandlers(parts, refuse)
  app.post('/voice', voice.firstByLine)
  app.post('/voice/:flow', voice.first)
  app.post('/voice/:flow/:token', voice.next)
  const notices = noticeHandlers(parts, refuse)
  app.post('/hangup/:token', notices.hangup)
  app.post('/recording/:token', notices.recording)
  await audioRoutes(app, parts.sounds, refuse)

  let stopping = false
  app.get('/health', async () => ({ status: 'ok', version: parts.version }))
  app.get('/ready', async (_request, reply) => {
    const flows = parts.flows.live.flows.size
    const ready = flows > 0 && !stopping
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : stopping ? 'stopping' : 'no flow is served', flows })
  })
  return { app, stopping() { stopping = true } }
}

function isCarriers(url: string): boolean {
  return url.startsWith('/voice') || url.startsWith('/hangup') || url.startsWith('/recording')
}

function notFound(request: FastifyRequest, reply: FastifyReply, refuse: Refuse): void {
  const allow = isCarriers(request.url) ? 'POST' : /^\/(audio|health|ready)(\/|\?|$)/.test(request.url) ? 'GET, HEAD' : ''
  const wrongMethod = allow !== '' && !allow.includes(request.method)
  if (wrongMethod) reply.header('allow', allow)
  refuse(request, reply, wrongMethod ? 405 : 404)
}

/** A short, plain X-Request-Id is kept; else one is made: random for the process, counted for the request. */
function requestIds(): (request: IncomingMessage) => string {
  const process = randomBytes(5).toString('base64url')
  let count = 0
  return request => {
    const given = request.headers['x-request-id']
    return typeof given === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : `${process}-${(++count).toString(36)}`
  }
}

interface RawReply {
  statusCode: number
  setHeader(name: string, value: string): void
  end(text: string): void
}

function raw(response: RawReply, status: number): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/problem+json')
  response.end(problemBody(status))
}
