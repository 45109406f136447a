/**
 * The carrier's requests on their way past Fastify's router and its objects, which cost more than all that is done for
 * a call. Only what looks exactly like an address of ours goes this way; what turns out to be refused, and everything
 * else, takes the usual one. Both ways have the same handlers, so that both give the same answers.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Asked } from './asked.ts'
import type { SentTo } from './public-base.ts'
import type { BodyReader } from './read-body.ts'

const VOICE = '/voice/'
const HANGUP = '/hangup/'
const RECORDING = '/recording/'
const KEY = '?key='

export interface Handlers {
  first(asked: Asked, flow: string, key: string | undefined): void
  next(asked: Asked, flow: string, token: string): void
  hangup(asked: Asked, token: string): void
  recording(asked: Asked, token: string): void
}

interface Parts {
  readonly handlers: Handlers
  readonly bodies: BodyReader
  readonly ids: (request: IncomingMessage) => string
  readonly base: (to: SentTo) => string
  /** The usual way. */
  readonly usual: RequestListener
}

/** Takes a request, or says false for one that it leaves alone. */
export type Lane = (raw: IncomingMessage, response: ServerResponse) => boolean

export function expressLane(parts: Parts): Lane {
  return (raw, response) => {
    const { url } = raw
    return raw.method === 'POST' && url !== undefined && !isOdd(url) && take(parts, raw, response, url)
  }
}

/** Whether an address may mean something else than what it says letter by letter. */
function isOdd(url: string): boolean {
  return url.length > 4096 || url.includes('%') || url.includes(';') || url.includes('#')
}

function take(parts: Parts, raw: IncomingMessage, response: ServerResponse, url: string): boolean {
  const { handlers } = parts
  if (url.startsWith(VOICE)) {
    const slash = url.indexOf('/', VOICE.length)
    if (slash >= 0) {
      const token = url.slice(slash + 1)
      if (!isPlain(token) || slash === VOICE.length) return false
      handlers.next(new Passing(parts, raw, response), url.slice(VOICE.length, slash), token)
      return true
    }
    const query = url.indexOf(KEY, VOICE.length)
    if (query < 0) return false
    const key = url.slice(query + KEY.length)
    if (!isPlain(key) || query === VOICE.length) return false
    handlers.first(new Passing(parts, raw, response), url.slice(VOICE.length, query), key)
    return true
  }
  const prefix = url.startsWith(HANGUP) ? HANGUP : url.startsWith(RECORDING) ? RECORDING : undefined
  if (prefix === undefined) return false
  const token = url.slice(prefix.length)
  if (!isPlain(token)) return false
  if (prefix === HANGUP) handlers.hangup(new Passing(parts, raw, response), token)
  else handlers.recording(new Passing(parts, raw, response), token)
  return true
}

/** No part of an address: neither empty nor going on. */
function isPlain(text: string): boolean {
  return text !== '' && !text.includes('/') && !text.includes('?') && !text.includes('&')
}

class Passing implements Asked {
  readonly raw: IncomingMessage
  readonly id: string
  heard = ''
  readonly #parts: Parts
  readonly #response: ServerResponse

  constructor(parts: Parts, raw: IncomingMessage, response: ServerResponse) {
    this.raw = raw
    this.id = parts.ids(raw)
    this.#parts = parts
    this.#response = response
  }

  base(): string {
    return this.#parts.base({ host: this.raw.headers.host ?? '', protocol: 'http', socket: this.raw.socket })
  }

  take(): ServerResponse {
    return this.#response
  }

  refuse(): void {
    // the usual way comes to the same end, and counts it
    this.#parts.bodies.readAgain(this.raw, this.heard)
    this.#parts.usual(this.raw, this.#response)
  }
}
