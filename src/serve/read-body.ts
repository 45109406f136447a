/** Reads requests' bodies: forms of at most 64 KiB; anything else counts as empty, because a caller is waiting. */
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Asked } from './asked.ts'

/** Bytes of a form that are looked at. */
const MOST = 64 * 1024
/** Bytes that are read and thrown away before we stop listening: a sender who gets no ear may not read the answer. */
const MOST_READ = 64 * 1024 * 1024
/** Milliseconds, up to twice as many, for a body to arrive: the caller hears nothing meanwhile, and a stop waits for no longer than 10 s. */
const PATIENCE = 3000

export const LAST_RESORT = '{"hangup":"reject"}'

/**
 * Hands over the text of a request's form, once; an empty one for a body that is too long, too slow, or no form by its
 * content type. Of a body that was broken off nothing is heard: nobody waits for an answer. What breaks in `then`
 * is logged, and answered with a hang-up if nothing was answered yet.
 */
export type ReadBody = (asked: Asked, then: (body: string) => void) => void

export interface BodyReader {
  readonly read: ReadBody
  /** Has `read` hand over this text for a request whose body was read before. */
  readAgain(raw: IncomingMessage, body: string): void
  close(): void
}

export function createBodyReader(log: Logger, patience: number = PATIENCE): BodyReader {
  // Bodies under way, in two generations: no timer of its own for each request. They arrive within a moment, all but never.
  let young = new Set<() => void>()
  let old = new Set<() => void>()
  const timer = setInterval(() => {
    for (const giveUp of old) giveUp()
    old = young
    young = new Set()
  }, patience).unref()

  const known = new WeakMap<IncomingMessage, string>()

  function hear(asked: Asked, body: string, then: (body: string) => void): void {
    asked.heard = body
    try {
      then(body)
    } catch (error) {
      log.error({ err: error, reqId: asked.id }, 'a request broke something of ours')
      if (!asked.take().headersSent) sendAction(asked, LAST_RESORT)
    }
  }

  function read(asked: Asked, then: (body: string) => void): void {
    const { raw } = asked
    const before = known.get(raw)
    if (before !== undefined) {
      hear(asked, before, then)
      return
    }
    // A body nearly always comes with its request: then it is all there once Node has parsed what it received, and a
    // look at it costs less than a stream's events.
    setImmediate(() => {
      if (raw.complete) hear(asked, textOf(raw, raw.read() as Buffer | null), then)
      else if (!raw.destroyed) wait(asked, then)
    })
  }

  function wait(asked: Asked, then: (body: string) => void): void {
    const { raw } = asked
    const chunks: Buffer[] = []
    let length = 0
    let over = false
    const isFirst = (): boolean => {
      if (over) return false
      if (!young.delete(giveUp)) old.delete(giveUp)
      return over = true
    }
    const end = (body: Buffer | null): void => {
      if (isFirst()) hear(asked, textOf(raw, body), then)
    }
    const giveUp = (): void => end(null)
    young.add(giveUp)
    raw.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > MOST_READ) end(null)
      else if (length <= MOST) chunks.push(chunk)
    })
    raw.on('end', () => end(length > MOST ? null : Buffer.concat(chunks)))
    // broken off
    raw.on('error', isFirst)
  }

  return { read, readAgain: (raw, body) => void known.set(raw, body), close: () => clearInterval(timer) }
}

function textOf(raw: IncomingMessage, body: Buffer | null): string {
  return body === null || body.length > MOST || !isForm(raw.headers['content-type']) ? '' : body.toString('utf8')
}

/** A sender who names no type is believed: everything that the carrier sends is a form. */
function isForm(type: string | undefined): boolean {
  return type === undefined || type.trimStart().toLowerCase().startsWith('application/x-www-form-urlencoded')
}

/** Sends a call action through Node's own response: Fastify's way to it costs as much as all else that is done. */
export function sendAction(asked: Asked, json: string): void {
  const bytes = Buffer.byteLength(json)
  // letters of one byte are written as they are; the usual encoding reserves three bytes for each
  asked.take().writeHead(200, ['content-type', 'application/json', 'content-length', String(bytes), 'x-request-id', asked.id]).end(json, bytes === json.length ? 'latin1' : 'utf8')
}
