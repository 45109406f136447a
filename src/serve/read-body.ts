/** Reads a request's body: a form of at most 64 KiB; anything else counts as empty, because a caller is waiting. */
import type { IncomingMessage } from 'node:http'

/** Bytes of a form that are looked at. */
const MOST = 64 * 1024
/** Bytes that are read and thrown away before we stop listening: a sender who gets no ear may not read the answer. */
const MOST_READ = 8 * 1024 * 1024

/** The text of a form; empty for a body that is too long, broken off, or no form by its content type. Never throws. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise(resolve => {
    const isForm = (request.headers['content-type'] ?? '').trimStart().toLowerCase().startsWith('application/x-www-form-urlencoded')
    let chunks: Buffer[] | undefined = []
    let length = 0
    const done = (): void => {
      request.off('data', read).off('end', done).off('error', empty).off('aborted', empty)
      resolve(chunks === undefined || !isForm ? '' : chunks.length === 1 ? (chunks[0] as Buffer).toString('utf8') : Buffer.concat(chunks).toString('utf8'))
    }
    const empty = (): void => {
      chunks = undefined
      done()
    }
    const read = (chunk: Buffer): void => {
      length += chunk.length
      if (length > MOST) chunks = undefined
      else chunks?.push(chunk)
      if (length > MOST_READ) empty()
    }
    request.on('data', read).on('end', done).on('error', empty).on('aborted', empty)
  })
}
