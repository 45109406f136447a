/** A running server's operator's side, as a command asks it. */
import type { Io } from './io.ts'
import { UsageError } from './io.ts'

/** Where a server usually is. */
const USUAL = '127.0.0.1:8047'
/** Milliseconds for an answer: a rollback waits for a whole check. */
const PATIENCE = 60_000

/** Nobody answers at the address. */
export class NoServer extends Error {
  override readonly name = 'NoServer'
}

export interface AdminAnswer {
  readonly status: number
  /** The body, if it is JSON. */
  readonly json: Readonly<Record<string, unknown>>
}

export interface AdminClient {
  readonly address: string
  /** Asks; throws NoServer where nothing listens, and an Error where the answer cannot be read. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<AdminAnswer>
}

/** The server that the settings name: `--admin`, TONVAL_ADMIN, or where one usually is. */
export function adminClient(flag: string | undefined, env: Io['env']): AdminClient {
  const written = flag ?? nonEmpty(env['TONVAL_ADMIN']) ?? USUAL
  const text = /^https?:\/\//.test(written) ? written : `http://${/^\d+$/.test(written) ? `127.0.0.1:${written}` : written}`
  if (!URL.canParse(text)) throw new UsageError(`\`${written}\` is no address with a port such as ${USUAL}`)
  const address = new URL(text).origin
  const token = nonEmpty(env['TONVAL_ADMIN_TOKEN'])
  return {
    address,
    async ask(method, path, body) {
      const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
      const response = await fetch(`${address}${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal: AbortSignal.timeout(PATIENCE) }).catch((error: unknown) => {
        throw isRefused(error) ? new NoServer(`no server answers at ${address}`) : new Error(`the server at ${address} cannot be asked: ${causeOf(error)}`)
      })
      const text = await response.text()
      if (response.status === 401) throw new UsageError(`the server at ${address} asks for its token: set TONVAL_ADMIN_TOKEN`)
      try {
        return { status: response.status, json: JSON.parse(text) as Record<string, unknown> }
      } catch {
        throw new Error(`what answers at ${address} is no tonval: its answer (${response.status}) is not JSON`)
      }
    },
  }
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function isRefused(error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND' || cause?.code === 'EADDRNOTAVAIL'
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message : message
}
