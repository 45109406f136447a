/** Fetches a recording's file from the carrier. The account's name and password go to the carrier's own origin and nowhere else. */
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Agent, request } from 'undici'
import { basic, broken } from './exchange.ts'
import type { Account } from './exchange.ts'

/** Milliseconds for all of it, and between two pieces. */
const WHOLE = 10 * 60_000
const SILENT = 30_000
/** Bytes: nine hours of telephone sound. */
const MOST = 512 * 1024 * 1024

export type Fetched = { readonly is: 'here'; readonly bytes: number; readonly head: Buffer } | { readonly is: 'again' | 'never'; readonly why: string }

const agent = new Agent({ connect: { timeout: 5000 }, headersTimeout: SILENT, bodyTimeout: SILENT, connections: 4 })

/** Whether an address is one at the carrier's. */
export function isCarriers(base: string, address: string): boolean {
  return URL.canParse(address) && URL.canParse(base) && new URL(address).origin === new URL(base).origin
}

/** Writes the file to a path, on the disk when it resolves. Never rejects; what is left at the path after a failure is no recording. */
export async function fetchRecording(account: Account, address: string, path: string, signal: AbortSignal): Promise<Fetched> {
  if (!isCarriers(account.base, address)) return { is: 'never', why: `it lies at ${URL.canParse(address) ? new URL(address).origin : 'no address'}, and only ${new URL(account.base).origin} is asked` }
  try {
    const response = await request(address, { dispatcher: agent, signal: AbortSignal.any([signal, AbortSignal.timeout(WHOLE)]), headers: { authorization: basic(account) } })
    const { statusCode: status } = response
    if (status !== 200) {
      await response.body.dump({ limit: 16 * 1024 }).catch(() => undefined)
      return { is: 'again', why: status === 401 ? 'the carrier does not accept ELKS_USERNAME and ELKS_PASSWORD (401)' : `the carrier answered ${status}` }
    }
    let bytes = 0
    let head = Buffer.alloc(0)
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        if (head.length < 256) head = Buffer.concat([head, chunk]).subarray(0, 256)
        done(bytes > MOST ? Object.assign(new Error('too long'), { code: 'TOO_LONG' }) : null, chunk)
      },
    })
    // flush: without it a power cut may leave an empty file under a good name
    await pipeline(response.body, count, createWriteStream(path, { mode: 0o600, flush: true }))
    return { is: 'here', bytes, head }
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException
    if (code === 'TOO_LONG') return { is: 'never', why: `it has more than ${MOST / 1024 / 1024} MB` }
    if (code === 'ENOSPC' || (syscall === 'open' || syscall === 'write' || syscall === 'fsync')) return { is: 'again', why: code === 'ENOSPC' ? 'the disk of the data folder is full' : `it cannot be written: ${code}` }
    return { is: 'again', why: broken(error).why }
  }
}
