/** The page: one document, its scripts and one style, from memory; and a policy under which nothing else can run. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { randomBytes } from 'node:crypto'
import { loginRoutes } from './login.ts'
import { readPageFiles } from './page-files.ts'
import type { PageFile } from './page-files.ts'
import type { Sessions } from './sessions.ts'

/** Addresses that a browser without a session may ask for. */
export function isOpen(path: string): boolean {
  return path === '/' || path === '/login' || path === '/logout' || path.startsWith('/assets/')
}

/** What a document may load: nothing but its own, and styles with the nonce of this answer. */
export function pagePolicy(nonce: string): string {
  return `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`
}

/** Adds `GET /`, the assets, `POST /login` and `POST /logout`. `opened` is told when somebody opens the page. */
export async function pageRoutes(app: FastifyInstance, sessions: Sessions, opened: () => void): Promise<void> {
  const files = readPageFiles()

  function send(reply: FastifyReply, html: string, nonce = newNonce()): FastifyReply {
    // without any referrer a browser would call a form's own origin `null`
    return reply.header('content-type', 'text/html; charset=utf-8').header('content-security-policy', pagePolicy(nonce))
      .header('referrer-policy', 'same-origin').header('cross-origin-opener-policy', 'same-origin').header('x-frame-options', 'DENY').send(html)
  }

  const form = await loginRoutes(app, { sessions, style: files.style.address, send })
  app.get('/', (request, reply) => {
    if (sessions.who(request) === undefined) return form(request, reply)
    opened()
    const nonce = newNonce()
    return send(reply, files.html.replace('{{nonce}}', nonce).replace('{{session}}', sessions.asks ? 'yes' : 'no'), nonce)
  })
  for (const file of [files.script, files.style, ...files.pieces]) app.get(file.address, (request, reply) => sendFile(request, reply, file))
}

function newNonce(): string {
  return randomBytes(16).toString('base64url')
}

async function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): Promise<FastifyReply> {
  const takes = request.headers['accept-encoding'] ?? ''
  const encoding = /\bbr\b/.test(String(takes)) ? 'br' : /\bgzip\b/.test(String(takes)) ? 'gzip' : undefined
  reply.header('content-type', file.type).header('cache-control', 'public, max-age=31536000, immutable').header('vary', 'accept-encoding')
  if (encoding === undefined) return reply.send(file.plain)
  return reply.header('content-encoding', encoding).send(await (encoding === 'br' ? file.brotli() : file.gzip()))
}
