/** Settings of `serve`: flags win over the environment, the environment over defaults. There is no settings file. */
import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { isLoopback, isRange } from '../serve/allow-from.ts'
import { UsageError } from './io.ts'
import { readOutboxSettings } from './outbox-settings.ts'
import type { OutboxSettings } from './outbox-settings.ts'

export interface ServeSettings {
  readonly folder: string
  /** The folder as it was written. */
  readonly shown: string
  readonly host: string
  readonly port: number
  readonly admin: { readonly host: string; readonly port: number }
  readonly adminToken: string | undefined
  readonly publicUrl: string | undefined
  readonly trustProxy: readonly string[]
  readonly allowFrom: readonly string[]
  readonly logLevel: string
  readonly strict: boolean
  readonly data: string
  readonly secret: string | undefined
  readonly outbox: OutboxSettings
  /** Days that calls are kept on record; 0: none are. */
  readonly keepCalls: number
}

export const SERVE_OPTIONS = {
  port: { type: 'string' }, host: { type: 'string' }, admin: { type: 'string' }, 'public-url': { type: 'string' }, 'trust-proxy': { type: 'string' },
  'allow-from': { type: 'string' }, 'log-level': { type: 'string' }, strict: { type: 'boolean' }, data: { type: 'string' }, 'keep-recordings': { type: 'string' }, 'keep-calls': { type: 'string' }, help: { type: 'boolean', short: 'h' },
} as const

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
type Env = Readonly<Record<string, string | undefined>>

/** The settings of a command line; undefined where it asks for help. Throws UsageError. */
export function readServeSettings(args: readonly string[], env: Env): ServeSettings | undefined {
  const { values, positionals } = parse(args)
  if (values.help === true) return undefined
  if (positionals.length > 1) throw new UsageError(`\`serve\` takes one folder, and here are ${positionals.length}: ${positionals.join(', ')}`)
  const setting = (flag: Exclude<keyof typeof SERVE_OPTIONS, 'strict' | 'help'>, name: string): { readonly text: string | undefined; readonly from: string } => {
    const flagged = values[flag]
    return flagged !== undefined ? { text: flagged, from: `--${flag}` } : { text: nonEmpty(env[name]), from: name }
  }
  const admin = readAdmin(setting('admin', 'TONVAL_ADMIN'))
  const adminToken = nonEmpty(env['TONVAL_ADMIN_TOKEN'])
  if (adminToken === undefined && !isLoopback(admin.host)) {
    throw new UsageError(`the operator's side at ${admin.host} can be reached from other machines: set TONVAL_ADMIN_TOKEN to a secret of your own, or leave --admin at 127.0.0.1`)
  }
  if (adminToken !== undefined && adminToken.length < 16) throw new UsageError('TONVAL_ADMIN_TOKEN is shorter than 16 characters: choose a longer secret')
  const secret = nonEmpty(env['TONVAL_SECRET'])
  for (const one of secret?.split(',') ?? []) {
    if (one.trim().length < 16) throw new UsageError('TONVAL_SECRET holds a secret of fewer than 16 characters: choose a longer one, for example with `openssl rand -base64 32`')
  }
  const level = setting('log-level', 'TONVAL_LOG_LEVEL')
  if (level.text !== undefined && !LEVELS.includes(level.text)) throw new UsageError(`${level.from}: \`${level.text}\` is no log level; choose one of ${LEVELS.join(', ')}`)
  return {
    folder: resolve(positionals[0] ?? 'flows'), shown: positionals[0] ?? 'flows',
    host: setting('host', 'TONVAL_HOST').text ?? '0.0.0.0', port: readPort(setting('port', 'TONVAL_PORT'), 8046), admin, adminToken,
    publicUrl: readPublicUrl(setting('public-url', 'TONVAL_PUBLIC_URL')),
    trustProxy: readRanges(setting('trust-proxy', 'TONVAL_TRUST_PROXY'), false), allowFrom: readRanges(setting('allow-from', 'TONVAL_ALLOW_FROM'), true),
    logLevel: level.text ?? 'info', strict: values.strict === true, data: resolve(setting('data', 'TONVAL_DATA').text ?? '.tonval'), secret,
    outbox: readOutboxSettings(env, setting('keep-recordings', 'TONVAL_KEEP_RECORDINGS')),
    keepCalls: readKeepCalls(setting('keep-calls', 'TONVAL_KEEP_CALLS')),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SERVE_OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; \`tonval serve --help\` lists the options`)
  }
}

interface Setting {
  readonly text: string | undefined
  readonly from: string
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}

function list(text: string | undefined): string[] {
  return (text ?? '').split(',').map(one => one.trim()).filter(one => one !== '')
}

function readPort({ text, from }: Setting, otherwise: number): number {
  if (text === undefined) return otherwise
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65535) throw new UsageError(`${from}: \`${text}\` is no port; write a number from 1 to 65535 (0 lets the system choose)`)
  return Number(text)
}

/** Days. */
const [KEEP_CALLS, MOST_DAYS] = [30, 3650]

function readKeepCalls({ text, from }: Setting): number {
  if (text === undefined) return KEEP_CALLS
  if (!/^\d{1,4}$/.test(text) || Number(text) > MOST_DAYS) throw new UsageError(`${from}: \`${text}\` is no number of days from 1 to ${MOST_DAYS}; 0 keeps no calls`)
  return Number(text)
}

/** Host and port of the operator's side; the usual ones where nothing is written. */
export function readAdmin({ text, from }: Setting): { host: string; port: number } {
  if (text === undefined) return { host: '127.0.0.1', port: 8047 }
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text) ?? /^()()(\d{1,5})$/.exec(text)
  if (match === null || Number(match[3]) > 65535) throw new UsageError(`${from}: \`${text}\` is no address with a port such as 127.0.0.1:8047`)
  return { host: (match[1] ?? '') || (match[2] ?? '') || '127.0.0.1', port: Number(match[3]) }
}

/** Without a trailing slash; only a scheme, a host and a port: callers' addresses are made from it. */
function readPublicUrl({ text, from }: Setting): string | undefined {
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '' || url.pathname !== '/') {
    throw new UsageError(`${from}: \`${text}\` is no address such as https://voice.example.com (a scheme and a host, perhaps a port, no path)`)
  }
  return url.origin
}

function readRanges({ text, from }: Setting, carrier: boolean): string[] {
  const ranges = list(text)
  for (const range of ranges) {
    if (carrier && range === '46elks') continue
    if (!isRange(range)) throw new UsageError(`${from}: \`${range}\` is no address or range such as 192.0.2.7 or 192.0.2.0/24`)
    if (/\/0$/.test(range)) throw new UsageError(`${from}: \`${range}\` stands for everyone; name the addresses that are meant`)
  }
  return ranges
}
