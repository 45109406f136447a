/** The operator's side as a Fastify application: what is live, what was refused, and a reload on request. */
import Fastify from 'fastify'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { timingSafeEqual, createHash } from 'node:crypto'
import type { Flow } from '../compile/flow.ts'
import { isOurs } from './origin.ts'

/** What the operator's side shows and does; joined with the reloader in cli/serve.ts. */
export interface ConsoleParts {
  readonly live: () => ReadonlyMap<string, Flow>
  /** The problems of the last check, by the flow's name, in the form of `tonval lint --format json`. */
  readonly last: () => Outcome
  readonly reload: () => Promise<Outcome>
  /** Asked for in `Authorization: Bearer …`; undefined where only this machine can reach us. */
  readonly token: string | undefined
  /** Told of what broke in a request. */
  readonly failed: (error: Error) => void
}

/** What the last reload came to. */
export interface Outcome {
  /** Flows whose file must not go live, each with the version that still answers, or null. */
  readonly refused: Readonly<Record<string, string | null>>
  /** `tonval lint --format json`. */
  readonly problems: unknown
  /** Why nothing could be read or stored at all. */
  readonly failed?: string
}

/** Builds the application. */
export async function buildConsole(parts: ConsoleParts): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, forceCloseConnections: true, routerOptions: { maxParamLength: 200 } })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff')
    reply.header('cache-control', 'no-store')
    // a page of some other host must not reach us through the operator's browser
    if (!isOurs(request.headers.host, request.headers.origin, request.headers['sec-fetch-site'], parts.token !== undefined)) return problem(reply, 403, 'this request comes from another site')
    if (parts.token !== undefined && !isToken(request.headers.authorization, parts.token)) {
      reply.header('www-authenticate', 'Bearer')
      return problem(reply, 401, 'send the header `Authorization: Bearer` with the value of TONVAL_ADMIN_TOKEN')
    }
    return undefined
  })
  app.setErrorHandler((error, _request, reply) => {
    const status = (error as { statusCode?: number }).statusCode ?? 500
    if (status >= 500) parts.failed(error as Error)
    return problem(reply, status)
  })
  app.setNotFoundHandler((_request, reply) => problem(reply, 404))

  app.get('/api/flows', async () => state(parts, parts.last()))
  await app.register(async bodiless => {
    // whatever a script sends along, with whatever type: a reload has nothing to read
    bodiless.removeAllContentTypeParsers()
    bodiless.addContentTypeParser('*', (_request, payload, done) => { payload.resume(); done(null) })
    bodiless.post('/api/reload', async (_request, reply) => {
      const outcome = await parts.reload()
      const status = outcome.failed !== undefined ? 503 : Object.keys(outcome.refused).length > 0 ? 422 : 200
      return reply.code(status).send(state(parts, outcome))
    })
  })
  return app
}

function state(parts: ConsoleParts, outcome: Outcome): object {
  const live = parts.live()
  const names = [...new Set([...live.keys(), ...Object.keys(outcome.refused)])].sort()
  return {
    version: 1,
    flows: names.map(name => {
      const flow = live.get(name)
      return {
        name, state: Object.hasOwn(outcome.refused, name) ? 'refused' : 'live',
        ...(flow === undefined ? { live: null } : { live: flow.version, title: flow.title, numbers: flow.numbers, states: flow.sections[1]?.from ?? flow.states.length, answers: flow.answers }),
      }
    }),
    problems: outcome.problems,
    ...(outcome.failed === undefined ? {} : { failed: outcome.failed }),
  }
}

function isToken(header: string | undefined, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${token}`))
}

function problem(reply: FastifyReply, status: number, detail?: string): FastifyReply {
  const title: Readonly<Record<number, string>> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 413: 'Payload Too Large', 415: 'Unsupported Media Type' }
  return reply.code(status).header('content-type', 'application/problem+json').send(JSON.stringify({ type: 'about:blank', title: title[status] ?? 'Error', status, ...(detail === undefined ? {} : { detail }) }))
}
