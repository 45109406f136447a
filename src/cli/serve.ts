/** `tonval serve`: answers calls until it is told to stop. */
import closeWithGrace from 'close-with-grace'
import { EXIT } from './io.ts'
import type { Command } from './io.ts'
import { CannotStart } from './cannot-start.ts'
import { createLog } from './logger.ts'
import type { Log } from './logger.ts'
import { reloadedPretty } from './reloaded.ts'
import { startServer } from './server.ts'
import { version } from './version.ts'
import type { Server } from './server.ts'
import { readServeSettings } from './settings.ts'
import type { ServeSettings } from './settings.ts'

/** Milliseconds that requests in flight may take to end. */
const GRACE = 10_000

const HELP = `tonval serve [DIR]

Serves the flows of DIR (default: flows) and reloads them when files change.

  --port N           the carrier's side: voice, sounds, health      TONVAL_PORT         8046
  --host ADDRESS                                                    TONVAL_HOST         0.0.0.0
  --admin HOST:PORT  the operator's side; beyond this machine it    TONVAL_ADMIN        127.0.0.1:8047
                     asks for TONVAL_ADMIN_TOKEN
  --public-url URL   how the carrier reaches this server            TONVAL_PUBLIC_URL   from each request
  --trust-proxy CIDR[,CIDR]  whose forwarded headers count          TONVAL_TRUST_PROXY  nobody's
  --allow-from CIDR[,CIDR]   who may ask; 46elks stands for the     TONVAL_ALLOW_FROM   everybody
                     carrier's published addresses
  --data DIR         versions, sounds, the secret                   TONVAL_DATA         .tonval
  --keep-recordings DAYS  then they are deleted                     TONVAL_KEEP_RECORDINGS  30
  --keep-calls DAYS  records of calls; 0: none are kept             TONVAL_KEEP_CALLS   30
  --log-level LEVEL  trace, debug, info, warn, error, fatal         TONVAL_LOG_LEVEL    info
  --strict           do not start on a flow that fails lint
  -h, --help

Also read: TONVAL_SECRET (several, comma-separated, for rotation; the first signs; default: made once and kept in
DIR), TONVAL_ADMIN_TOKEN, TONVAL_FETCH_HOSTS; ELKS_USERNAME, ELKS_PASSWORD and ELKS_API (the account with the
carrier: SMS, calls, recordings), TONVAL_SMTP_URL and TONVAL_SMTP_FROM (e-mail); TONVAL_DIAL_ALLOW,
TONVAL_DIAL_CALLER and TONVAL_DIAL_DAY (what may be rung and written, and how much);
TONVAL_TTS_COMMAND or TONVAL_TTS_URL with TONVAL_TTS_TOKEN: another speech engine than the built-in one.
Exit status: 0 after a clean stop, 2 bad usage or settings, 3 cannot start.
`

export const serve: Command = async (args, io) => {
  const settings = readServeSettings(args, io.env)
  if (settings === undefined) {
    io.stdout.write(HELP)
    return EXIT.clean
  }
  const log = createLog(settings.logLevel)
  let server: Server
  try {
    server = await startServer(settings, io.env, log, version())
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error
    log.flush()
    io.stderr.write(`${error.detail}tonval serve: ${error.message}\n`)
    return EXIT.internal
  }
  if (server.first.problems.length > 0 && io.stderr.isTTY === true) io.stderr.write(reloadedPretty(server.first))
  io.stdout.write(greeting(server, settings, version()))
  return untilStopped(server, log)
}

/** What an operator needs first: the address to give to the carrier, flow by flow. */
function greeting(server: Server, settings: ServeSettings, version: string): string {
  const base = settings.publicUrl ?? server.voice.replace('//0.0.0.0', '//localhost').replace('//[::]', '//localhost')
  const flows = [...server.live().values()].filter(flow => flow.answers).sort((a, b) => (a.name < b.name ? -1 : 1))
  const width = Math.max(0, ...flows.map(flow => flow.name.length))
  const lines = [
    `tonval ${version}: ${flows.length === 1 ? '1 flow' : `${flows.length} flows`} of ${settings.folder} ${flows.length === 1 ? 'answers' : 'answer'} calls.`,
    '',
    'Give the carrier one of these as voice_start:',
    ...flows.map(flow => `  ${flow.name.padEnd(width)}  ${base}/voice/${flow.name}?key=${server.key(flow.name)}${flow.numbers.length === 0 ? '' : `  ${flow.numbers.join(', ')}`}`),
    ...(flows.some(flow => flow.numbers.length > 0) ? [`  ${'by line'.padEnd(width)}  ${base}/voice?key=${server.key('')}`] : []),
    '',
    `Carrier's side:  ${server.voice}`,
    `Operator's side: ${server.admin}/`,
  ]
  const refused = Object.entries(server.first.refused)
  for (const [name, kept] of refused) {
    lines.push(kept === null ? `NOT SERVED: ${name}. Its file has errors; \`tonval lint\` shows them.` : `OLD VERSION: ${name}. Its file has errors; the last good version answers. \`tonval lint\` shows them.`)
  }
  if (settings.publicUrl === undefined) lines.push('The carrier must reach this server: set --public-url, or point a tunnel or a proxy at it.')
  return `${lines.join('\n')}\n`
}

function untilStopped(server: Server, { log, flush }: Log): Promise<number> {
  return new Promise(resolve => {
    const grace = closeWithGrace({ delay: GRACE, skip: ['SIGHUP'], logger: false }, async ({ err }) => {
      if (err !== undefined) log.fatal({ err }, 'this is a fault of tonval: the server stops')
      await server.stop()
      flush()
      if (err !== undefined) process.exitCode = 1
      resolve(err === undefined ? 0 : 3)
    })
    process.on('SIGHUP', () => void server.reload())
    void grace
  })
}
