import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { makeWave } from './wave.ts'

/** Small applications as 46elks users write them, each with its own fault or none. */

/** A whole menu as one JSON text: what somebody pastes into `voice_start`. */
export function staticMenu(base: string): string {
  return JSON.stringify({
    ivr: `${base}/menu.wav`,
    digits: 1,
    timeout: 10,
    repeat: 3,
    1: { connect: '+46812345671', timeout: 15, busy: { play: `${base}/busy.wav` }, failed: { connect: '+46812345672', timeout: 15, failed: { play: `${base}/closed.wav` } } },
    2: { play: `${base}/hours.wav` },
    next: { play: `${base}/closed.wav`, next: { hangup: 'reject' } },
  })
}

type Form = Record<string, string>
type Handler = (form: Form) => object

/** A framework in small: routes, form bodies, an error page with status 500. */
async function serve(routes: (base: string) => Record<string, Handler>): Promise<Application> {
  const errors: string[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (part: Buffer) => (body += part.toString()))
    request.on('end', () => {
      const path = new URL(request.url ?? '/', base).pathname
      if (path.endsWith('.wav')) return response.setHeader('content-type', 'audio/wav').end(makeWave(4))
      const handler = routes(base)[path]
      if (handler === undefined) return response.writeHead(404).end('Not found')
      try {
        const action = handler(Object.fromEntries(new URLSearchParams(body)))
        return response.setHeader('content-type', 'text/html').end(JSON.stringify(action))
      } catch (error) {
        errors.push(String(error))
        return response.writeHead(500).end(`<!doctype html><pre>${String(error)}</pre>`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    base,
    errors,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export interface Application {
  readonly base: string
  readonly errors: readonly string[]
  close(): Promise<void>
}

/** A menu with routes, a voicemail and a query in its addresses; nothing is wrong with it. */
export const menuApplication = (): Promise<Application> =>
  serve((base) => ({
    '/calls': () => ({ ivr: `${base}/menu.wav`, digits: 1, timeout: 8, repeat: 2, next: `${base}/choice?lang=sv`, whenhangup: `${base}/log` }),
    '/choice': ({ result }) => {
      if (result === '1') return { connect: '+46812345671', timeout: 20, next: `${base}/after` }
      if (result === '2') return { play: `${base}/hours.wav`, next: `${base}/calls` }
      return { play: `${base}/goodbye.wav` }
    },
    '/after': ({ result }) => (result === 'success' ? { hangup: 'reject' } : { play: 'sound/beep', next: { record: `${base}/message`, timelimit: 60, next: { play: `${base}/thanks.wav` } } }),
    '/message': () => ({}),
    '/log': () => ({}),
  }))

/** Looks a caller's input up in a table and forgets that there may be none: it breaks on `result=failed`. */
export const forgetsSilence = (): Promise<Application> =>
  serve((base) => {
    const menu: Record<string, { readonly number: string }> = { 1: { number: '+46812345671' }, 2: { number: '+46812345672' } }
    return {
      '/': () => ({ ivr: `${base}/menu.wav`, timeout: 5, repeat: 1, next: `${base}/choice`, whenhangup: `${base}/log` }),
      '/choice': ({ result }) => ({ connect: (menu[result ?? ''] as { number: string }).number }),
      '/log': () => ({}),
    }
  })

/** Always answers 500, as behind a proxy whose application is not up. */
export const broken = (): Promise<Application> =>
  serve(() => ({
    '/': () => {
      throw new Error('database is locked')
    },
  }))
