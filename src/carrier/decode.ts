/** What 46elks posts → what a flow understands. */
import querystring from 'fast-querystring'
import type { Event } from '../compile/verb.ts'
import type { First } from '../run/call.ts'

type Parsed = Readonly<Record<string, string | string[]>>

/** The fields of one request, read as they are asked for. Of a repeated field the first counts. */
export class Form {
  readonly #parsed: Parsed

  constructor(parsed: Parsed) {
    this.#parsed = parsed
  }

  /** Any field. */
  field(name: string): string | undefined {
    const value = this.#parsed[name]
    return typeof value === 'object' ? value[0] : value
  }

  get callid(): string {
    // facts: whenhangup names the call `id`; an example of receive-call does too
    return plain(this.field('callid') ?? this.field('id'), 64)
  }

  get from(): string {
    return plain(this.field('from'), 40)
  }

  get to(): string {
    return plain(this.field('to'), 40)
  }

  /** Whether the line's own side makes the call. */
  get isOutgoing(): boolean {
    return this.field('direction') === 'outgoing' || this.field('result') === 'newoutgoing'
  }
}

/** The form in a body; any text is accepted, and what is no form has no fields. */
export function decodeForm(body: string): Form {
  return new Form(querystring.parse(body) as Parsed)
}

/** Printable ASCII of a length that a token can carry: ids and numbers are never anything else. */
function plain(text: string | undefined, length: number): string {
  if (text === undefined) return ''
  return (/^[!-~]*$/.test(text) ? text : text.replace(/[^!-~]/g, '')).slice(0, length)
}

/** What the first request of a call tells. `now`: milliseconds since 1970. */
export function decodeFirst(form: Form, now: number): First {
  return {
    id: form.callid, caller: form.from, called: form.to,
    direction: form.isOutgoing ? 'outgoing' : 'incoming',
    start: seconds(form.field('created') ?? '') ?? Math.floor(now / 1000),
  }
}

/** facts: `created` is UTC without a zone, with microseconds, and sometimes absent. */
function seconds(created: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z?$/.exec(created)
  if (match === null) return undefined
  const time = Date.parse(`${match[1]}Z`)
  return Number.isNaN(time) || time < 0 ? undefined : Math.floor(time / 1000)
}

/** What the carrier tells of a call that is over, as far as it tells it. */
export function decodeEnd(form: Form): { readonly state: string; readonly seconds: number | undefined; readonly answeredBy: string; readonly talkSeconds: number } {
  const state = form.field('state') ?? ''
  const talks = parts(form.field('legs')).filter(leg => leg['state'] === 'success' && typeof leg['to'] === 'string')
  // facts: legs come only sometimes; what was done then tells at least who answered
  const answered = talks.length > 0 ? talks.map(leg => leg['to'] as string) : parts(form.field('actions')).filter(one => one['result'] === 'success' && typeof one['connect'] === 'string').map(one => one['connect'] as string)
  return {
    state: /^[a-z-]{1,20}$/.test(state) ? state : '', seconds: wholeNumber(form.field('duration')), answeredBy: plain(answered.at(-1), 40),
    talkSeconds: talks.reduce((sum, leg) => sum + (wholeNumber(String(leg['duration'])) ?? 0), 0),
  }
}

/** facts: `legs` and `actions` are JSON in a field; their entries are objects, and sometimes plain texts. */
function parts(text: string | undefined): Readonly<Record<string, unknown>>[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(read) ? (read as unknown[]).filter((one): one is Readonly<Record<string, unknown>> => typeof one === 'object' && one !== null) : []
  } catch {
    return []
  }
}

/** A number of seconds, or of anything that is counted; undefined for what is none. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** The longest run of keys that is taken for an input; the carrier's `digits` is at most 20. */
const INPUT = /^[0-9*]{0,40}#?$/

/** The result of an action. What each state makes of it is the verb's business. */
export function decodeEvent(form: Form): Event {
  const result = form.field('result')
  if (result === undefined) return { kind: 'missing' }
  // facts: whether `#` is in the result, and what a lone one gives, is not documented: a trailing one is dropped
  if (INPUT.test(result)) return { kind: 'digits', digits: result.endsWith('#') ? result.slice(0, -1) : result }
  switch (result) {
    // facts: two versions of the page on `play` name these two words for the same thing
    case 'ok': case 'success': return { kind: 'success' }
    case 'busy': return { kind: 'busy' }
    case 'failed': return { kind: 'failed', why: form.field('why') === 'noinput' ? 'noinput' : 'other' }
    default: return { kind: 'other' }
  }
}
