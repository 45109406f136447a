/** The carrier's REST side: messages, calls that we make, and what it remembers of both. */
import { exchange } from './exchange.ts'
import type { Account, Exchanged } from './exchange.ts'

/** What became of something that was asked for. */
export type Asked =
  | { readonly is: 'done'; readonly id: string }
  /** Definitely not; `forGood`: nor would it another time. */
  | { readonly is: 'refused'; readonly forGood: boolean; readonly why: string }
  | { readonly is: 'unsure'; readonly why: string }

/** An entry of the carrier's history. */
export interface Past {
  readonly id: string
  readonly from: string
  readonly to: string
  /** Of a message. */
  readonly text: string
  /** Milliseconds since 1970. */
  readonly created: number
}

export interface Sms { readonly from: string; readonly to: string; readonly text: string }
export interface Outgoing { readonly from: string; readonly to: string; readonly voiceStart: string; readonly whenhangup: string; readonly timeout?: number }

export interface CarrierApi {
  sendSms(sms: Sms, signal: AbortSignal): Promise<Asked>
  placeCall(call: Outgoing, signal: AbortSignal): Promise<Asked>
  /** What went out since a time, the newest first; a text says why it cannot be told. */
  history(what: 'sms' | 'calls', since: number, signal: AbortSignal): Promise<readonly Past[] | string>
}

/** Pages of the history that are read, a hundred entries each. */
const MOST_PAGES = 20

export function createApi(account: Account): CarrierApi {
  return {
    sendSms: async ({ from, to, text }, signal) => asked(await exchange(account, 'POST', '/sms', { from, to, message: text }, signal)),

    placeCall: async ({ from, to, voiceStart, whenhangup, timeout }, signal) => asked(await exchange(account, 'POST', '/calls', {
      from, to, voice_start: voiceStart, whenhangup, ...(timeout === undefined ? {} : { timeout: String(timeout) }),
    }, signal)),

    async history(what, since, signal) {
      const found: Past[] = []
      let before = ''
      for (let page = 0; page < MOST_PAGES; page++) {
        const read = await exchange(account, 'GET', `/${what}?limit=100${before === '' ? '' : `&start=${encodeURIComponent(before)}`}`, undefined, signal)
        if (read.is === 'refused') return `the carrier's history cannot be read (${read.status})`
        if (read.is !== 'done') return read.why
        const { data, next } = read.json
        if (!Array.isArray(data)) return 'the carrier\'s history is no list'
        const entries = data.flatMap(one => readPast(one))
        found.push(...entries.filter(one => one.created >= since))
        if (typeof next !== 'string' || next === '' || next === before || entries.every(one => one.created < since)) return found
        before = next
      }
      return 'the carrier\'s history is too long to be searched'
    },
  }
}

/** facts: what is refused is told in plain text; an empty balance is `403 Forbidden` too, and ends when it is filled. */
function asked(exchanged: Exchanged): Asked {
  switch (exchanged.is) {
    case 'unreached': return { is: 'refused', forGood: false, why: exchanged.why }
    case 'unsure': return exchanged
    case 'refused': {
      const { status, text } = exchanged
      const said = text.replace(/\s+/g, ' ').replace(/\+?\d{5,}/g, '***').trim().slice(0, 100)
      if (status === 401) return { is: 'refused', forGood: false, why: 'the carrier does not accept ELKS_USERNAME and ELKS_PASSWORD (401)' }
      // whether it was done before something broke, nobody knows
      if (status >= 500) return { is: 'unsure', why: `the carrier answered ${status}` }
      const forGood = status === 400 || status === 422 || (status === 403 && /invalid/i.test(text))
      return { is: 'refused', forGood, why: `the carrier refused it: ${status}${said === '' ? '' : ` ${said}`}` }
    }
    case 'done': {
      const { id, status, state } = exchanged.json
      if (typeof id !== 'string' || id === '') return { is: 'unsure', why: 'the carrier answered without an id' }
      return status === 'failed' && state === undefined ? { is: 'refused', forGood: true, why: 'the carrier could not send it' } : { is: 'done', id }
    }
  }
}

function readPast(entry: unknown): Past[] {
  const { id, from, to, message, created, direction } = (typeof entry === 'object' && entry !== null ? entry : {}) as Readonly<Record<string, unknown>>
  if (typeof id !== 'string' || typeof created !== 'string' || (direction !== undefined && !text(direction).startsWith('outgoing'))) return []
  // facts: times are UTC without a zone, with microseconds
  const time = Date.parse(`${created.slice(0, 23).replace(/Z$/, '')}Z`)
  return Number.isNaN(time) ? [] : [{ id, from: text(from), to: text(to), text: text(message), created: time }]
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
