/** `tonval versions`: what a flow was, and which of it answers calls. */
import { nearest } from '../validate/nearest.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command } from './io.ts'
import { readOptions } from './options.ts'
import { findStored, versionsIn } from './stored.ts'
import type { ListedVersion } from './stored.ts'
import { relativeTime, renderTable, sizeInWords } from './table.ts'

const HELP = `tonval versions: lists the versions of flows that can be gone back to

Usage: tonval versions [FLOW]

Of each flow the version that is live stands first, then those that were live last.

  --admin HOST:PORT  the running server that is asked           TONVAL_ADMIN   127.0.0.1:8047
  --data DIR         reads this data folder instead; without
                     a server and this option: \`.tonval\`        TONVAL_DATA
  --format FORMAT    table (default) or json
  -h, --help

Exit status: 0, 2 bad usage or nothing to list, 3 a fault of tonval.
`

export const versions: Command = async (args, io) => {
  const options = readOptions(args, { admin: 'text', data: 'text', format: ['table', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [name, ...rest] = options.rest
  if (rest.length > 0) throw new UsageError(`one flow at a time, and here are ${rest.length + 1}`)
  const all = await versionsIn(await findStored({ admin: options.text('admin'), data: options.text('data') }, io))
  const shown = name === undefined ? all : all.filter(one => one.flow === name)
  if (name !== undefined && shown.length === 0) {
    const meant = nearest(name, [...new Set(all.map(one => one.flow))])
    throw new UsageError(`there is no version of a flow \`${name}\`${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`)
  }
  io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify({ version: 1, versions: shown.map(inJson) })}\n` : inTable(shown, Date.now()))
  return EXIT.clean
}

function inJson({ flow, version, live, stored, firstLive, lastLive, size, started, inProgress }: ListedVersion): object {
  const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
  return { flow, version, live, stored: time(stored), firstLive: time(firstLive), lastLive: time(lastLive), size, started: started ?? null, inProgress: inProgress ?? null }
}

function inTable(rows: readonly ListedVersion[], now: number): string {
  const cells = rows.map(one => [
    one.flow, one.version, one.live ? 'live' : '', relativeTime(now - (one.firstLive ?? one.stored)),
    one.lastLive === undefined ? '' : new Date(one.lastLive).toISOString().slice(0, 16).replace('T', ' '),
    one.started === undefined ? '' : `${one.inProgress ?? 0} of ${one.started}`, sizeInWords(one.size),
  ])
  return renderTable(['flow', 'version', '', 'age', 'live since (UTC)', 'calls', 'size'], cells)
}
