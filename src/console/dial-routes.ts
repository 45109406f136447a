/** `POST /api/calls`: rings somebody, who meets a flow. */
import type { FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { isE164 } from '../compile/e164.ts'
import type { Flow } from '../compile/flow.ts'
import { itemId } from '../outbox/incoming.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { CallItem } from '../run/effect.ts'
import { givenProblem } from '../run/given.ts'
import { ownValues } from '../run/step.ts'
import type { Store } from '../store/store.ts'
import { nearest } from '../validate/nearest.ts'
import { refuse } from './refuse.ts'

export interface DialParts {
  readonly live: () => ReadonlyMap<string, Flow>
  readonly outbox: Outbox
  readonly store: Pick<Store, 'item'>
  /** Why no call can be made at all, in words. */
  readonly against: () => string | undefined
}

/** Seconds after which the carrier is asked no more: who dials waits. */
const GIVE_UP = 30
/** Milliseconds that the answer waits for the carrier's, and between two looks. */
const PATIENCE = 40_000
const LOOK = 50
/** Bytes of all inputs: they travel in an address. */
const MOST_INPUTS = 600

/** Adds the route: 200 with the carrier's id of the call, 422 what cannot be dialled, 502 the carrier's refusal. */
export async function dialRoutes(app: FastifyInstance, { live, outbox, store, against }: DialParts): Promise<void> {
  app.post('/api/calls', { bodyLimit: 16 * 1024 }, async ({ body }, reply) => {
    const item = against() ?? readDial(body, live())
    if (typeof item === 'string') return refuse(reply, 422, item)
    await outbox.put([item])
    const id = itemId(item.key)
    const until = performance.now() + PATIENCE
    for (;;) {
      const known = await store.item(id).catch(() => undefined)
      if (known?.state === 'sent') return { version: 1, id, flow: item.runs, call: known.ref }
      if (known?.state === 'failed') return refuse(reply, known.attempts === 0 ? 422 : 502, known.why ?? 'it is given up')
      if (known?.state === 'doubt') return refuse(reply, 502, `${known.why ?? ''}: whether it rings, nobody knows; \`tonval outbox\` will show it`)
      if (performance.now() > until) return refuse(reply, 503, known?.why ?? 'it has not been placed yet; `tonval outbox` shows what becomes of it')
      await new Promise(resolve => setTimeout(resolve, LOOK))
    }
  })
}

/** What is to be dialled, or in words why not. */
function readDial(body: unknown, live: ReadonlyMap<string, Flow>): CallItem | string {
  const { flow: name, number, from, with: inputs = {} } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  if (typeof name !== 'string') return 'say in `flow` which flow whoever answers is to meet'
  const flow = live.get(name)
  if (flow === undefined) {
    const word = nearest(name, [...live.keys()])
    return `there is no flow \`${name}\`${word === undefined ? '' : `; did you mean \`${word}\`?`}`
  }
  if (typeof number !== 'string' || !isE164(number)) return 'say in `number` whom to ring, with a plus sign and the country: +46701740601'
  const line = from === undefined ? flow.numbers[0] : from
  if (line === undefined) return `\`${name}\` lists no number of its own: say in \`from\` which line rings`
  if (typeof line !== 'string' || !isE164(line)) return '`from` is no number with a plus sign and the country: +46846500400'
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) return '`with` holds texts by name'
  const noText = Object.entries(inputs).find(([, value]) => typeof value !== 'string')
  if (noText !== undefined) return `\`with\` holds texts by name, and \`${noText[0]}\` is ${JSON.stringify(noText[1])}: write it in quotes`
  const given = inputs as Readonly<Record<string, string>>
  if (flow.states.slice(0, flow.sections[1]?.from).some(state => state.verb === 'exit')) return `\`${name}\` has exits, and a call that begins in it has nowhere to come back to: dial a flow that runs it`
  const own = ownValues(flow)
  for (const input of Object.keys(given)) {
    if (own.includes(input)) continue
    const word = nearest(input, own)
    return `\`${name}\` has no value \`${input}\`${word === undefined ? '' : `; did you mean \`${word}\`?`}`
  }
  const against = givenProblem(flow, given)
  if (against !== undefined) return `${against} (in \`with\`, or \`--with NAME=VALUE\`)`
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_INPUTS) return `\`with\` holds more than ${MOST_INPUTS} bytes`
  const key = `dial ${randomUUID()}`
  return { kind: 'call', key, item: 'dial', flow: name, call: '', state: '', to: number, from: line, runs: name, with: given, giveUp: GIVE_UP }
}
