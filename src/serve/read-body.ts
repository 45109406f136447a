/** Reads a request's body: a form of at most 64 KiB; anything else counts as empty, because a caller is waiting. */
import type { IncomingMessage } from 'node:http'

/** Bytes of a form that are looked at. */
const MOST = 64 * 1024
/** Bytes that are read and thrown away before we stop listening: a sender who gets no ear may not read the answer. */
const MOST_READ = 8 * 1024 * 1024

/** Hands over the text of a form, once; an empty one for a body that is too long, broken off, or no form by its content type. */
export function readBody(request: IncomingMessage, then: (body: string) => void): void {
  const isForm = (request.headers['content-type'] ?? '').trimStart().toLowerCase().startsWith('application/x-www-form-urlencoded')
  let first: Buffer | undefined
  let more: Buffer[] | undefined
  let length = 0
  let over = false
  const end = (usable: boolean): void => {
    if (over) return
    over = true
    if (!isForm || !usable || first === undefined || length > MOST) then('')
    else then((more === undefined ? first : Buffer.concat([first, ...more])).toString('utf8'))
  }
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > MOST_READ) end(false)
    else if (first === undefined) first = chunk
    else if (length <= MOST) (more ??= []).push(chunk)
  })
  request.on('end', () => end(true))
  request.on('error', () => end(false))
  request.on('aborted', () => end(false))
}
