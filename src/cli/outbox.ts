/** `tonval outbox`: what a running server sends, and what became of it. */
import type { ItemShown, OutboxShown } from '../console/shapes/outbox.ts'
import { adminClient, NoServer } from './admin-client.ts'
import type { AdminAnswer } from './admin-client.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { relativeTime, renderTable } from './table.ts'

const HELP = `tonval outbox: what a running server sends: SMS, e-mail, POST, calls

Usage: tonval outbox [list]
       tonval outbox retry ID…
       tonval outbox drop ID…
       tonval outbox key

\`list\` shows what is not done: waiting (and why), being sent, failed, in doubt (the
server ended while it was being sent). \`retry\` sends an item anew, with the same id;
\`drop\` gives it up. \`key\` prints the key by which receivers of \`post\` know us.

  --state STATE[,STATE]  waiting, sending, sent, failed, doubt, skipped, dropped, or all
  --admin HOST:PORT      the server's operator's side    TONVAL_ADMIN    127.0.0.1:8047
  --format FORMAT        pretty (default) or json
  -h, --help

TONVAL_ADMIN_TOKEN is sent where it is set.
Exit status: 0, 1 there is no such item, or it is not one for that; 2 bad usage, 3 the server does not answer.
`

const VERBS = ['list', 'retry', 'drop', 'key'] as const

export const outbox: Command = async (args, io) => {
  const options = readOptions(args, { state: 'text', admin: 'text', format: ['pretty', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [verb = 'list', ...ids] = options.rest
  if (!(VERBS as readonly string[]).includes(verb)) throw new UsageError(`\`tonval outbox ${verb}\` does not exist; there are ${VERBS.join(', ')}`)
  const wantsIds = verb === 'retry' || verb === 'drop'
  if (wantsIds && ids.length === 0) throw new UsageError(`say which item: \`tonval outbox ${verb} ID\`; \`tonval outbox\` lists them`)
  if (!wantsIds && ids.length > 0) throw new UsageError(`\`tonval outbox ${verb}\` takes no more words, and here are ${ids.join(', ')}`)
  if (options.text('state') !== undefined && verb !== 'list') throw new UsageError('`--state` goes with `tonval outbox list`')
  const client = adminClient(options.text('admin'), io.env)
  const asJson = options.text('format') === 'json'
  try {
    if (wantsIds) return await each(ids, id => client.ask('POST', `/api/outbox/${encodeURIComponent(id)}/${verb}`, {}), verb === 'drop' ? 'given up' : 'sent anew', asJson, io)
    const state = options.text('state')
    const answer = await client.ask('GET', verb === 'key' ? '/api/outbox/key' : `/api/outbox${state === undefined ? '' : `?state=${encodeURIComponent(state)}`}`)
    if (answer.status === 400) throw new UsageError(reason(answer))
    if (answer.status !== 200) return fails(io, reason(answer), EXIT.internal)
    if (verb === 'key') io.stdout.write(asJson ? `${JSON.stringify(answer.json)}\n` : `${String(answer.json['post'])}\n`)
    else io.stdout.write(asJson ? `${JSON.stringify(answer.json)}\n` : pretty(answer.json as unknown as OutboxShown))
    return EXIT.clean
  } catch (error) {
    if (error instanceof UsageError) throw error
    return fails(io, error instanceof NoServer ? `${error.message}; start one, or say with --admin where its operator's side is` : (error as Error).message, EXIT.internal)
  }
}

async function each(ids: readonly string[], ask: (id: string) => Promise<AdminAnswer>, done: string, asJson: boolean, io: Io): Promise<number> {
  let status: number = EXIT.clean
  const results: unknown[] = []
  for (const id of ids) {
    const answer = await ask(id)
    if (answer.status === 200) {
      results.push(answer.json)
      if (!asJson) io.stdout.write(`${id} is ${done}\n`)
    } else status = Math.max(status, fails(io, reason(answer), answer.status === 404 || answer.status === 409 ? EXIT.found : EXIT.internal))
  }
  if (asJson) io.stdout.write(`${JSON.stringify({ version: 1, items: results })}\n`)
  return status
}

function reason({ status, json }: AdminAnswer): string {
  return typeof json['detail'] === 'string' ? json['detail'] : `the server answers ${status}`
}

function fails(io: Io, text: string, status: number): number {
  io.stderr.write(`tonval outbox: ${text}\n`)
  return status
}

function pretty({ counts, held, trouble, items }: OutboxShown): string {
  const now = Date.now()
  const rows = items.map((item: ItemShown) => [item.id, item.state === 'doubt' ? 'in doubt' : item.state, item.kind, item.to, `${item.flow}: ${item.item}`, relativeTime(now - Date.parse(item.created)), item.attempts === 0 ? '' : String(item.attempts), item.why ?? ''])
  const summary = `${counts.sent} sent, ${counts.waiting + counts.sending} on the way, ${counts.failed} failed, ${counts.doubt} in doubt${counts.skipped === 0 ? '' : `, ${counts.skipped} kept back by once_per`}\n`
  const warning = trouble === undefined ? '' : `THE STORE TAKES NOTHING: ${trouble}; ${held} in memory\n`
  return `${warning}${rows.length === 0 ? '' : `${renderTable(['id', 'state', 'kind', 'to', 'item', 'age', 'attempts', 'why'], rows)}\n`}${summary}`
}
