/**
 * HTTP POST to an address of the flow's, as Standard Webhooks have it (https://www.standardwebhooks.com): `webhook-id` is
 * the same at every attempt, and `webhook-signature` is an HMAC over id, time and body, so that the receiver knows that it is
 * ours and which he has had.
 */
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { request } from 'undici'
import type { PostItem } from '../run/effect.ts'
import type { Reach } from './reachable.ts'
import type { Recordings } from './recordings.ts'
import type { Outcome, Sender } from './sender.ts'

const PATIENCE = 15_000
/** Bytes that may be attached: the signature is over all of them. */
const MOST_ATTACHED = 64 * 1024 * 1024
/** Bytes of an answer that are read: nobody needs them, but a connection that was read to its end is used again. */
const MOST_REPLY = 16 * 1024
/** Headers that are ours, or the connection's. */
const OURS = /^(webhook-.*|idempotency-key|content-type|content-length|host|connection|transfer-encoding|expect|upgrade|te|trailer|keep-alive|proxy-.*)$/i

interface Parts {
  readonly reach: Reach
  readonly recordings: Pick<Recordings, 'file'>
  /** The key of the signature. */
  readonly key: Buffer
  readonly now: () => number
}

/** The key as receivers' libraries take it. */
export function shownKey(key: Buffer): string {
  return `whsec_${key.toString('base64')}`
}

/** The key that signs, out of the server's own secret. */
export function postKey(secret: string): Buffer {
  return createHmac('sha256', secret).update('post').digest()
}

export function postSender({ reach, recordings, key, now }: Parts): Sender {
  return {
    async send({ id, item, recording }, signal) {
      if (item?.kind !== 'post') return { is: 'failed', why: 'this is no POST' }
      const url = URL.canParse(item.url) ? new URL(item.url) : undefined
      if (url === undefined || !/^https?:$/.test(url.protocol)) return { is: 'failed', why: 'its address is none' }
      const against = reach.refusal(url)
      if (against !== undefined) return { is: 'again', why: against }
      const file = item.attach === undefined ? undefined : await recordings.file(recording ?? '')
      if (file !== undefined && 'why' in file) return { is: file.forGood ? 'failed' : 'again', why: file.why }
      if (file !== undefined && file.bytes > MOST_ATTACHED) return { is: 'failed', why: `the recording has ${Math.round(file.bytes / 1e6)} MB, and ${MOST_ATTACHED / 1024 / 1024} can be attached: send {{recording.url}} instead` }
      try {
        const { type, body } = await write(item, file)
        const time = String(Math.floor(now() / 1000))
        const signature = createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64')
        const own = Object.entries(item.headers ?? {}).filter(([name]) => !OURS.test(name))
        const response = await request(url, {
          method: 'POST', dispatcher: reach.dispatcher, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]), headersTimeout: PATIENCE, bodyTimeout: PATIENCE, body,
          headers: { ...Object.fromEntries(own), 'content-type': type, 'idempotency-key': id, 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
        })
        const { statusCode: status } = response
        // the status decides, however the rest of the answer ends
        await response.body.dump({ limit: MOST_REPLY }).catch(() => undefined)
        return status >= 200 && status <= 299 ? { is: 'sent' } : { is: 'again', why: status >= 300 && status <= 399 ? `${url.host} answered ${status}: redirects are not followed` : `${url.host} answered ${status}` }
      } catch (error) {
        return afterError(error, url)
      }
    },
  }
}

/** The receiver knows by the id whether he has had it, so that one without an answer is sent again. */
function afterError(error: unknown, url: URL): Outcome {
  const { code = '', name, message } = error as { code?: string; name?: string; message: string }
  if (code === 'not-reachable') return { is: 'again', why: message }
  return { is: 'again', why: name === 'TimeoutError' ? `${url.host} has not answered for ${PATIENCE / 1000} seconds` : `${url.host} cannot be reached: ${code === '' ? message.slice(0, 100) : code}` }
}

async function write(item: PostItem, file: { readonly path: string; readonly name: string; readonly type: string } | undefined): Promise<{ type: string; body: Buffer }> {
  if (file !== undefined) {
    const form = new FormData()
    for (const [name, value] of Object.entries(item.form ?? {})) form.set(name, value)
    form.set('file', new Blob([await readFile(file.path)], { type: file.type }), file.name)
    const written = new Response(form)
    return { type: written.headers.get('content-type') ?? '', body: Buffer.from(await written.arrayBuffer()) }
  }
  if (item.form !== undefined) return { type: 'application/x-www-form-urlencoded', body: Buffer.from(new URLSearchParams({ ...item.form }).toString()) }
  return { type: 'application/json', body: Buffer.from(JSON.stringify(item.json ?? null)) }
}
