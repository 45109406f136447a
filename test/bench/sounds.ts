/**
 * What sounds cost: how long the first request for words that only a call knows takes (goal: ten words within 300 ms),
 * and what a thousand requests a second for sounds do to the steps of calls.
 *
 *   npm run bench:sounds -- [--seconds 5] [--rate 1000]
 */
import { parseArgs } from 'node:util'
import { Agent, request } from 'undici'
import { place, serve } from '../serve/process.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' }, rate: { type: 'string', default: '1000' } } })
const [SECONDS, RATE] = [Number(values.seconds), Number(values.rate)]
/** Words that were never spoken before. */
const TEXTS = 40

const FLOW = `start: menu
language: en
states:
  menu: { ivr: sound.wav, digits: 4, save: code, next: tell, on: { noinput: end, nomatch: end, failed: end } }
  tell: { play: { say: "Thank you for calling, the number of your order is {{code}}." }, next: end }
`
const at = place({ 'order.yaml': FLOW })
const server = await serve(at, { env: { TONVAL_SECRET: 'the secret of this benchmark' }, args: ['--log-level', 'warn'] })
const agent = new Agent({ connections: 16, pipelining: 1 })
let calls = 0

async function ask(address: string, body: string): Promise<string> {
  const answer = await request(address.startsWith('http') ? address : server.voice + address, { method: 'POST', body: `callid=c${String(++calls).padStart(32, '0')}&from=%2B46701740601&to=%2B46846500400&direction=incoming&${body}`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, dispatcher: agent })
  return answer.body.text()
}

async function get(address: string): Promise<number> {
  const began = performance.now()
  const { statusCode, body } = await request(address, { dispatcher: agent })
  await body.dump()
  if (statusCode !== 200) throw new Error(`${address} was answered with ${statusCode}`)
  return performance.now() - began
}

const quantile = (numbers: readonly number[], q: number): number => [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(numbers.length * q))] ?? NaN
const shown = (numbers: readonly number[]): string => `p50 ${quantile(numbers, 0.5).toFixed(1)} ms, p99 ${quantile(numbers, 0.99).toFixed(1)} ms`

/** The address of the sound of one call. */
async function told(digits: number): Promise<string> {
  const callid = `c${String(++calls).padStart(32, '0')}`
  const form = (result: string): string => `callid=${callid}&from=%2B46701740601&to=%2B46846500400&direction=incoming&result=${result}`
  const post = async (address: string, body: string): Promise<Record<string, string>> => (await (await request(address, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' }, dispatcher: agent })).body.json()) as Record<string, string>
  const first = await post(`${server.voice}/voice/order?key=${server.key('order')}`, form('newincoming'))
  return (await post(first['next'] ?? '', form(String(digits))))['play'] ?? ''
}

// a call that comes with the start is answered at once, and may hear its first words a little late
console.log(`ten words, asked in the moment of the start: ${(await get(await told(9999))).toFixed(1)} ms`)
while ((await request(`${server.voice}/ready`, { dispatcher: agent })).statusCode !== 200) await new Promise(resolve => setTimeout(resolve, 20))
const addresses: string[] = []
for (let digits = 1000; digits < 1000 + TEXTS; digits++) addresses.push(await told(digits))
const firsts: number[] = []
for (const address of addresses) firsts.push(await get(address))
console.log(`ten words, the first request: ${shown(firsts)} (goal: 300)`)
console.log(`again: ${shown(await Promise.all(addresses.map(get)))}`)

/** Steps of calls, one after the other, for some seconds. */
async function steps(): Promise<number[]> {
  const times: number[] = []
  for (const until = performance.now() + 1000 * SECONDS; performance.now() < until;) {
    const began = performance.now()
    await ask(`/voice/order?key=${server.key('order')}`, 'result=newincoming')
    times.push(performance.now() - began)
  }
  return times
}

const alone = await steps()
let asking = true
let served = 0
const storm = (async () => {
  const began = performance.now()
  const under = new Set<Promise<unknown>>()
  while (asking) {
    for (const due = ((performance.now() - began) / 1000) * RATE; served < due; served++) {
      const one: Promise<unknown> = get(addresses[served % TEXTS] as string).finally(() => under.delete(one))
      under.add(one)
    }
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  await Promise.all(under)
})()
const beside = await steps()
asking = false
await storm
console.log(`a step of a call alone: ${shown(alone)}; beside ${Math.round(served / SECONDS)} sounds a second: ${shown(beside)}`)
await agent.close()
await server.end('SIGTERM')
at.remove()
