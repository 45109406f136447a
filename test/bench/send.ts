/**
 * What a step costs that sends: calls over HTTP of which every other one stores a message before its answer leaves, one
 * after the other and some at once; without an account, and with one, so that the messages go out meanwhile to a
 * carrier in this process. Goal: a millisecond more, at the median.
 *
 *   npm run bench:send -- [--calls 1500] [--callers 4]
 */
import { parseArgs } from 'node:util'
import { Agent, request } from 'undici'
import { carrierApi, PASSWORD, USER } from '../outbox/carrier-api.ts'
import { place, serve } from '../serve/process.ts'
import type { Process } from '../serve/process.ts'

const { values } = parseArgs({ options: { calls: { type: 'string', default: '1500' }, callers: { type: 'string', default: '4' } } })

const FLOW = `title: Directions
start: menu
numbers: ["+46846500400"]
states:
  menu: { ivr: "https://sounds.example/menu.mp3", on: { 1: told, 2: texted, noinput: told, nomatch: told } }
  texted:
    send: { sms: { to: "{{caller}}", from: "+46846500400", text: "Take bus 46 to the harbour." } }
    next: told
  told: { play: "https://sounds.example/told.mp3", next: end }
`
const carrier = await carrierApi()
let server: Process
let made = 0

/** Milliseconds of the second step of a call. */
async function call(agent: Agent, key: string): Promise<number> {
  const callid = `c${String(++made).padStart(32, '0')}`
  const ask = async (path: string, body: string): Promise<string> => {
    const { statusCode, body: answer } = await request(server.voice + path, { method: 'POST', body: `callid=${callid}&from=%2B46701740601&to=%2B46846500400&direction=incoming&${body}`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, dispatcher: agent })
    const text = await answer.text()
    if (statusCode !== 200 || !text.includes(body.startsWith('result=new') ? 'menu.mp3' : 'told.mp3')) throw new Error(`${statusCode} ${text}`)
    return text
  }
  const first = await ask(`/voice/directions?key=${server.key('directions')}`, 'result=newincoming')
  const next = /"next":"https?:\/\/[^/"]+([^"]+)"/.exec(first)?.[1] ?? ''
  const began = performance.now()
  await ask(next, `result=${key}`)
  return performance.now() - began
}

function quantile(numbers: readonly number[], q: number): number {
  return [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))] ?? NaN
}

/** Calls that send and calls that do not, by turns. */
async function measure(what: string, callers: number): Promise<void> {
  const agent = new Agent({ connections: callers, pipelining: 1 })
  const times: Record<string, number[]> = { 1: [], 2: [] }
  const caller = async (): Promise<void> => {
    for (let index = 0; index < Number(values.calls) / callers; index++) for (const key of ['1', '2']) times[key]?.push(await call(agent, key))
  }
  await Promise.all(Array.from({ length: callers }, caller))
  await agent.close()
  const [without = [], sending = []] = [times['1'], times['2']]
  const more = quantile(sending, 0.5) - quantile(without, 0.5)
  console.log(`${what}, ${callers} at once: a step p50 ${quantile(without, 0.5).toFixed(2)} ms, p99 ${quantile(without, 0.99).toFixed(1)}; one that sends p50 ${quantile(sending, 0.5).toFixed(2)} ms, p99 ${quantile(sending, 0.99).toFixed(1)}: ${more.toFixed(2)} ms more`)
}

const account = { ELKS_USERNAME: USER, ELKS_PASSWORD: PASSWORD, ELKS_API: carrier.base }
for (const [what, env] of [['no account', { ELKS_USERNAME: '', ELKS_PASSWORD: '' }], ['an account', account]] as const) {
  const at = place({ 'directions.yaml': FLOW })
  server = await serve(at, { env: { TONVAL_SECRET: 'the secret of this benchmark', TONVAL_DIAL_CALLER: '1000000', TONVAL_DIAL_DAY: '1000000', ...env }, args: ['--log-level', 'error'] })
  const agent = new Agent()
  for (let index = 0; index < 200; index++) await call(agent, '2')
  await agent.close()
  await measure(what, 1)
  await measure(what, Number(values.callers))
  await server.end('SIGTERM')
  at.remove()
}
await carrier.close()
