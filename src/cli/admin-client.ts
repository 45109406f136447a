/** A running server's operator's side, as a command asks it. */
import http from 'node:http'
import https from 'node:https'
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
      const { status, text } = await exchange(`${address}${path}`, method, headers, body === undefined ? '' : JSON.stringify(body)).catch((error: NodeJS.ErrnoException) => {
        throw NOBODY.includes(error.code ?? '') ? new NoServer(`no server answers at ${address}`) : new Error(`the server at ${address} cannot be asked: ${error.message}`)
      })
      if (status === 401) throw new UsageError(`the server at ${address} asks for its token: set TONVAL_ADMIN_TOKEN`)
      try {
        return { status, json: JSON.parse(text) as Record<string, unknown> }
      } catch {
        throw new Error(`what answers at ${address} is no tonval: its answer (${status}) is not JSON`)
      }
    },
  }
}

const NOBODY = ['ECONNREFUSED', 'ENOTFOUND', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENETUNREACH']

/** Node's own `fetch` refuses some ports that an operator may choose. */
function exchange(address: string, method: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  const { request } = address.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const asked = request(address, { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) }, timeout: PATIENCE, agent: false }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }))
    })
    asked.on('timeout', () => asked.destroy(new Error(`it has not answered for ${PATIENCE / 1000} seconds`))).on('error', reject)
    asked.end(body)
  })
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
