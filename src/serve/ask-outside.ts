/** What `fetch` asks: another program over HTTP, within the hosts that the server allows. It answers in time, whatever happens there. */
import type { Answer, Ask } from '../compile/asking.ts'
import { createBreaker } from '../outbox/breaker.ts'
import { askQuestion } from '../outbox/question.ts'
import type { Question, Trouble } from '../outbox/question.ts'
import type { Reach } from '../outbox/reachable.ts'

/** Bytes of a reply that are read. */
const MOST_BYTES = 64 * 1024
const MOST_REDIRECTS = 3
const JSON_TYPE = /^(application\/json|text\/json|application\/[a-z0-9!#$&^_.+-]+\+json)$/

/** Troubles after which a host is soon left alone: whoever replies too much, or sends us elsewhere, is not silent. */
const SILENT: readonly Trouble[] = ['timeout', 'refused', 'broken-off', 'unknown-host', 'tls', 'http']

/** Asks, with so many milliseconds left. Never rejects. */
export type AskOutside = (ask: Ask, left: number) => Promise<AskedOutside>

/** An answer, and what logs and figures say of it. */
export interface AskedOutside {
  readonly answer: Answer
  /** The host that was asked, and the entry of TONVAL_FETCH_HOSTS that allows it; empty where there is none. */
  readonly host: string
  readonly entry: string
  /** `replied`, or why there is no reply, in a word. */
  readonly outcome: string
  /** The same in more words. */
  readonly detail?: string
  /** Milliseconds. */
  readonly ms: number
}

/** Where nothing is set up to ask with, nobody answers. */
export const asksNobody: AskOutside = () => Promise.resolve({ answer: { failed: 'not-allowed' }, host: '', entry: '', outcome: 'not-allowed', ms: 0 })

/** What the server asks with: connections that stay open, and a memory of who does not answer. */
export function createAskOutside(reach: Reach, now: () => number = () => performance.now()): AskOutside {
  const breaker = createBreaker()
  return async (ask, left) => {
    const began = now()
    const url = URL.canParse(ask.address) ? new URL(ask.address) : undefined
    const made = { host: url?.host ?? '', entry: url === undefined ? '' : reach.entry(url) ?? '' }
    const failed = (outcome: string, detail?: string): AskedOutside => ({ ...made, answer: { failed: outcome }, outcome, ...(detail === undefined ? {} : { detail }), ms: now() - began })
    if (url === undefined) return failed('bad-address')
    const against = reach.refusal(url)
    if (against !== undefined) return failed('not-allowed', against)
    if (left <= 0) return failed('timeout', 'the time for all that one request asks is used up')
    if (!breaker.allows(url.host, began)) return failed('left-alone', 'it did not answer several times in a row')
    const reply = await askQuestion(reach, questionOf(ask, url), { timeout: Math.min(ask.timeout, left), bytes: MOST_BYTES, redirects: MOST_REDIRECTS, takes: ask.takes })
    if ('trouble' in reply) {
      if (SILENT.includes(reply.trouble)) breaker.failed(url.host, now())
      return failed(reply.trouble, reply.detail)
    }
    breaker.answered(url.host)
    return { ...made, answer: { status: reply.status, ...bodyOf(reply.type, reply.body) }, outcome: 'replied', ms: now() - began }
  }
}

function questionOf({ method, headers, body, key }: Ask, address: URL): Question {
  const url = new URL(address)
  const { username, password } = address
  url.username = ''
  url.password = ''
  const own: Readonly<Record<string, string>> = username === '' && password === '' ? {} : { authorization: `Basic ${unescaped(`${username}:${password}`).toString('base64')}` }
  return { method, url, headers: { 'idempotency-key': key, ...own, ...headers }, ...(body === undefined ? {} : { body }) }
}

function unescaped(text: string): Buffer {
  return Buffer.from(text.replace(/%([0-9a-f]{2})/gi, (_written, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1')
}

function bodyOf(type: string, body: Buffer): { readonly body: 'json' | 'nothing' | 'other'; readonly json?: unknown } {
  if (body.length === 0) return { body: 'nothing' }
  if (!JSON_TYPE.test(type)) return { body: 'other' }
  try {
    return { body: 'json', json: JSON.parse(body.toString('utf8').replace(/^\uFEFF/, '')) as unknown }
  } catch {
    return { body: 'other' }
  }
}
