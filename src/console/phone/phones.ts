/** The test calls that there are: not too many, and none that nobody listens to any more. */
import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { PhoneEvent } from '../shapes/phone.ts'
import { beginCall } from './phone-call.ts'
import type { PhoneCall, PhoneCallParts } from './phone-call.ts'

export interface Phones {
  /** Begins a call; undefined where there are too many. Rejects where its line cannot be opened. */
  begin(parts: Omit<PhoneCallParts, 'told' | 'soundAt'>): Promise<{ readonly id: string; readonly call: PhoneCall } | undefined>
  find(id: string): PhoneCall | undefined
  /** Tells a client of everything that happens in a call, beginning after the event with number `last`. False where too many listen already. */
  listen(id: string, response: ServerResponse, last: number): boolean
  /** Ends all of them. */
  close(): Promise<void>
}

export interface PhonesOptions {
  /** Calls at a time, those that are over and still looked at included; 20. */
  readonly most?: number
  /** Milliseconds after which a call ends that nobody listens to; a minute. */
  readonly patience?: number
  /** Milliseconds between signs of life, by which we notice who is gone. */
  readonly heartbeat?: number
}

export const MOST_CALLS = 20
const PATIENCE = 60_000
const HEARTBEAT = 15_000
/** Listeners of one call. */
const MOST_LISTENERS = 8
/** Bytes that may wait for one listener. */
const MOST_WAITING = 1024 * 1024

interface Held {
  call: PhoneCall | undefined
  readonly listeners: Set<ServerResponse>
  leaving: NodeJS.Timeout | undefined
}

export function createPhones({ most = MOST_CALLS, patience = PATIENCE, heartbeat = HEARTBEAT }: PhonesOptions = {}): Phones {
  const all = new Map<string, Held>()
  let closed = false
  const timer = setInterval(() => { for (const { listeners } of all.values()) for (const client of listeners) write(client, ':\n\n') }, heartbeat).unref()

  function write(client: ServerResponse, text: string): void {
    if (client.writableLength > MOST_WAITING) client.destroy()
    else if (!client.destroyed) client.write(text)
  }

  async function drop(id: string): Promise<void> {
    const held = all.get(id)
    if (held === undefined) return
    all.delete(id)
    clearTimeout(held.leaving)
    for (const client of held.listeners) client.end()
    await held.call?.close()
  }

  /** From now on somebody has to come and listen. */
  function wait(id: string, held: Held): void {
    clearTimeout(held.leaving)
    held.leaving = setTimeout(() => void drop(id), patience).unref()
  }

  return {
    async begin(parts) {
      if (closed) return undefined
      if (all.size >= most) {
        // who is over makes room, whom nobody looks at first
        const over = [...all].filter(([, { call }]) => call?.over === true).sort((a, b) => a[1].listeners.size - b[1].listeners.size)[0]
        if (over === undefined) return undefined
        await drop(over[0])
      }
      const id = randomBytes(9).toString('base64url')
      const held: Held = { call: undefined, listeners: new Set(), leaving: undefined }
      all.set(id, held)
      try {
        const call = held.call = await beginCall({ ...parts, soundAt: number => `/api/phone/${id}/sounds/${number}`, told: event => { for (const client of held.listeners) write(client, text(event)) } })
        wait(id, held)
        return { id, call }
      } catch (error) {
        all.delete(id)
        throw error
      }
    },

    find: id => all.get(id)?.call,

    listen(id, response, last) {
      const held = all.get(id)
      if (held?.call === undefined || held.listeners.size >= MOST_LISTENERS) return false
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no' })
      response.write(`retry: 1000\n\n${held.call.events.slice(last).map(text).join('')}`)
      clearTimeout(held.leaving)
      held.listeners.add(response)
      const gone = (): void => {
        if (held.listeners.delete(response) && held.listeners.size === 0 && all.get(id) === held) wait(id, held)
      }
      response.on('close', gone).on('error', gone)
      return true
    },

    async close() {
      closed = true
      clearInterval(timer)
      await Promise.all([...all.keys()].map(drop))
    },
  }
}

/** An event on the stream; a line's end would end the field, and JSON has none. */
function text(event: PhoneEvent): string {
  return `id: ${event.n}\ndata: ${JSON.stringify(event)}\n\n`
}
