/** Reads requests' bodies: forms of at most 64 KiB; anything else counts as empty, because a caller is waiting. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'

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
export type ReadBody = (request: FastifyRequest, reply: FastifyReply, then: (body: string) => void) => void

export interface BodyReader {
  readonly read: ReadBody
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

  function read({ raw: request, id }: FastifyRequest, reply: FastifyReply, then: (body: string) => void): void {
    let first: Buffer | undefined
    let more: Buffer[] | undefined
    let length = 0
    let over = false
    const end = (usable: boolean, heard = true): void => {
      if (over) return
      over = true
      if (!young.delete(giveUp)) old.delete(giveUp)
      if (!heard) return
      try {
        if (!usable || first === undefined || length > MOST || !isForm(request.headers['content-type'])) then('')
        else then((more === undefined ? first : Buffer.concat([first, ...more])).toString('utf8'))
      } catch (error) {
        log.error({ err: error, reqId: id }, 'a request broke something of ours')
        if (!reply.raw.headersSent) sendAction(id, reply, LAST_RESORT)
      }
    }
    const giveUp = (): void => end(false)
    young.add(giveUp)
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > MOST_READ) end(false)
      else if (first === undefined) first = chunk
      else if (length <= MOST) (more ??= []).push(chunk)
    })
    request.on('end', () => end(true))
    request.on('error', () => end(false, false))
    request.on('aborted', () => end(false, false))
  }

  return { read, close: () => clearInterval(timer) }
}

/** A sender who names no type is believed: everything that the carrier sends is a form. */
function isForm(type: string | undefined): boolean {
  return type === undefined || type.trimStart().toLowerCase().startsWith('application/x-www-form-urlencoded')
}

/** Sends a call action through Node's own response: Fastify's way to it costs as much as all else that is done. */
export function sendAction(id: string, reply: FastifyReply, json: string): void {
  reply.hijack()
  reply.raw.writeHead(200, ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(json)), 'x-request-id', id])
  reply.raw.end(json)
}
