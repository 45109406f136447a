/** The carrier's side as a Fastify application, without a port: tests inject requests, cli/serve.ts listens. */
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { allowList } from './allow-from.ts'
import { audioRoutes } from './audio.ts'
import type { ServeParts } from './parts.ts'
import { createBodyReader, LAST_RESORT } from './read-body.ts'
import { problemBody, refuse as refuseWith, sendProblem, titleOf } from './refuse.ts'
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
  readonly stopping: () => void
}

/** Builds the application. Throws on settings that cannot be used, such as an address range that is none. */
export async function buildApp(parts: ServeParts): Promise<Served> {
  const app = Fastify({
    logger: false,
    trustProxy: parts.trustProxy.length === 0 ? false : [...parts.trustProxy],
    // a caller waits behind a request without a Host header too
    http: { requireHostHeader: false },
    requestTimeout: REQUEST_TIMEOUT,
    keepAliveTimeout: 72_000,
    // a request that still comes in while we stop belongs to a call: it gets its answer
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    genReqId: requestIds(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    // an address with broken percents, or longer than any of ours
    frameworkErrors: (error, request, reply) => refuse(request as FastifyRequest, reply as FastifyReply, error.statusCode ?? 400),
    clientErrorHandler(error, socket) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || !socket.writable) return
      const status = (error as NodeJS.ErrnoException).code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
      const body = problemBody(status)
      socket.end(`HTTP/1.1 ${status} ${titleOf(status)}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
    },
  })
  await app.register(rateLimit, { global: false, max: MOST_REFUSALS, timeWindow: '1 minute' })
  const limit = app.createRateLimit()
  const refuse: Refuse = (request, reply, status) => {
    refuseWith(limit, request, reply, status).catch((error: unknown) => parts.log.error({ err: error, reqId: request.id }, 'a refusal could not be sent'))
  }

  // requests that are refused may have any body
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  // HTTP lets a server refuse an expectation that it does not know; a caller's request gets its answer instead
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response))

  const allowed = allowList(parts.allowFrom)
  if (allowed !== undefined) {
    app.addHook('onRequest', (request, reply, done) => {
      // by the route that was found: the address as sent can be written in many ways
      if (FOR_EVERYBODY.includes(request.routeOptions.url ?? '') || allowed(request.ip)) done()
      else refuse(request, reply, 403)
    })
  }
  app.setErrorHandler((error, request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) parts.log.error({ err: error, reqId: request.id }, 'a request failed')
    return status >= 500 && isCarriers(request.url) && request.method === 'POST' ? reply.code(200).header('content-type', 'application/json').send(LAST_RESORT) : sendProblem(reply, status)
  })
  app.setNotFoundHandler((request, reply) => notFound(request, reply, refuse))

  const bodies = createBodyReader(parts.log, parts.patience)
  app.addHook('onClose', (_app, done) => { bodies.close(); done() })
  // The handlers run before Fastify looks at the body's type and length: what is wrong with a body must not stand
  // between a caller and an answer. None of them passes a request on.
  const post = <R extends FastifyRequest>(path: string, handler: (request: R, reply: FastifyReply) => void): void => {
    app.post(path, { onRequest: (request, reply) => handler(request as R, reply) }, () => undefined)
  }
  const voice = voiceHandlers(parts, refuse, bodies.read)
  post('/voice', voice.firstByLine)
  post('/voice/:flow', voice.first)
  post('/voice/:flow/:token', voice.next)
  const notices = noticeHandlers(parts, refuse, bodies.read)
  post('/hangup/:token', notices.hangup)
  post('/recording/:token', notices.recording)
  await audioRoutes(app, parts.sounds, refuse)

  let stopping = false
  app.get('/health', async (request, reply) => reply.header('x-request-id', request.id).send({ status: 'ok', version: parts.version }))
  app.get('/ready', async (request, reply) => {
    const flows = parts.flows.live.flows.size
    const ready = flows > 0 && !stopping
    return reply.code(ready ? 200 : 503).header('x-request-id', request.id).send({ status: ready ? 'ready' : stopping ? 'stopping' : 'no flow is served', flows })
  })
  return { app, stopping: () => { stopping = true } }
}

/** Routes that `--allow-from` does not close. Sounds are fetched from anywhere: whether they are from the same addresses is not documented. */
const FOR_EVERYBODY: readonly string[] = ['/audio/:hash/:name', '/health', '/ready']

function isCarriers(url: string): boolean {
  return /^\/(voice|hangup|recording)(\/|\?|$)/.test(url)
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
