import { Agent } from 'undici'
import { readAddress, shortAddress } from './address.ts'
import type { Answer, Failure } from './answer.ts'
import { Sounds } from './sounds.ts'

export type { Answer, Failure } from './answer.ts'

/** The network side of one or many calls. Nothing here rejects, and nothing follows a redirect. */
export interface Wire {
  post(address: string, form: string, headers: Readonly<Record<string, string>>, milliseconds: number): Promise<Answer | Failure>
  get(address: string): Promise<Answer | Failure>
  /** Fetched sounds; shared by all calls on this wire. */
  readonly sounds: Sounds
  /** Lets requests under way finish, or cuts them off. */
  close(how?: 'cut-off'): Promise<void>
}

export interface WireOptions {
  /** Sent with every request, over those of the emulator. */
  readonly headers?: Readonly<Record<string, string>>
  /** Requests at a time; 32 by default. Others wait for their turn, which does not count as waiting for an answer. */
  readonly connections?: number
  /** Longest wait for a sound in real milliseconds; 10,000 by default. */
  readonly soundMs?: number
}

const LARGEST_REPLY = 1024 * 1024
const LARGEST_SOUND = 64 * 1024 * 1024

// An idle connection is dropped early: an application that closes its own (many do after 2 to 5 seconds) must not
// look as if it had crashed on the next request.
const IDLE_MS = 1000

/** A wire with kept-alive connections of its own. Close it when the calls are over. */
export function openWire(options: WireOptions = {}): Wire {
  const agent = new Agent({ keepAliveTimeout: IDLE_MS, keepAliveMaxTimeout: IDLE_MS })
  const turns = takeTurns(options.connections ?? 32)
  const common = { 'user-agent': 'tonval-emulator', accept: '*/*' }

  const send = async (method: 'GET' | 'POST', address: string, own: Readonly<Record<string, string>>, milliseconds: number, largest: number, body?: string) => {
    const url = readAddress(address)
    if (url === undefined) return { trouble: 'address', message: `${shortAddress(address)} is no absolute http or https address` } as const
    await turns.begin()
    const giveUp = new AbortController()
    const timer = setTimeout(() => giveUp.abort(), milliseconds)
    try {
      const reply = await agent.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { ...common, ...credentials(url), ...own, ...options.headers },
        body,
        signal: giveUp.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
      })
      const bytes = await readAll(reply.body, largest)
      if (bytes === undefined) return { trouble: 'too-large', message: `the answer is longer than ${largest} bytes` } as const
      const { 'content-type': type, location } = reply.headers
      return { status: reply.statusCode, bytes, ...(typeof type === 'string' && { type }), ...(typeof location === 'string' && { location }) }
    } catch (error) {
      if (giveUp.signal.aborted) return { trouble: 'timeout', message: `no answer within ${milliseconds / 1000} s` } as const
      return explain(error, url)
    } finally {
      clearTimeout(timer)
      turns.end()
    }
  }

  const wire: Wire = {
    post: (address, form, headers, milliseconds) => send('POST', address, headers, milliseconds, LARGEST_REPLY, form),
    get: (address) => send('GET', address, {}, options.soundMs ?? 10_000, LARGEST_SOUND),
    get sounds() {
      return sounds
    },
    close: (how) => (how === 'cut-off' ? agent.destroy() : agent.close()),
  }
  const sounds = new Sounds(address => wire.get(address))
  return wire
}

/** Lets a number of things happen at a time, the others in the order in which they came. */
function takeTurns(atOnce: number) {
  const waiting: (() => void)[] = []
  let free = atOnce
  return {
    begin(): Promise<void> | undefined {
      if (free > 0) {
        free--
        return undefined
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    end(): void {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    },
  }
}

async function readAll(body: AsyncIterable<Uint8Array>, largest: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of body) {
    length += part.length
    if (length > largest) return undefined
    parts.push(part)
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts)
}

/** `https://user:password@host/` works for the carrier's requests; HTTP carries it as Basic credentials. */
function credentials(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {}
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

function explain(error: unknown, url: URL): Failure {
  const code = errorCode(error)
  if (code === 'ECONNREFUSED') return { trouble: 'refused', message: `nothing listens at ${url.host}: is the application running?` }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { trouble: 'refused', message: `the host ${url.hostname} is not known` }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') {
    return { trouble: 'closed', message: `${url.host} closed the connection without an answer: did the application crash?` }
  }
  return { trouble: 'closed', message: `the request to ${url.host} failed: ${error instanceof Error ? error.message : String(error)}` }
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  // both families of addresses were tried: what the first one met stands for all
  if (error instanceof AggregateError) return errorCode(error.errors[0])
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : errorCode(error.cause)
}
