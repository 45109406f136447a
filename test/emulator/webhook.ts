import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CallOptions } from '../../src/emulator/options.ts'
import { placeCall } from '../../src/emulator/call.ts'
import { virtualClock } from '../../src/emulator/clock.ts'
import { follow, readMoves } from '../../src/emulator/moves.ts'
import type { CallReport } from '../../src/emulator/report.ts'
import { makeWave } from './wave.ts'

export interface Post {
  readonly path: string
  readonly form: Readonly<Record<string, string>>
  readonly headers: IncomingHttpHeaders
}

/** An action, or a function that answers by hand. `$` at the start of any text in an action stands for the webhook's address. */
export type Reply = object | string | ((post: Post, response: ServerResponse) => object | string | undefined)

export interface Webhook {
  readonly base: string
  readonly posts: Post[]
  close(): Promise<void>
}

/**
 * An application that answers each path with its reply (a text as it is, an object as JSON), and a GET of
 * /N.wav with N seconds of silence. What has no reply is answered with 204.
 */
export async function listen(replies: Readonly<Record<string, Reply>>): Promise<Webhook> {
  const posts: Post[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    if (request.method === 'GET') {
      const seconds = /\/(\d+)\.wav/.exec(path)?.[1]
      const file = seconds === undefined ? replies[path] : makeWave(Number(seconds))
      if (file === undefined) response.writeHead(404).end('{"error":"not found"}')
      else if (typeof file === 'function') file({ path, form: {}, headers: request.headers }, response)
      else response.end(file)
      return
    }
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()))
      const post = { path, form, headers: request.headers }
      posts.push(post)
      const found = replies[path]
      const reply = typeof found === 'function' ? found(post, response) : found
      if (response.writableEnded || response.destroyed || (typeof found === 'function' && reply === undefined)) return
      if (reply === undefined) response.writeHead(204).end()
      else response.end(typeof reply === 'string' ? reply : JSON.stringify(reply).replaceAll('"$', `"${base}`))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { base, posts, close }
}

/** Requests without their fields: `/next 12`, `/next failed noinput`, `/hangup` for notices. */
export function summarize(posts: readonly Post[]): string[] {
  return posts.map(({ path, form: { result, why, duration } }) =>
    [path, result === '' ? "''" : result, why, result === undefined && duration !== undefined ? `${duration}s` : undefined].filter((word) => word !== undefined).join(' '),
  )
}

export const AT = Date.parse('2026-03-02T13:30:00.250Z')
export const CALLID = `c${'0123456789abcdef'.repeat(2)}`

export interface Dialled {
  readonly report: CallReport
  readonly posts: readonly Post[]
  /** `summarize(posts)` without the first request. */
  readonly asked: readonly string[]
  readonly codes: readonly string[]
  readonly base: string
}

/** Calls an application whose first request is answered by `/`, in virtual time, as the words say. */
export async function dial(replies: Readonly<Record<string, Reply>>, words: string, options: Partial<CallOptions> = {}): Promise<Dialled> {
  const hook = await listen(replies)
  try {
    const report = await placeCall({ start: `${hook.base}/`, person: follow(readMoves(words)), clock: virtualClock(AT), callid: CALLID, ...options })
    const first = hook.posts[0]?.path === '/' ? 1 : 0
    return { report, posts: hook.posts, asked: summarize(hook.posts.slice(first)), codes: report.findings.map(({ code }) => code), base: hook.base }
  } finally {
    await hook.close()
  }
}
