/** The operator's side as a Fastify application: the page, what is live, edits, versions, events and figures. */
import Fastify from 'fastify'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { callRoutes } from './call-routes.ts'
import { dialRoutes } from './dial-routes.ts'
import { draftRoutes, isQuestion } from './draft-routes.ts'
import { flowRoutes, stateOf } from './flow-routes.ts'
import { numberRoutes } from './number-routes.ts'
import { isOurs } from './origin.ts'
import { outboxRoutes } from './outbox-routes.ts'
import { isOpen, pageRoutes } from './page-routes.ts'
import type { ConsoleParts } from './parts.ts'
import { phoneRoutes } from './phone-routes.ts'
import { pictureRoutes } from './picture-routes.ts'
import { recordingRoutes } from './recording-routes.ts'
import { refuse } from './refuse.ts'
import { createSessions } from './sessions.ts'
import { switchRoutes } from './switches.ts'
import { versionRoutes } from './version-routes.ts'

/** Of what Fastify says of bodies in a word or two: what was found, and what to do. */
const BODIES: Readonly<Record<string, (request: FastifyRequest) => string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ headers }) => `a body of the type \`${(headers['content-type'] ?? '').slice(0, 100)}\` is not read here: say with \`Content-Type\` what you send, mostly \`application/json\``,
  FST_ERR_CTP_BODY_TOO_LARGE: ({ headers }) => `a body of ${headers['content-length'] ?? 'so many'} bytes is longer than what is read here: send less`,
  FST_ERR_CTP_EMPTY_JSON_BODY: () => 'the body is empty: send JSON, or no `Content-Type`',
}

/** Builds the application. */
export async function buildConsole(parts: ConsoleParts): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 200 } })
  const sessions = createSessions(parts.token)
  /** Who asked: known before the answer, which may end a session. */
  const askers = new WeakMap<FastifyRequest, string>()
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cache-control', 'no-store')
    // a page of some other host must not reach us through the operator's browser
    if (!isOurs(request.headers.host, request.headers.origin, request.headers['sec-fetch-site'], parts.token !== undefined)) return refuse(reply, 403, 'this request comes from another site')
    const who = sessions.who(request)
    if (who !== undefined) askers.set(request, who)
    else if (!isOpen(pathOf(request))) {
      reply.header('www-authenticate', 'Bearer')
      return refuse(reply, 401, 'send the header `Authorization: Bearer` with the value of TONVAL_ADMIN_TOKEN')
    }
    return undefined
  })
  app.addHook('onResponse', async (request, reply) => {
    if (request.method === 'GET' || request.method === 'HEAD' || isQuestion(pathOf(request))) return
    parts.record({ who: askers.get(request) ?? 'nobody', ip: request.ip, method: request.method, path: pathOf(request), status: reply.statusCode })
  })
  app.setErrorHandler((error, request, reply) => {
    const { statusCode: status = 500, code, message } = error as Error & { statusCode?: number; code?: string }
    if (status >= 500) parts.failed(error as Error)
    return refuse(reply, status, status >= 500 ? undefined : BODIES[code ?? '']?.(request) ?? message)
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404))

  await pageRoutes(app, sessions, () => parts.pictures.pictures.warm())
  await flowRoutes(app, parts)
  await pictureRoutes(app, parts.live, parts.pictures)
  await draftRoutes(app, parts)
  await versionRoutes(app, parts)
  await switchRoutes(app, parts.switches)
  await outboxRoutes(app, parts.outbox)
  await recordingRoutes(app, parts.outbox)
  await callRoutes(app, parts.calls)
  await numberRoutes(app, parts.calls)
  await dialRoutes(app, { ...parts.outbox, live: parts.live, against: parts.againstDial })
  await phoneRoutes(app, parts)
  app.get('/api/events', { exposeHeadRoute: false }, (request, reply) => {
    const last = request.headers['last-event-id']
    reply.hijack()
    if (parts.events.open(reply.raw, typeof last === 'string' ? last : undefined, () => stateOf(parts, parts.last()), () => sessions.who(request) !== undefined)) return
    reply.raw.writeHead(503, { 'retry-after': '5', 'content-type': 'application/problem+json' }).end('{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"too many clients listen already"}')
  })
  app.addHook('preClose', async () => parts.events.close())
  app.get('/metrics', async (_request, reply) => reply.header('content-type', parts.metrics.type).send(await parts.metrics.text()))
  return app
}

/** The address without its query. */
function pathOf({ url }: FastifyRequest): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
