/** Settings of what the server sends: the account with the carrier, the e-mail server, and how much may go out. */
import { hostname } from 'node:os'
import type { Account } from '../carrier/api/exchange.ts'
import type { MailSettings } from '../outbox/by-mail.ts'
import type { DialLimits } from '../outbox/dial-guard.ts'
import { readDialAllow } from './dial-allow.ts'
import { UsageError } from './io.ts'

export interface OutboxSettings {
  /** Undefined without an account. */
  readonly account: Account | undefined
  readonly mail: MailSettings | undefined
  /** Beginnings of numbers; undefined: those of the flows' own countries. */
  readonly dialAllow: readonly string[] | undefined
  readonly limits: DialLimits
  readonly keepDays: number
}

type Env = Readonly<Record<string, string | undefined>>

const API = 'https://api.46elks.com/a1'
const KEEP_DAYS = 30
const MOST_DAYS = 3650
const LIMITS: DialLimits = { caller: 60, day: 10_000 }

/** Reads them. Throws UsageError. */
export function readOutboxSettings(env: Env, keep: { readonly text: string | undefined; readonly from: string }): OutboxSettings {
  return {
    account: readAccount(env), mail: readMail(env), dialAllow: readDialAllow(env['TONVAL_DIAL_ALLOW']),
    limits: { caller: readCount(env, 'TONVAL_DIAL_CALLER', LIMITS.caller), day: readCount(env, 'TONVAL_DIAL_DAY', LIMITS.day) },
    keepDays: readDays(keep),
  }
}

function readAccount(env: Env): Account | undefined {
  const [username, password, base = API] = ['ELKS_USERNAME', 'ELKS_PASSWORD', 'ELKS_API'].map(name => nonEmpty(env[name]))
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol) || new URL(base).search !== '' || new URL(base).username !== '') throw new UsageError(`ELKS_API: \`${base}\` is no address such as ${API}`)
  if (username === undefined && password === undefined) return undefined
  if (username === undefined || password === undefined) throw new UsageError(`${username === undefined ? 'ELKS_PASSWORD is set and ELKS_USERNAME' : 'ELKS_USERNAME is set and ELKS_PASSWORD'} is not: both belong to the account's API, on the carrier's dashboard`)
  return { base: base.replace(/\/+$/, ''), username, password }
}

function readMail(env: Env): MailSettings | undefined {
  const url = nonEmpty(env['TONVAL_SMTP_URL'])
  if (url === undefined) return undefined
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol) || new URL(url).hostname === '') throw new UsageError('TONVAL_SMTP_URL is no address such as smtp://user:password@mail.example.com:587 (a password with special characters is percent-encoded)')
  const user = decodeURIComponent(new URL(url).username)
  const from = nonEmpty(env['TONVAL_SMTP_FROM']) ?? (user.includes('@') ? user : `tonval@${hostname()}`)
  if (!/@[^@\s]+$/.test(from)) throw new UsageError(`TONVAL_SMTP_FROM: \`${from}\` is no e-mail address`)
  return { url, from }
}

function readCount(env: Env, name: string, otherwise: number): number {
  const text = nonEmpty(env[name])
  if (text === undefined) return otherwise
  if (!/^\d{1,7}$/.test(text)) throw new UsageError(`${name}: \`${text}\` is no number (0: no limit)`)
  return Number(text)
}

function readDays({ text, from }: { readonly text: string | undefined; readonly from: string }): number {
  if (text === undefined) return KEEP_DAYS
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || Number(text) > MOST_DAYS) throw new UsageError(`${from}: \`${text}\` is no number of days from 1 to ${MOST_DAYS}`)
  return Number(text)
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
