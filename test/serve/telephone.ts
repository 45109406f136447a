/** A test call of a server, as the console's page makes it: placed, listened to and led over HTTP. */
import { request } from 'undici'
import type { PhoneEvent } from '../../src/console/shapes/phone.ts'
import { ask, until } from './running.ts'
import type { Answer, Json } from './running.ts'

type Kind = PhoneEvent['kind']

export interface Telephone {
  readonly id: string
  /** The answer that began it. */
  readonly begun: Json
  readonly events: readonly PhoneEvent[]
  /** The next event of a kind that was not waited for yet, and that fits. */
  met<K extends Kind>(kind: K, fits?: (event: PhoneEvent & { kind: K }) => boolean): Promise<PhoneEvent & { kind: K }>
  act(body: Json): Promise<Answer>
  /** Does it, waits until keys are asked for first. */
  press(keys: string): Promise<void>
  get(path: string): Promise<Answer>
  post(path: string, body: Json): Promise<Answer>
  /** Stops listening. */
  leave(): void
}

const JSON_BODY = { 'content-type': 'application/json' }

export function post(admin: string, path: string, body: unknown): Promise<Answer> {
  return ask(admin + path, { body: JSON.stringify(body), headers: JSON_BODY })
}

/** Listens to the events of a call, from one number on. */
export async function listen(admin: string, id: string, last = 0) {
  const events: PhoneEvent[] = []
  const leaving = new AbortController()
  const { statusCode, headers, body } = await request(`${admin}/api/phone/${id}/events`, { signal: leaving.signal, headers: last > 0 ? { 'last-event-id': String(last) } : {} })
  let text = ''
  let open = true
  body.setEncoding('utf8')
  body.on('data', (part: string) => {
    text += part
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data !== undefined) events.push(JSON.parse(data) as PhoneEvent)
    }
  }).on('error', () => { open = false }).on('close', () => { open = false })
  return { events, status: statusCode, headers, open: () => open, leave: () => leaving.abort() }
}

/** Places a call and listens to it. */
export async function dial(admin: string, wanted: Json): Promise<Telephone> {
  const { status, json: begun, text } = await post(admin, '/api/phone', wanted)
  if (status !== 201) throw new Error(`${status}: ${text}`)
  const id = String(begun['id'])
  const { events, leave } = await listen(admin, id)
  let seen = 0
  const telephone: Telephone = {
    id, begun, events, leave,
    async met(kind, fits = () => true) {
      const isIt = (event: PhoneEvent): boolean => event.n > seen && event.kind === kind && fits(event as never)
      await until(`${kind} of ${String(wanted['flow'])} after ${seen}: ${JSON.stringify(events.slice(-6))}`, () => events.some(isIt))
      const event = events.find(isIt) as PhoneEvent
      seen = event.n
      return event as never
    },
    act: body => post(admin, `/api/phone/${id}`, body),
    async press(keys) {
      await telephone.met('awaits', event => event.what === 'keys')
      const { status, text } = await telephone.act({ press: keys })
      if (status !== 200) throw new Error(`${status}: ${text}`)
    },
    get: path => ask(`${admin}/api/phone/${id}${path}`, { method: 'GET' }),
    post: (path, body) => post(admin, `/api/phone/${id}${path}`, body),
  }
  return telephone
}

/** Does it; throws where it cannot be done. */
export async function act(phone: Telephone, body: Json): Promise<void> {
  const { status, text } = await phone.act(body)
  if (status !== 200) throw new Error(`${status} ${text}`)
}

/** The steps of the call as a script has them. */
export async function script(phone: Telephone): Promise<string[]> {
  return (await phone.get('/script')).text.split('steps:\n')[1]?.trim().split('\n').map(line => line.trim().replace(/^- /, '')) ?? []
}
