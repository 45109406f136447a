/** `tonval switch`: shows and flips the switches of a running server. */
import { userInfo } from 'node:os'
import { readDuration } from '../console/switches.ts'
import type { SwitchShown } from '../console/shapes/switches.ts'
import { EXIT, UsageError } from './io.ts'
import type { Command, Io } from './io.ts'
import { readOptions } from './options.ts'
import { readAdmin } from './settings.ts'

/** Milliseconds that a server may take. */
const PATIENCE = 10_000

const HELP = `tonval switch: shows and flips the switches of a running server

Usage: tonval switch [NAME [VALUE]]

Without NAME it shows all of them; without VALUE how one stands, and who has flipped it.
A flip is on the server's disk before this ends, and holds from the next request of a
call on; no file is edited, nothing is reloaded.

  --for TIME         then back to the default: 4h, 90m, 1h30m (default: the switch's own
                     turns_off_after)
  --by NAME          who flips it, for the record (default: who runs this)
  --admin HOST:PORT  the server's operator's side    TONVAL_ADMIN    127.0.0.1:8047
  --format FORMAT    pretty (default) or json
  -h, --help

TONVAL_ADMIN_TOKEN is sent where it is set.
Exit status: 0, 1 there is no such switch or value, 2 bad usage, 3 the server does not answer.
`

export const flipSwitch: Command = async (args, io) => {
  const options = readOptions(args, { for: 'text', by: 'text', admin: 'text', format: ['pretty', 'json'] })
  if (options.flag('help')) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const [name, value, ...more] = options.rest
  if (more.length > 0) throw new UsageError(`a switch has one value, and here is more: ${more.join(' ')}`)
  const time = options.text('for')
  if (time !== undefined && readDuration(time) === undefined) throw new UsageError(`\`--for ${time}\` is no time such as 4h, 90m or 1h30m`)
  if (value === undefined && (time !== undefined || options.text('by') !== undefined)) throw new UsageError('`--for` and `--by` go with a value: `tonval switch NAME VALUE --for 4h`')
  const flagged = options.text('admin')
  const { host, port } = readAdmin(flagged !== undefined ? { text: flagged, from: '--admin' } : { text: io.env['TONVAL_ADMIN'], from: 'TONVAL_ADMIN' })
  const base = `http://${host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host}:${port}/api/switches`
  const asked = value === undefined ? await ask(base, io) : await ask(`${base}/${encodeURIComponent(name as string)}`, io, { value, by: options.text('by') ?? whoRuns(io), ...(time === undefined ? {} : { for: time }) })
  if ('trouble' in asked) {
    io.stderr.write(`tonval switch: ${asked.trouble}\n`)
    return asked.status
  }
  const all = asked.switch === undefined ? (asked.switches ?? []) : [asked.switch]
  const wanted = name === undefined ? all : all.filter(one => one.name === name)
  if (name !== undefined && wanted.length === 0) {
    io.stderr.write(`tonval switch: no flow in force has a switch \`${name}\`${all.length === 0 ? '' : `; there are ${all.map(one => one.name).join(', ')}`}\n`)
    return EXIT.found
  }
  io.stdout.write(options.text('format') === 'json' ? `${JSON.stringify({ version: 1, switches: wanted })}\n` : pretty(wanted, name !== undefined))
  return EXIT.clean
}

interface Reply {
  readonly switches?: readonly SwitchShown[]
  readonly switch?: SwitchShown
}

/** Asks the running server; in words where it refuses or does not answer. */
async function ask(address: string, { env }: Io, body?: object): Promise<Reply | { readonly trouble: string; readonly status: number }> {
  const token = env['TONVAL_ADMIN_TOKEN']
  const headers = { ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  try {
    const response = await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE), ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }) })
    const reply = await response.json() as Reply & { readonly detail?: string; readonly title?: string }
    if (response.ok) return reply
    return { trouble: reply.detail ?? reply.title ?? `the server answers ${response.status}`, status: response.status === 404 || response.status === 422 ? EXIT.found : EXIT.internal }
  } catch (error) {
    const { cause, message } = error as Error
    return { trouble: `no tonval server answers at ${new URL(address).origin} (${cause instanceof Error ? cause.message : message}); start one, or say with --admin where its operator's side is`, status: EXIT.internal }
  }
}

function whoRuns({ env }: Io): string {
  try {
    return userInfo().username
  } catch {
    // a container may know no name for its user
    return env['USER'] ?? 'command line'
  }
}

/** A line a switch; of one alone also its record. Times are those of this machine. */
function pretty(switches: readonly SwitchShown[], alone: boolean): string {
  if (switches.length === 0) return 'no flow in force has a switch\n'
  const width = (of: (one: SwitchShown) => string): number => Math.max(...switches.map(one => of(one).length))
  const [names, values] = [width(one => one.name), width(one => one.value)]
  return switches.map(one => {
    const until = one.until === undefined ? '' : `, until ${local(one.until)}`
    const line = `${one.name.padEnd(names)}  ${one.value.padEnd(values)}  ${one.label}${until}`.trimEnd()
    const about = [`  one of ${one.choices.join(', ')}; default ${one.default}; in ${one.flows.join(', ')}`, ...one.record.map(({ at, by, value, until: end }) => `  ${local(at)}  ${value}  by ${by}${end === undefined ? '' : `, until ${local(end)}`}`)]
    return alone ? [line, ...about].join('\n') : line
  }).join('\n') + '\n'
}

function local(time: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' }).format(new Date(time))
}
