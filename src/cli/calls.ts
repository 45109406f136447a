/** `tonval calls`: the calls that a running server has on record. */
import { dayOf } from '../compile/schedule/read-hours.ts'
import { readDuration } from '../console/switches.ts'
import type { CallShown, CallsShown } from '../console/shapes/calls.ts'
import { printable } from '../problem/cells.ts'
import { CALL_ENDS } from '../store/call-record.ts'
import { adminClient, NoServer } from './admin-client.ts'
import type { AdminClient } from './admin-client.ts'
import { clockOf } from './call-story.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { renderTable } from './table.ts'

const HELP = `tonval calls: the calls that a running server has on record, the newest first

Usage: tonval calls

  --since TIME       2h, 90m, 3d ago, or a day or time such as 2026-03-02 or
                     2026-03-02T14:00 (of this machine's clock)
  --until TIME       the same
  --flow FLOW        calls that this flow answered
  --state STATE      calls that stand in this state, or stood there last
  --end REASON       end, connected, hangup, handover, caller, error, unknown
  --live             only those that go on
  --limit N          at most so many (100)
  --admin HOST:PORT  the server's operator's side    TONVAL_ADMIN    127.0.0.1:8047
  --format FORMAT    table (default), json or csv
  -h, --help

\`tonval why CALL-ID\` tells what happened in one of them. Times of the table are those of
the flow's time zone; in JSON and CSV they are UTC. TONVAL_ADMIN_TOKEN is sent where it is set.
Exit status: 0, 2 bad usage, 3 the server does not answer.
`

const USUAL = 100
/** What the server gives at a time. */
const PAGE = 1000

export const calls: Command = async (args, io) => {
  const options = readOptions(args, { since: 'text', until: 'text', flow: 'text', state: 'text', end: CALL_ENDS, live: 'flag', limit: 'text', admin: 'text', format: ['table', 'json', 'csv'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  if (options.rest.length > 0) throw new UsageError(`\`tonval calls\` takes no words, and here is ${options.rest.join(' ')}; \`tonval why ${options.rest[0]}\` tells of one call`)
  const limit = options.text('limit') ?? String(USUAL)
  if (!/^\d{1,7}$/.test(limit) || Number(limit) === 0) throw new UsageError(`--limit: \`${limit}\` is no number of calls`)
  const query = new URLSearchParams()
  const now = Date.now()
  for (const name of ['since', 'until'] as const) {
    const text = options.text(name)
    if (text !== undefined) query.set(name, readTime(name, text, now))
  }
  for (const name of ['flow', 'state', 'end'] as const) {
    const text = options.text(name)
    if (text !== undefined) query.set(name, text)
  }
  if (options.flag('live')) query.set('live', 'true')
  try {
    return await list(adminClient(options.text('admin'), io.env), query, Number(limit), options.text('format') ?? 'table', io)
  } catch (error) {
    if (error instanceof UsageError) throw error
    io.stderr.write(`tonval calls: ${error instanceof NoServer ? `${error.message}; start one, or say with --admin where its operator's side is` : (error as Error).message}\n`)
    return EXIT.internal
  }
}

/** A time as the server takes it. */
function readTime(name: string, text: string, now: number): string {
  const ago = readDuration(text)
  // without a zone, a time is one of this machine's clock; of a day alone JavaScript thinks otherwise
  const time = ago === undefined ? Date.parse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00` : text) : now - ago
  if (Number.isNaN(time) || (ago === undefined && (!/^\d{4}-\d\d-\d\d(T|$)/.test(text) || dayOf(text.slice(0, 10)) === undefined))) throw new UsageError(`--${name}: \`${text}\` is no time such as 2h, 90m, 2026-03-02 or 2026-03-02T14:00`)
  return new Date(time).toISOString()
}

async function list(client: AdminClient, query: URLSearchParams, limit: number, format: string, io: Io): Promise<number> {
  const found: CallShown[] = []
  let next: string | null = null
  do {
    query.set('limit', String(Math.min(PAGE, limit - found.length)))
    if (next !== null) query.set('before', next)
    const { status, json } = await client.ask('GET', `/api/calls?${query.toString()}`)
    if (status !== 200) throw new Error(typeof json['detail'] === 'string' ? json['detail'] : `the server answers ${status}`)
    const page = json as unknown as CallsShown
    found.push(...page.calls)
    next = page.next
  } while (next !== null && found.length < limit)
  io.stdout.write(format === 'json' ? `${JSON.stringify({ version: 1, calls: found, next })}\n` : format === 'csv' ? inCsv(found) : inTable(found, next !== null))
  return EXIT.clean
}

function inTable(found: readonly CallShown[], more: boolean): string {
  if (found.length === 0) return 'no such call is on record\n'
  const rows = found.map(call => [
    clockOf(call.timezone).both(call.start), call.flow, call.caller, call.direction === 'outgoing' ? `rung: ${call.called}` : call.called, call.seconds === null ? '' : `${call.seconds} s`,
    String(call.steps), call.at ?? '', call.ended ?? 'goes on', call.id,
  ].map(printable))
  return `${renderTable(['began', 'flow', 'caller', 'called', 'length', 'steps', 'state', 'ended', 'id'], rows)}${more ? 'there are more: --limit\n' : ''}`
}

const COLUMNS = ['id', 'flow', 'version', 'start', 'end', 'seconds', 'caller', 'called', 'direction', 'at', 'ended', 'steps'] as const

function inCsv(found: readonly CallShown[]): string {
  return [COLUMNS, ...found.map(call => COLUMNS.map(name => String(call[name] ?? '')))].map(row => `${row.map(cell).join(',')}\r\n`).join('')
}

/** One that a spreadsheet would take for a formula has an apostrophe before it, as spreadsheets themselves write it. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
