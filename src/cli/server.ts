/** Where the parts of a server meet: store, reload, the carrier's side and the operator's, started and stopped as one. */
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import { createTokens } from '../carrier/recent.ts'
import { createSealer } from '../carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../carrier/voice-key.ts'
import type { Flow } from '../compile/flow.ts'
import { buildConsole } from '../console/app.ts'
import type { Outcome } from '../console/app.ts'
import { Places } from '../problem/findings.ts'
import { createChecker } from '../reload/checker.ts'
import { fingerprint } from '../reload/fingerprint.ts'
import { Library } from '../reload/library.ts'
import { createReloader } from '../reload/reloader.ts'
import type { Reloaded } from '../reload/reloader.ts'
import { watch } from '../reload/watch.ts'
import { buildApp } from '../serve/app.ts'
import { readSecrets } from '../store/secret.ts'
import { openSwitchStore } from '../store/switch-store.ts'
import { openVersionStore } from '../store/version-store.ts'
import { CannotStart } from './cannot-start.ts'
import { checkSettings } from './check-settings.ts'
import { reloadedJson, reloadedPretty } from './reloaded.ts'
import type { Log } from './logger.ts'
import type { ServeSettings } from './settings.ts'

/** Milliseconds that requests in flight may take to end once we stop; the process has a little longer. */
const MOST_STOPPING = 9000
/** Milliseconds after which a connection without a first byte is no caller's. */
const UNUSED = 1000

export interface Server {
  /** Addresses that were bound, as `http://host:port`. */
  readonly voice: string
  readonly admin: string
  readonly first: Reloaded
  live(): ReadonlyMap<string, Flow>
  /** The key in the `voice_start` address of a flow; of `''` for the address without a flow. */
  key(flow: string): string
  reload(): Promise<Reloaded>
  /** Stops taking calls, finishes the requests in flight. */
  stop(): Promise<void>
}

/** Starts a server. Throws CannotStart, with what to do, where it cannot. */
export async function startServer(settings: ServeSettings, env: Readonly<Record<string, string | undefined>>, { log, logStep, logNotice }: Log, version: string): Promise<Server> {
  const secrets = await readSecrets(settings.data, settings.secret).catch(error => { throw CannotStart.data(settings.data, error) })
  const store = await openVersionStore(settings.data).catch(error => { throw CannotStart.data(settings.data, error) })
  const switches = await openSwitchStore(settings.data, error => log.error({ err: error }, 'the switches of other servers cannot be read')).catch(error => { throw CannotStart.data(settings.data, error) })
  const checker = createChecker(checkSettings({ ...env }))
  const library = new Library(async wanted => {
    const source = await store.load(wanted)
    return source === undefined ? undefined : checker.rebuild(source)
  })
  const reloader = createReloader({ folder: settings.folder, shown: settings.shown, store, checker, library, told: reloaded => tell(log, reloaded) })
  const seen = await fingerprint(settings.folder)
  const first = await reloader.reload()
  if (first.failed !== undefined) {
    await checker.close()
    throw new CannotStart(`the flows in ${settings.folder} cannot be read or stored: ${first.failed}`)
  }
  if (settings.strict && Object.keys(first.refused).length > 0) {
    await checker.close()
    throw new CannotStart(`--strict: ${Object.keys(first.refused).length} of the flows must not go live`, reloadedPretty(first))
  }

  const { app, stopping } = await buildApp({
    flows: library, sounds: { sound: hash => store.sound(hash), folder: `${settings.data}/sounds` }, tokens: createTokens(createSealer(secrets)), isKey: createKeyCheck(secrets), log, logStep, logNotice,
    publicUrl: settings.publicUrl, trustProxy: settings.trustProxy, allowFrom: settings.allowFrom, now: Date.now, version,
    world: () => ({ switches: switches.flips }),
  })
  const console = await buildConsole({
    live: () => library.live.flows, last: () => outcome(reloader.last ?? first), reload: async () => outcome(await reloader.reload()), token: settings.adminToken,
    switches: { switches, live: () => library.live.flows, now: Date.now },
    failed: error => log.error({ err: error }, 'a request of the operator failed'),
  })
  const sockets = new Set<Socket>()
  app.server.on('connection', socket => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const close = async (): Promise<void> => {
    // Node lets connections stay open that were busy when we began to stop, and those that never sent a thing
    const idle = setInterval(() => app.server.closeIdleConnections(), 50)
    const unused = setTimeout(() => { for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy() }, UNUSED)
    const late = setTimeout(() => app.server.closeAllConnections(), MOST_STOPPING)
    await Promise.allSettled([app.close(), console.close()])
    clearInterval(idle)
    clearTimeout(unused)
    clearTimeout(late)
  }
  const voice = await app.listen({ host: settings.host, port: settings.port }).catch(async error => { await Promise.all([close(), checker.close()]); throw CannotStart.listen(settings.host, settings.port, '--port', error) })
  const admin = await console.listen(settings.admin).catch(async error => { await Promise.all([close(), checker.close()]); throw CannotStart.listen(settings.admin.host, settings.admin.port, '--admin', error) })
  const watcher = watch(settings.folder, seen, async () => (await reloader.reload()).failed === undefined, error => log.error({ err: error }, 'watching the flows failed; the disk is looked at every second all the same'))

  return {
    voice, admin, first,
    live: () => library.live.flows,
    key: flow => voiceKey(secrets[0] as string, flow),
    reload: () => reloader.reload(),
    async stop() {
      stopping()
      await Promise.all([watcher.close(), close()])
      await Promise.all([checker.close(), switches.close()])
    },
  }
}

function outcome(reloaded: Reloaded): Outcome {
  return { refused: reloaded.refused, problems: reloadedJson(reloaded), ...(reloaded.failed === undefined ? {} : { failed: reloaded.failed }) }
}

/** One line a reload, and one a problem: whoever saved a file learns what came of it. */
function tell(log: Logger, reloaded: Reloaded): void {
  const ms = Math.round(reloaded.took)
  if (reloaded.failed !== undefined) log.error({ failed: reloaded.failed, ms }, 'reload failed: the flows in force stay')
  for (const [name, kept] of Object.entries(reloaded.refused)) {
    log.error({ flow: name, version: kept, ms }, kept === null ? 'a flow is refused, and no earlier version of it can answer' : 'a flow is refused: its last good version still answers')
  }
  if (reloaded.failed === undefined) {
    const places = new Places(reloaded.sources)
    for (const problem of reloaded.problems) {
      const line = { code: problem.code, file: problem.file, line: places.range(problem.file, problem.span).start.line, help: problem.help }
      if (problem.severity === 'error') log.error(line, problem.message)
      else if (problem.severity === 'warning') log.warn(line, problem.message)
    }
    if (reloaded.changed) log.info({ live: reloaded.live, ms }, 'flows are live')
  }
}
