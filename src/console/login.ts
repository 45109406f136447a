/** `POST /login` and `POST /logout`, and the form that a browser without a session gets. */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { cookieOf } from './sessions.ts'
import type { Sessions } from './sessions.ts'

/** Tries a minute and sender. */
const MOST_TRIES = 10
const MOST_BODY = 4096

const WORDS = {
  en: { title: 'tonval: log in', token: 'Token', hint: 'the value of TONVAL_ADMIN_TOKEN', send: 'Log in', wrong: 'This is not the token of this server.', often: 'Too many wrong tokens: wait a minute.' },
  sv: { title: 'tonval: logga in', token: 'Nyckel', hint: 'värdet av TONVAL_ADMIN_TOKEN', send: 'Logga in', wrong: 'Det är inte den här serverns nyckel.', often: 'För många felaktiga nycklar: vänta en minut.' },
}

export interface LoginParts {
  readonly sessions: Sessions
  /** The address of the page's style. */
  readonly style: string
  /** Sends a document with the page's policy. */
  readonly send: (reply: FastifyReply, html: string) => FastifyReply
}

/** Adds both routes; gives back how the form is shown. */
export async function loginRoutes(app: FastifyInstance, { sessions, style, send }: LoginParts): Promise<(request: FastifyRequest, reply: FastifyReply) => FastifyReply> {
  await app.register(rateLimit, { global: false, max: MOST_TRIES, timeWindow: '1 minute' })
  const limit = app.createRateLimit()

  function form(request: FastifyRequest, reply: FastifyReply, wrong?: 'wrong' | 'often'): FastifyReply {
    const language = /^\s*sv\b/i.test(request.headers['accept-language'] ?? '') ? 'sv' : 'en'
    const words = WORDS[language]
    return send(reply, `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${words.title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="${style}"></head>
<body><main class="login"><h1>tonval</h1>
<form method="post" action="/login"><label for="token">${words.token}</label>
<input id="token" name="token" type="password" required autocomplete="current-password" autofocus aria-describedby="hint"><p id="hint" class="hint">${words.hint}</p>
${wrong === undefined ? '' : `<p class="wrong" role="alert">${words[wrong]}</p>`}<button class="primary">${words.send}</button></form></main></body></html>
`)
  }

  await app.register(async own => {
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))))
    own.post('/login', { bodyLimit: MOST_BODY }, async (request: FastifyRequest<{ Body: { token?: string } | undefined }>, reply) => {
      // every try counts, the right one too: whoever guesses learns nothing by going on
      const tried = await limit(request)
      if (!tried.isAllowed && tried.isExceeded) return form(request, reply.code(429), 'often')
      const value = sessions.begin(request.body?.token ?? '')
      if (value === undefined) return form(request, reply.code(401), 'wrong')
      return reply.header('set-cookie', cookieOf(value, isSecure(request))).redirect('/', 303)
    })
    own.post('/logout', { bodyLimit: MOST_BODY }, async (request, reply) => {
      sessions.end(request)
      return reply.header('set-cookie', cookieOf(undefined, isSecure(request))).redirect('/', 303)
    })
  })
  return form
}

/** Whether the browser came by TLS, which a proxy in front of us ends. */
function isSecure({ headers, protocol }: FastifyRequest): boolean {
  return protocol === 'https' || headers.origin?.startsWith('https://') === true || headers['x-forwarded-proto'] === 'https'
}
