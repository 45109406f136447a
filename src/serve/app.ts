/** The carrier's side as a Fastify application, without a port: tests inject requests, cli/serve.ts listens. */
import rateLimit from '@fastify/rate-limit'
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { allowList } from './allow-from.ts'
import { Routed } from './asked.ts'
import type { Asked } from './asked.ts'
import { audioRoutes } from './audio.ts'
import { expressLane } from './express-lane.ts'
import type { Lane } from './express-lane.ts'
import type { ServeParts } from './parts.ts'
import { publicBase } from './public-base.ts'
import { createBodyReader, LAST_RESORT } from './read-body.ts'
import { problemBody, refuse as refuseWith, sendProblem, titleOf } from './refuse.ts'
import { noticeHandlers } from './notices.ts'
import { recordingRoutes } from './recordings.ts'
import { voiceHandlers } from './voice.ts'
import type { Refuse } from './refuse.ts'

/** Longer than any address of ours; Fastify's own limit of 100 would answer 414. */
const LONGEST_PARAMETER = 4000
/** Milliseconds for a whole request to arrive. */
const REQUEST_TIMEOUT = 30_000
/** Milliseconds that a connection stays open between requests. */
const KEEP_ALIVE = 72_000
/** Refusals a minute and sender. */
const MOST_REFUSALS = 100

export interface Served {
  readonly app: FastifyInstance
  /** From now on `/ready` says 503, so that no new calls are sent here. */
  readonly stopping: () => void
}

/** Builds the application. Throws on settings that cannot be used, such as an address range that is none. */
export async function buildApp(parts: ServeParts): Promise<Served> {
  const ids = requestIds()
  let stopping = false
  let lane: Lane | undefined
  const app = Fastify({
    logger: false,
    trustProxy: parts.trustProxy.length === 0 ? false : [...parts.trustProxy],
    // a caller waits behind a request without a Host header too
    serverFactory: usual => createServer({ requireHostHeader: false, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: KEEP_ALIVE }, (request, response) => {
      if (stopping || lane?.(request, response) !== true) usual(request, response)
    }),
    // a request that still comes in while we stop belongs to a call: it gets its answer
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: true,
    genReqId: ids,
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
    const { statusCode: status = 500, headers = {} } = error as { statusCode?: number; headers?: Record<string, string> }
    // how long a sound is, for one who asked for more of it
    reply.headers(headers)
    if (status >= 500) parts.log.error({ err: error, reqId: request.id }, 'a request failed')
    return status >= 500 && isCarriers(request.url) && request.method === 'POST' ? reply.code(200).header('content-type', 'application/json').send(LAST_RESORT) : sendProblem(reply, status)
  })
  app.setNotFoundHandler((request, reply) => notFound(request, reply, refuse))

  const bodies = createBodyReader(parts.log, parts.patience)
  app.addHook('onClose', (_app, done) => { bodies.close(); done() })
  // The handlers run before Fastify looks at the body's type and length: what is wrong with a body must not stand
  // between a caller and an answer. None of them passes a request on.
  const base = publicBase(parts.publicUrl)
  const post = (path: string, handler: (asked: Asked, params: Params, key: string | undefined) => void): void => {
    app.post(path, { onRequest: (request, reply) => handler(new Routed(request, reply, base, refuse), request.params as Params, oneKey(request)) }, () => undefined)
  }
  const handlers = { ...voiceHandlers(parts, bodies.read), ...noticeHandlers(parts, bodies.read) }
  post('/voice', (asked, _params, key) => handlers.firstByLine(asked, key))
  post('/voice/:flow', (asked, { flow }, key) => handlers.first(asked, flow, key))
  post('/voice/:flow/:token', (asked, { flow, token }) => handlers.next(asked, flow, token))
  post('/hangup/:token', (asked, { token }) => handlers.hangup(asked, token))
  post('/recording/:token', (asked, { token }) => handlers.recording(asked, token))
  // who may ask and what forwarded headers say is looked at on the usual way
  if (allowed === undefined && (parts.publicUrl !== undefined || parts.trustProxy.length === 0)) lane = expressLane({ handlers, bodies, ids, base, usual: app.routing })
  await audioRoutes(app, parts, refuse)
  if (parts.sending !== undefined) recordingRoutes(app, parts.sending.recordings, refuse)

  app.get('/health', async (request, reply) => reply.header('x-request-id', request.id).send({ status: 'ok', version: parts.version }))
  app.get('/ready', async (request, reply) => {
    const flows = [...parts.flows.live.flows.values()].filter(flow => flow.answers).length
    const against = stopping ? 'stopping' : flows === 0 ? 'no flow is served' : parts.speech?.isReady?.() === false ? 'the speech engine starts' : undefined
    return reply.code(against === undefined ? 200 : 503).header('x-request-id', request.id).send({ status: against ?? 'ready', flows })
  })
  return { app, stopping: () => { stopping = true } }
}

interface Params {
  readonly flow: string
  readonly token: string
}

function oneKey(request: FastifyRequest): string | undefined {
  const { key } = request.query as { key?: string | string[] }
  return Array.isArray(key) ? key[0] : key
}

/** Routes that `--allow-from` does not close. Sounds are fetched from anywhere: whether they are from the same addresses is not documented. */
const FOR_EVERYBODY: readonly string[] = ['/audio/:hash/:name', '/speech/:token/:name', '/recordings/:key/:name', '/health', '/ready']

function isCarriers(url: string): boolean {
  return /^\/(voice|hangup|recording)(\/|\?|$)/.test(url)
}

function notFound(request: FastifyRequest, reply: FastifyReply, refuse: Refuse): void {
  const allow = isCarriers(request.url) ? 'POST' : /^\/(audio|speech|recordings|health|ready)(\/|\?|$)/.test(request.url) ? 'GET, HEAD' : ''
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
