/** The load: callers who walk through a menu one after the other, as the carrier would report them. */
import { Pool } from 'undici'
import type { Running } from './server-process.ts'

type Action = Record<string, unknown>

export interface Slice {
  readonly requests: number
  readonly calls: number
  readonly seconds: number
  /** The server's CPU µs. */
  readonly cpu: NodeJS.CpuUsage
}

/** What callers do in turn: the digits they press (then none), and how the called party answers. */
const CALLERS = [
  { digits: ['1'], connect: 'busy' },
  { digits: ['2', '1'], connect: 'failed' },
  { digits: ['1'], connect: 'success' },
  { digits: ['2', '2'], connect: 'success' },
] as const

let calls = 0

/** Plays one whole call, then reports its end; resolves to the number of requests. Throws on an odd reply. */
export async function playCall(pool: Pool, first: string): Promise<number> {
  const number = calls++
  const caller = CALLERS[number % CALLERS.length]!
  const callid = `c${number.toString(16).padStart(32, '0')}`
  const fields = `callid=${callid}&from=%2B4670${String(number % 1e7).padStart(7, '0')}&to=%2B46766861234&direction=incoming`
  let requests = 0
  let presses = 0
  let whenhangup: string | undefined

  async function post(path: string, rest: string): Promise<Action> {
    requests++
    const { statusCode, body } = await pool.request({
      method: 'POST', path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: fields + rest,
    })
    const text = await body.text()
    if (statusCode === 204) return {}
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text}`)
    return JSON.parse(text) as Action
  }

  let action = await post(first, '&result=newincoming&created=2026-01-15T10:00:00.000000')
  for (;;) {
    whenhangup = typeof action['whenhangup'] === 'string' ? action['whenhangup'] : whenhangup
    const result = resultOf(action)
    const next = action['next']
    if (result === undefined || next === undefined) break
    if (requests > 100) throw new Error('the call does not end')
    // an action written in place is performed without asking
    action = typeof next === 'string' ? await post(pathOf(next), result) : next as Action
  }
  if (whenhangup !== undefined) await post(pathOf(whenhangup), '&duration=42&legs=%5B%5D&start=2026-01-15T10:00:01')
  return requests

  function resultOf(action: Action): string | undefined {
    if ('ivr' in action) {
      const digit = caller.digits[presses++]
      return digit === undefined ? '&result=failed&why=noinput' : `&result=${digit}`
    }
    if ('connect' in action) return `&result=${caller.connect}`
    if ('record' in action) return '&result=success'
    if ('play' in action) return '&result=ok'
    if ('hangup' in action) return undefined
    throw new Error(`not an action: ${JSON.stringify(action)}`)
  }
}

/** Path and query: public addresses are reached at the local one. */
function pathOf(address: string): string {
  return address.slice(address.indexOf('/', 8))
}

/** Several callers at once over kept-alive connections until the time is up; every call is played to its end. */
export async function runSlice(server: Running, pool: Pool, callers: number, seconds: number): Promise<Slice> {
  const before = await server.cpu()
  const started = performance.now()
  let requests = 0
  let calls = 0
  await Promise.all(Array.from({ length: callers }, async () => {
    while (performance.now() - started < seconds * 1000) {
      // counted after the wait: `+= await` would add to what the count was before it, and lose the others' calls
      const made = await playCall(pool, server.path)
      requests += made
      calls++
    }
  }))
  const elapsed = (performance.now() - started) / 1000
  const after = await server.cpu()
  const cpu = { user: after.user - before.user, system: after.system - before.system }
  return { requests, calls, seconds: elapsed, cpu }
}

/** The pool of connections to a server. */
export function connect(server: Running, callers: number): Pool {
  return new Pool(server.origin, { connections: callers, pipelining: 1 })
}
