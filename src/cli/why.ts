/** `tonval why`: what happened in a call, in sentences. */
import type { TraceShown } from '../console/shapes/calls.ts'
import { adminClient, NoServer } from './admin-client.ts'
import { callStory } from './call-story.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { readOptions } from './options.ts'

const HELP = `tonval why: what a caller heard and pressed, and why the call ended where it did

Usage: tonval why CALL-ID

The id is the carrier's; \`tonval calls\` and the log show it. Times are those of the
flow's time zone. Numbers are known by their last four digits, and keys of sensitive
states not at all.

  --admin HOST:PORT  the server's operator's side    TONVAL_ADMIN    127.0.0.1:8047
  --format FORMAT    text (default) or json
  -h, --help

TONVAL_ADMIN_TOKEN is sent where it is set.
Exit status: 0, 1 there is no such call on record, 2 bad usage, 3 the server does not answer.
`

export const why: Command = async (args, io) => {
  const options = readOptions(args, { admin: 'text', format: ['text', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [id, ...rest] = options.rest
  if (id === undefined) throw new UsageError('say which call: `tonval why CALL-ID`; `tonval calls` lists them')
  if (rest.length > 0) throw new UsageError(`one call at a time, and here are ${rest.length + 1}`)
  const client = adminClient(options.text('admin'), io.env)
  try {
    const { status, json } = await client.ask('GET', `/api/calls/${encodeURIComponent(id)}`)
    if (status === 200) {
      io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify({ version: 1, call: json })}\n` : `${callStory(json as unknown as TraceShown).join('\n')}\n`)
      return EXIT.clean
    }
    const detail = typeof json['detail'] === 'string' ? json['detail'] : `the server answers ${status}`
    io.stderr.write(`tonval why: ${status === 404 ? `there is no call \`${id}\` on record at ${client.address}; records are kept for as long as \`--keep-calls\` says` : detail}\n`)
    return status === 404 ? EXIT.found : EXIT.internal
  } catch (error) {
    if (error instanceof UsageError) throw error
    io.stderr.write(`tonval why: ${error instanceof NoServer ? `${error.message}; start one, or say with --admin where its operator's side is` : (error as Error).message}\n`)
    return EXIT.internal
  }
}
