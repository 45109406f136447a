import { shortAddress } from './address.ts'
import type { FactCode } from './facts.ts'
import { isObject, show, type Action } from './validate-action.ts'
import type { Answer, Failure } from './wire.ts'

/** What the carrier makes of a reply: an action, the end of the call, or a broken fact, which ends it too. */
export type Judgement =
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'empty'; readonly message: string }
  | { readonly kind: 'breach'; readonly code: FactCode; readonly message: string }

const FAILURES: Record<Failure['trouble'], FactCode> = {
  address: 'address-relative',
  refused: 'reply-missing',
  closed: 'reply-missing',
  timeout: 'reply-timeout',
  'too-large': 'reply-too-large',
}

/** Holds a reply against the facts on the webhook. `asked` names the request, for messages. */
export function judgeReply(answer: Answer | Failure, asked: () => string): Judgement {
  const breach = (code: FactCode, message: string): Judgement => ({ kind: 'breach', code, message: `${asked()}: ${message}` })
  if ('trouble' in answer) return breach(FAILURES[answer.trouble], answer.message)

  const { status } = answer
  if (status >= 300 && status <= 399) {
    const where = answer.location === undefined ? '' : ` to ${shortAddress(answer.location)}`
    return breach('reply-redirect', `answered with status ${status}, a redirect${where}: give the address itself`)
  }
  if (status < 200 || status > 204) return breach('reply-status', `answered with status ${status}${blame(answer)}`)

  const text = Buffer.from(answer.bytes).toString('utf8')
  const empty = (what: string): Judgement => ({ kind: 'empty', message: `${asked()}: answered with ${what}` })
  if (status === 204) return empty('status 204, which has no action')
  if (text.trim() === '') return empty('an empty body')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return breach('reply-not-json', `answered with ${excerpt(text)}, which is not JSON (${error instanceof Error ? error.message : 'unreadable'})`)
  }
  if (!isObject(value)) return breach('reply-not-object', `answered with ${show(value)}, not an object`)
  return Object.keys(value).length === 0 ? empty('{}') : { kind: 'action', action: value }
}

/** A hint at whose fault a status is. */
function blame({ status, bytes }: Answer): string {
  if (status >= 500) {
    const text = Buffer.from(bytes.subarray(0, 200)).toString('utf8').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
    return `: the application broke${text === '' ? '' : ` and says ${excerpt(text)}`}`
  }
  if (status === 404) return ': the application has nothing at this address'
  if (status === 405) return ': the application does not take POST there'
  if (status === 401 || status === 403) return ': the application refused it'
  return status === 415 || status === 400 ? ': the application could not read the form' : ''
}

function excerpt(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 57)}...` : line)
}
