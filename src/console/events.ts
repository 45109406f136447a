/**
 * What happens, told as it happens (server-sent events): reloads that went live, were refused, or failed. Memory is
 * bounded: a client who does not read is let go, and asks again with the id of the last event that it saw.
 */
import type { ServerResponse } from 'node:http'

/** Clients at the same time. */
const MOST_CLIENTS = 32
/** Bytes that may wait for one client. */
const MOST_WAITING = 256 * 1024
/** Bytes that may wait for one client before it is told no more of calls. */
const MOST_BEHIND = 32 * 1024
/** Events that are kept for clients who come back, and the bytes that they may take together. */
const MOST_KEPT = 100
const MOST_KEPT_BYTES = 1024 * 1024
/** Milliseconds between signs of life: proxies close connections on which nothing is heard, and we notice who is gone. */
const HEARTBEAT = 15_000
/** Milliseconds after which a client asks again. */
const RETRY = 2000

export interface Events {
  readonly clients: number
  publish(event: string, data: object): void
  /** Tells what is not kept, of calls: a client who is slow to read, or comes back, misses it. `missed`: how many are not among it. A `calls` event tells each client how many he has missed. */
  tell(events: readonly object[], missed: number): void
  /**
   * Begins a stream: what came after the event with id `last`, else `state`, then whatever comes. False where there are too
   * many clients, or everything is being stopped. `may`: whether the client may still listen, asked at each sign of life.
   */
  open(response: ServerResponse, last: string | undefined, state: () => object, may?: () => boolean): boolean
  /** Ends all streams. */
  close(): void
}

interface Kept {
  readonly id: string
  readonly text: string
}

/** Events of one server. `boot` tells its ids from those of servers before it. */
export function createEvents(boot: string, heartbeat: number = HEARTBEAT): Events {
  /** Each with the events of calls that it has missed. */
  const clients = new Map<ServerResponse, number>()
  const kept: Kept[] = []
  let bytes = 0
  let count = 0
  let closed = false
  const rights = new WeakMap<ServerResponse, () => boolean>()
  const timer = setInterval(() => {
    for (const client of clients.keys()) {
      if (rights.get(client)?.() !== false) send(client, ':\n\n')
      else {
        clients.delete(client)
        client.end()
      }
    }
  }, heartbeat).unref()

  function send(client: ServerResponse, text: string): void {
    if (client.writableLength > MOST_WAITING || client.destroyed) {
      clients.delete(client)
      client.destroy()
    } else client.write(text)
  }

  return {
    get clients() { return clients.size },

    publish(event, data) {
      if (closed) return
      const id = `${boot}-${++count}`
      // a line's end would end the field: JSON has none
      const text = `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
      kept.push({ id, text })
      bytes += text.length
      while (kept.length > MOST_KEPT || (bytes > MOST_KEPT_BYTES && kept.length > 0)) bytes -= (kept.shift() as Kept).text.length
      for (const client of clients.keys()) send(client, text)
    },

    tell(told, missed) {
      const text = told.map(data => `event: call\ndata: ${JSON.stringify(data)}\n\n`).join('')
      for (const [client, before] of clients) {
        const dropped = before + missed
        if (client.writableLength > MOST_BEHIND) clients.set(client, dropped + told.length)
        else {
          clients.set(client, 0)
          send(client, dropped === 0 ? text : `${text}event: calls\ndata: {"dropped":${dropped}}\n\n`)
        }
      }
    },

    open(response, last, state, may) {
      if (closed || clients.size >= MOST_CLIENTS) return false
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-accel-buffering': 'no' })
      const missed = last === undefined ? -1 : last === `${boot}-${count}` ? kept.length : kept.findIndex(one => one.id === last) + 1
      const first = missed <= 0 && last !== `${boot}-${count}`
        ? `id: ${boot}-${count}\nevent: state\ndata: ${JSON.stringify(state())}\n\n`
        : kept.slice(missed).map(one => one.text).join('')
      response.write(`retry: ${RETRY}\n\n${first}`)
      clients.set(response, 0)
      if (may !== undefined) rights.set(response, may)
      const gone = (): void => { clients.delete(response) }
      response.on('close', gone).on('error', gone)
      return true
    },

    close() {
      closed = true
      clearInterval(timer)
      for (const client of clients.keys()) client.end('event: stop\ndata: {}\n\n')
      clients.clear()
    },
  }
}
