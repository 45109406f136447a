/** One question to another program over HTTP: a reply of bounded size within a bounded time, or why there is none. */
import type { Dispatcher } from 'undici'
import { request } from 'undici'
import { NotReachable } from './reachable.ts'
import type { Reach } from './reachable.ts'

export interface Question {
  readonly method: string
  readonly url: URL
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Limits {
  /** Milliseconds for all of it, redirects included. */
  readonly timeout: number
  /** Bytes of the body. */
  readonly bytes: number
  /** Redirects that are followed. */
  readonly redirects: number
  /** Redirects that are replies as any other, by status. */
  readonly takes?: readonly number[]
}

export interface Reply {
  readonly status: number
  /** The media type in small letters, without its parameters; empty where the reply names none. */
  readonly type: string
  readonly body: Buffer
}

/** No reply: why, in a word for logs and figures. */
export type Trouble = 'not-allowed' | 'unknown-host' | 'refused' | 'timeout' | 'broken-off' | 'too-large' | 'encoded' | 'redirects' | 'redirected-away' | 'tls' | 'http'

export interface NoReply {
  readonly trouble: Trouble
  /** More of it, in words; nothing of the address but its host. */
  readonly detail: string
}

/** Methods that do nothing more when they are done twice. */
const REPEATABLE = ['GET', 'HEAD', 'PUT', 'DELETE']
/** Headers that are ours, and go along to another host. */
const OURS = ['accept', 'content-type', 'user-agent']

class Stopped extends Error {
  readonly trouble: Trouble

  constructor(trouble: Trouble, detail: string) {
    super(detail)
    this.trouble = trouble
  }
}

/** Asks, and follows redirects within the hosts that may be reached. Never rejects. */
export async function askQuestion(reach: Reach, question: Question, limits: Limits): Promise<Reply | NoReply> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), limits.timeout)
  try {
    // undici looks at the signal only once there is a connection
    return await Promise.race([follow(reach, question, limits, stop.signal), aborted(stop.signal)])
  } catch (error) {
    return stop.signal.aborted ? { trouble: 'timeout', detail: `no whole reply within ${limits.timeout} ms` } : troubleOf(error as NodeJS.ErrnoException)
  } finally {
    clearTimeout(timer)
    // whatever is still coming is not wanted
    stop.abort()
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => { signal.addEventListener('abort', () => reject(new Stopped('timeout', 'it took too long')), { once: true }) })
}

async function follow(reach: Reach, first: Question, limits: Limits, signal: AbortSignal): Promise<Reply> {
  let question = first
  for (let followed = 0; ; followed++) {
    const against = reach.refusal(question.url)
    if (against !== undefined) throw new Stopped(followed === 0 ? 'not-allowed' : 'redirected-away', against)
    const response = await send(reach, question, signal)
    const to = limits.takes?.includes(response.statusCode) === true ? undefined : redirectOf(response, question.url)
    if (to === undefined) return await read(response, limits)
    response.body.on('error', () => undefined).destroy()
    if (followed === limits.redirects) throw new Stopped('redirects', `more than ${limits.redirects} redirects`)
    question = redirected(question, response.statusCode, to)
  }
}

/** A connection that was kept open may be closed by the other side just as we ask: then, once, a new one is tried. */
async function send(reach: Reach, { method, url, headers, body }: Question, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const asked = (): Promise<Dispatcher.ResponseData> => request(url.href, {
    dispatcher: reach.dispatcher, method, headers: { 'user-agent': 'tonval', 'accept-encoding': 'identity', ...headers }, body: body ?? null, signal,
    // the signal ends what takes too long
    headersTimeout: 0, bodyTimeout: 0,
  })
  try {
    return await asked()
  } catch (error) {
    if (signal.aborted || !REPEATABLE.includes(method) || !isClosed(error as NodeJS.ErrnoException)) throw error
    return await asked()
  }
}

function isClosed({ code }: NodeJS.ErrnoException): boolean {
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/** Where a reply leads; undefined for one that leads nowhere. */
function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  const location = headers['location']
  if (![301, 302, 303, 307, 308].includes(statusCode) || typeof location !== 'string') return undefined
  if (!URL.canParse(location, from.href)) throw new Stopped('redirected-away', 'redirected to what is no address')
  const to = new URL(location, from)
  if (from.protocol === 'https:' && to.protocol !== 'https:') throw new Stopped('redirected-away', `redirected from https to ${to.protocol}//${to.host}`)
  return to
}

/** The question as it is asked again at another address (RFC 9110, 15.4): at another host without what only the first may know. */
function redirected({ method, url, headers, body }: Question, status: number, to: URL): Question {
  const asGet = (status === 303 && method !== 'HEAD') || (status < 303 && method === 'POST')
  const kept = Object.entries(headers).filter(([name]) => (to.origin === url.origin || OURS.includes(name)) && !(asGet && name === 'content-type'))
  return { method: asGet ? 'GET' : method, url: to, headers: Object.fromEntries(kept), ...(asGet || body === undefined ? {} : { body }) }
}

async function read({ statusCode: status, headers, body }: Dispatcher.ResponseData, { bytes }: Limits): Promise<Reply> {
  const type = String(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const encoding = String(headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (Number(headers['content-length']) > bytes) throw tooLarge(body, bytes)
  if (encoding !== 'identity' && encoding !== '') {
    body.on('error', () => undefined).destroy()
    throw new Stopped('encoded', `the reply is packed as ${encoding.slice(0, 40)}, which was not asked for`)
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > bytes) throw tooLarge(body, bytes)
    chunks.push(chunk)
  }
  return { status, type, body: Buffer.concat(chunks) }
}

function tooLarge(body: Dispatcher.ResponseData['body'], bytes: number): Stopped {
  body.on('error', () => undefined).destroy()
  return new Stopped('too-large', `the reply is longer than ${bytes} bytes`)
}

function troubleOf(error: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] }): NoReply {
  if (error instanceof Stopped) return { trouble: error.trouble, detail: error.message }
  if (error instanceof NotReachable) return { trouble: 'not-allowed', detail: error.message }
  // of several addresses that were tried the first says why
  const code = error.code ?? error.errors?.[0]?.code ?? ''
  const detail = code === '' ? error.name : code
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { trouble: 'unknown-host', detail }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return { trouble: 'timeout', detail }
  if (['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'].includes(code)) return { trouble: 'refused', detail }
  if (isClosed(error) || code === 'UND_ERR_ABORTED' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return { trouble: 'broken-off', detail }
  if (/^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_OSSL)/.test(code)) return { trouble: 'tls', detail }
  return { trouble: 'http', detail }
}
