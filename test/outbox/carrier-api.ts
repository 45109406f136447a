/** The carrier's REST API as far as we use it, on a real port, with everything that can go wrong on the way. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What happens to a request. Those that end in `-done` do what was asked all the same: `broken-done` closes the connection
 * without an answer, `half-done` in the middle of one, `silent-done` never answers, `odd-done` answers with something else
 * than JSON, `endless-done` never stops answering.
 */
export type Fault = 'none' | 'broken' | 'broken-done' | 'half-done' | 'silent-done' | 'odd-done' | 'endless-done' | 'no-id-done' | number

export interface Sent {
  readonly id: string
  readonly what: 'sms' | 'calls'
  readonly fields: Readonly<Record<string, string>>
  readonly created: string
}

export interface CarrierDouble {
  readonly base: string
  readonly sent: readonly Sent[]
  /** Requests that came, whatever was done: `POST /a1/sms`. */
  readonly asked: readonly string[]
  /** Faults of the next requests that send; then none. */
  readonly faults: Fault[]
  /** Faults of the next looks at the history, and of fetches of recordings. */
  readonly reads: Fault[]
  /** Text of refusals. */
  refusal: string
  /** Recordings by name: what is served. */
  readonly files: Map<string, Buffer>
  /** Headers that fetches of recordings came with. */
  readonly authorizations: (string | undefined)[]
  /** Called when a request has come in, before anything is done. */
  came: (request: string) => void
  /** As if sent by somebody else. */
  add(what: Sent['what'], fields: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

export const USER = 'u0123456789abcdef'
export const PASSWORD = 'secret of the account'
const AUTHORIZATION = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`

/** Starts it. `now`: milliseconds since 1970, of its clock. */
export async function carrierApi(now: () => number = Date.now): Promise<CarrierDouble> {
  const sent: Sent[] = []
  const asked: string[] = []
  const faults: Fault[] = []
  const reads: Fault[] = []
  const files = new Map<string, Buffer>()
  const authorizations: (string | undefined)[] = []
  const open = new Set<ServerResponse>()
  const created = (): string => `${new Date(now()).toISOString().slice(0, 23)}000`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open.add(response)
    const url = new URL(request.url ?? '/', 'http://carrier')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    asked.push(`${request.method} ${url.pathname}`)
    double.came(`${request.method} ${url.pathname}`)
    const recording = /^\/a1\/recordings\/(.+)$/i.exec(url.pathname)?.[1]
    if (recording !== undefined) authorizations.push(request.headers.authorization)
    if (request.headers.authorization !== AUTHORIZATION) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="46elks API"' }).end('API access requires Basic HTTP authentication')
      return
    }
    if (recording !== undefined) return serveFile(response, recording)
    const what = /^\/a1\/(sms|calls)$/i.exec(url.pathname)?.[1]?.toLowerCase() as Sent['what'] | undefined
    if (what === undefined) response.writeHead(404).end('Not found')
    else if (request.method === 'GET') history(response, what, url.searchParams)
    else accept(response, what, Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())))
  }

  function accept(response: ServerResponse, what: Sent['what'], fields: Record<string, string>): void {
    const fault = faults.shift() ?? 'none'
    if (fault === 'broken') response.destroy()
    else if (typeof fault === 'number') response.writeHead(fault).end(double.refusal)
    else {
      const one = { id: `${what === 'sms' ? 's' : 'c'}${randomBytes(16).toString('hex')}`, what, fields, created: created() }
      sent.push(one)
      const { id: _id, ...idless } = shown(one)
      misbehave(response, fault, JSON.stringify(fault === 'no-id-done' ? idless : shown(one)))
    }
  }

  function misbehave(response: ServerResponse, fault: Fault, body: string | Buffer): void {
    switch (fault) {
      case 'broken': case 'broken-done': response.destroy(); break
      case 'half-done':
        response.writeHead(200, { 'content-length': body.length })
        response.write(body.slice(0, body.length / 2), () => response.destroy())
        break
      case 'silent-done': break
      case 'odd-done': response.end('<html>fine</html>'); break
      case 'endless-done': {
        const more = (): void => { if (!response.destroyed) response.write('x'.repeat(65_536), more) }
        response.writeHead(200)
        more()
        break
      }
      default:
        if (typeof fault === 'number') response.writeHead(fault).end('Not found')
        else response.end(body)
    }
  }

  /** The newest first, three to a page, so that pages are read. */
  function history(response: ServerResponse, what: Sent['what'], query: URLSearchParams): void {
    const before = query.get('start') ?? '9'
    const all = sent.filter(one => one.what === what && one.created < before).reverse()
    const page = all.slice(0, 3)
    const last = page.at(-1)
    misbehave(response, reads.shift() ?? 'none', JSON.stringify({ data: page.map(shown), ...(all.length > page.length && last !== undefined ? { next: last.created } : {}) }))
  }

  function serveFile(response: ServerResponse, name: string): void {
    const file = files.get(name)
    const fault = reads.shift() ?? 'none'
    if (file === undefined) response.writeHead(404).end('Not found')
    else misbehave(response, fault, file)
  }

  const server = createServer((request, response) => { answer(request, response).catch(() => response.destroy()) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const double: CarrierDouble = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a1`, sent, asked, faults, reads, refusal: 'Forbidden', files, authorizations, came: () => undefined,
    add: (what, fields) => void sent.push({ id: `${what === 'sms' ? 's' : 'c'}${randomBytes(16).toString('hex')}`, what, fields, created: created() }),
    async close() {
      for (const response of open) response.destroy()
      server.close()
      server.closeAllConnections()
    },
  }
  return double
}

function shown({ id, what, fields, created }: Sent): Record<string, string> {
  const { from = '', to = '', message = '' } = fields
  return { id, from, to, created, direction: 'outgoing', ...(what === 'sms' ? { message, status: 'created' } : { state: 'ongoing' }) }
}
