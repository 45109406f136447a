/** Who has shown the token of the operator's side: by the header of a program, or by the cookie of a browser. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

export const COOKIE = 'tonval_session'
/** Milliseconds of a session. */
const LIFETIME = 12 * 3_600_000
/** Sessions at the same time: the oldest are forgotten first. */
const MOST_SESSIONS = 1000

export interface Sessions {
  /** Whether a token is asked for at all. */
  readonly asks: boolean
  /** Who asks: in a word for the log. Undefined for somebody who has not shown the token. */
  who(request: FastifyRequest): string | undefined
  /** Begins a session for whoever knows the token; the value of its cookie. Undefined for a wrong one. */
  begin(token: string): string | undefined
  end(request: FastifyRequest): void
}

/** Sessions of one server; with no token, whoever can reach us may ask. `now`: milliseconds since 1970. */
export function createSessions(token: string | undefined, now: () => number = Date.now): Sessions {
  // by the hash of its cookie: nothing in memory opens anything
  const ends = new Map<string, number>()
  const keyOf = (request: FastifyRequest): string | undefined => {
    const value = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{20,100})(?:;|$)`).exec(request.headers.cookie ?? '')?.[1]
    return value === undefined ? undefined : hash(value).toString('base64url')
  }
  return {
    asks: token !== undefined,
    who(request) {
      if (token === undefined) return 'this machine'
      if (isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return 'token'
      const key = keyOf(request)
      const until = key === undefined ? undefined : ends.get(key)
      if (key === undefined || until === undefined) return undefined
      if (until > now()) return `session ${key.slice(0, 6)}`
      ends.delete(key)
      return undefined
    },
    begin(shown) {
      if (token === undefined || !isSame(shown, token)) return undefined
      const value = randomBytes(24).toString('base64url')
      ends.set(hash(value).toString('base64url'), now() + LIFETIME)
      if (ends.size > MOST_SESSIONS) ends.delete(ends.keys().next().value as string)
      return value
    },
    end(request) {
      const key = keyOf(request)
      if (key !== undefined) ends.delete(key)
    },
  }
}

/** The cookie of a session, or what takes it away. */
export function cookieOf(value: string | undefined, isSecure: boolean): string {
  return `${COOKIE}=${value ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${value === undefined ? 0 : LIFETIME / 1000}${isSecure ? '; Secure' : ''}`
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hash(a), hash(b))
}
