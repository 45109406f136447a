/** One request to the carrier's REST API, told apart by what is certain afterwards: bounded in time and size, no redirect followed. */
import { Agent, request } from 'undici'

/** Milliseconds for a connection, and for everything. */
const CONNECT = 5000
const PATIENCE = 15_000
/** Bytes of a reply: a hundred entries of the history are a tenth of it. */
const MOST_REPLY = 1024 * 1024

/** Where the API is, and whose account it is. */
export interface Account {
  /** `https://api.46elks.com/a1`, without a slash at its end. */
  readonly base: string
  readonly username: string
  readonly password: string
}

export type Exchanged =
  /** 2xx with a JSON object. */
  | { readonly is: 'done'; readonly json: Readonly<Record<string, unknown>> }
  /** The carrier said no; `text` is what it said. */
  | { readonly is: 'refused'; readonly status: number; readonly text: string }
  /** Nothing was sent. */
  | { readonly is: 'unreached'; readonly why: string }
  /** It may have been done: no answer, half of one, or one that cannot be read. */
  | { readonly is: 'unsure'; readonly why: string }

const agent = new Agent({ connect: { timeout: CONNECT }, headersTimeout: PATIENCE, bodyTimeout: PATIENCE, connections: 8 })

/** What breaks before anything was sent. */
const UNREACHED = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT)|CERT|TLS|SSL|SIGNED|UNABLE_TO/

/** Asks; never rejects. */
export async function exchange(account: Account, method: 'GET' | 'POST', path: string, form: Readonly<Record<string, string>> | undefined, signal: AbortSignal): Promise<Exchanged> {
  try {
    const response = await request(`${account.base}${path}`, {
      method, dispatcher: agent, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
      headers: { authorization: basic(account), accept: 'application/json', ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }) },
      body: form === undefined ? null : new URLSearchParams({ ...form }).toString(),
    })
    const { statusCode: status } = response
    const text = await readText(response.body)
    if (status < 200 || status > 299) return { is: 'refused', status, text: text.slice(0, 200) }
    const json: unknown = JSON.parse(text)
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return { is: 'unsure', why: 'the carrier answered with something else than a JSON object' }
    return { is: 'done', json: json as Record<string, unknown> }
  } catch (error) {
    return broken(error)
  }
}

/** What is certain after an error of undici's. */
export function broken(error: unknown): Exchanged & { readonly why: string } {
  const { code = '', name, message } = error as { code?: string; name?: string; message: string }
  if (UNREACHED.test(code)) return { is: 'unreached', why: `the carrier cannot be reached: ${code}` }
  return { is: 'unsure', why: name === 'TimeoutError' ? `the carrier has not answered for ${PATIENCE / 1000} seconds` : name === 'SyntaxError' ? 'the carrier answered with something else than JSON' : `the carrier's answer broke off: ${code === '' ? message : code}` }
}

export function basic({ username, password }: Account): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > MOST_REPLY) throw Object.assign(new Error('it is too long'), { code: 'TOO_LONG' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
