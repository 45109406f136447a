/** Where the parts of a server meet: store, reload, the carrier's side and the operator's, started and stopped as one. */
import type { Socket } from 'node:net'
import { openDial, sealDial } from '../carrier/dial-token.ts'
import { createTokens } from '../carrier/recent.ts'
import { createSealer } from '../carrier/seal.ts'
import { sealedAt } from '../carrier/token.ts'
import { createKeyCheck, voiceKey } from '../carrier/voice-key.ts'
import { END } from '../compile/flow.ts'
import type { Flow } from '../compile/flow.ts'
import type { Recipe } from '../compile/recipe.ts'
import { buildConsole } from '../console/app.ts'
import { createCallEvents } from '../console/call-events.ts'
import { createDraughtsman } from '../console/draughtsman.ts'
import { createEvents } from '../console/events.ts'
import { createMetrics } from '../console/metrics.ts'
import type { Outcome } from '../console/parts.ts'
import { createPictures } from '../console/pictures.ts'
import { engineTag } from '../prompts/choose-engine.ts'
import { openStudio } from '../prompts/studio.ts'
import { openReach } from '../outbox/reachable.ts'
import { NO_ACCOUNT, NO_PUBLIC_URL } from '../outbox/sender.ts'
import { ownCount } from '../lint/own.ts'
import { createAdviser } from '../lsp/adviser.ts'
import { createChecker } from '../reload/checker.ts'
import { addToCalls } from '../reload/add-call.ts'
import { createDrafts } from '../reload/drafts.ts'
import { createEditor } from '../reload/edit.ts'
import { hintsArrive } from '../reload/hints.ts'
import { Library } from '../reload/library.ts'
import { keepVersions } from '../reload/keep-versions.ts'
import { createReloader } from '../reload/reloader.ts'
import type { Reloaded } from '../reload/reloader.ts'
import { rollBack } from '../reload/roll-back.ts'
import type { Call } from '../run/call.ts'
import { watch } from '../reload/watch.ts'
import { masked } from '../run/masked.ts'
import { loadPhoneNumbers } from '../run/phone-number.ts'
import type { World } from '../run/world.ts'
import { buildApp } from '../serve/app.ts'
import { createAskOutside } from '../serve/ask-outside.ts'
import { listVersions } from '../store/list-versions.ts'
import { readSecrets } from '../store/secret.ts'
import { openSwitchStore } from '../store/switch-store.ts'
import { openVersionStore } from '../store/version-store.ts'
import { CannotStart } from './cannot-start.ts'
import { checkSettings } from './check-settings.ts'
import { startSending } from './sending.ts'
import { endByAge } from './end-by-age.ts'
import { reloadedJson, reloadedPretty } from './reloaded.ts'
import type { Log } from './logger.ts'
import type { ServeSettings } from './settings.ts'
import { createPractice } from './practice.ts'
import { speechSettings } from './speech-settings.ts'
import { phoneLines } from './phone-line.ts'
import { createTeller } from './teller.ts'

/** Milliseconds that requests in flight may take to end once we stop; the process has a little longer. */
const MOST_STOPPING = 9000
/** Milliseconds without a draft after which the thread that checks them ends. */
const DRAFTS_IDLE = 120_000
/** States from which on a picture takes so long that it is drawn before anybody asks for it. */
const WORTH_DRAWING = 100
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

/** Starts a server; `now`: milliseconds since 1970. Throws CannotStart, with what to do, where it cannot. */
export async function startServer(settings: ServeSettings, env: Readonly<Record<string, string | undefined>>, { log, logStep, logNotice }: Log, version: string, now: () => number = Date.now): Promise<Server> {
  loadPhoneNumbers()
  const secrets = await readSecrets(settings.data, settings.secret).catch(error => { throw CannotStart.data(settings.data, error) })
  const store = await openVersionStore(settings.data).catch(error => { throw CannotStart.data(settings.data, error) })
  const switches = await openSwitchStore(settings.data, error => log.error({ err: error }, 'the switches of other servers cannot be read')).catch(error => { throw CannotStart.data(settings.data, error) })
  const checking = checkSettings({ ...env })
  const checker = createChecker(checking, { crashed: error => log.error({ err: error }, 'checking the flows broke off: it is done once more; calls go on') })
  // of its own: a reload never waits until a text that somebody is writing has been looked at
  const draftChecker = createChecker(checking, { idle: DRAFTS_IDLE })
  const speech = speechSettings(env)
  const studio = openStudio({ ...speech, data: settings.data })
  const engine = engineTag(speech)
  const practice = createPractice(studio)
  const library = new Library(async wanted => {
    const source = await store.load(wanted)
    return source === undefined ? undefined : checker.rebuild(source)
  })
  const events = createEvents(Date.now().toString(36))
  const watching = createCallEvents(events)
  const sealer = createSealer(secrets)
  const tokens = createTokens(sealer)
  const boot = now().toString(36)
  const sending = await startSending({
    data: settings.data, settings: settings.outbox, hosts: checking.hosts, secret: secrets[0] as string, log, now, live: () => library.live.flows, publish: (event, data) => events.publish(event, data),
    keepCalls: settings.keepCalls, ...watching,
    addresses: item => {
      if (settings.publicUrl === undefined) return undefined
      const token = sealDial(sealer, { flow: item.runs, with: item.with, ...(item.unanswered === undefined ? {} : { unanswered: item.unanswered }) }, now())
      return { voiceStart: `${settings.publicUrl}/voice/${item.runs}/${token}`, whenhangup: `${settings.publicUrl}/hangup/${token}` }
    },
    aged: one => {
      const { id, flow, version, server } = one
      log.warn({ call: id, flow, version }, 'the end of this call was never reported: it is taken to be over')
      if (server === boot) library.over(version)
      void endByAge(one, { tokens, library, outbox: sending.outbox, memory: sending.store, secret: secrets[0] as string, base: settings.publicUrl ?? '', log, now })
    },
  }).catch(error => { throw CannotStart.data(settings.data, error) })
  const draughtsman = createDraughtsman()
  const pictures = createPictures({ source: wanted => store.load(wanted), graph: (source, wanted) => checker.graph(source, wanted), draughtsman })
  const adviser = createAdviser(settings.folder)
  const undo = (): Promise<unknown> => Promise.all([draughtsman.close(), adviser.close(), checker.close(), draftChecker.close(), studio.close(), sending.stop()])
  const teller = createTeller({ log, data: settings.data, store, checker, usage: () => library.usage(), events })
  const told = (reloaded: Reloaded): void => {
    const flows = [...library.live.flows.values()]
    practice.warm(flows.flatMap(flow => flow.speaks ?? []))
    teller.tell(reloaded)
    if (reloaded.changed) pictures.prepare(new Map(flows.filter(flow => ownCount(flow) >= WORTH_DRAWING).map(({ name, version }) => [name, version])))
  }
  const reloader = createReloader({ folder: settings.folder, shown: settings.shown, store, checker, library, studio, told })
  let swept = Date.now
  const metrics = createMetrics({
    version, live: () => library.live.flows, refused: () => Object.keys(reloader.last?.refused ?? {}).length, usage: () => library.usage(),
    sweepAge: () => Date.now() - swept(), clients: () => events.clients,
    outbox: { ...sending, now }, recorder: sending.recorder,
  })
  let pending = 0
  let counted: Reloaded | undefined
  const reload = async (afresh?: boolean): Promise<Reloaded> => {
    pending++
    try {
      const reloaded = await reloader.reload(afresh)
      // who asks at the same time shares one
      if (reloaded !== counted) metrics.reloaded(reloaded.failed !== undefined ? 'failed' : Object.keys(reloaded.refused).length > 0 ? 'refused' : reloaded.changed ? 'changed' : 'unchanged', Date.now(), reloaded.took)
      counted = reloaded
      return reloaded
    } finally {
      pending--
    }
  }
  const first = await reload()
  if (first.failed !== undefined) {
    await undo()
    throw new CannotStart(`the flows in ${settings.folder} cannot be read or stored: ${first.failed}`)
  }
  if (settings.strict && Object.keys(first.refused).length > 0) {
    await undo()
    throw new CannotStart(`--strict: ${Object.keys(first.refused).length} of the flows must not go live`, reloadedPretty(first))
  }

  const reach = openReach(checking.hosts)
  const heard = { sounds: { sound: (hash: string) => store.sound(hash), folder: `${settings.data}/sounds` }, speech: { engine, make: (recipe: Recipe) => studio.make(recipe), isReady: practice.isOver } }
  const world = (caller: string): World => ({ switches: switches.flips, dial: { allow: sending.guard.allow, spent: sending.guard.isSpent(caller, now()) } })
  const { app, stopping } = await buildApp({
    flows: library, ...heard, tokens, isKey: createKeyCheck(secrets), log, logNotice,
    logStep: line => { logStep(line); sending.recorder.step(line) },
    publicUrl: settings.publicUrl, trustProxy: settings.trustProxy, allowFrom: settings.allowFrom, now, version,
    world, askOutside: createAskOutside(reach), countOutside: metrics.askedOutside,
    sending: {
      send: (items, caller) => sending.outbox.put(items, caller),
      openDial: token => openDial(sealer, token, now()),
      unanswered: ({ flow }) => events.publish('unanswered', { at: new Date(now()).toISOString(), flow }),
      rang: caller => void sending.guard.spend('', caller, now()),
      recorded: ({ id, address, seconds, created, call, flow }) => sending.recordings.note({ id, address, seconds, created, call: call.id, flow: flow?.name ?? '', place: placeOf(call, flow), noticed: now() }),
      memory: sending.store,
      recordings: { secrets, file: id => sending.recordings.file(id) },
      calls: {
        seen: (call, flow, token) => sending.calls.seen({ id: call.id, flow: flow.name, version: call.version, start: sealedAt(call, now()), token, server: boot }),
        over: (call, flow, { state, seconds, answeredBy, talkSeconds }) => {
          sending.calls.over(call.id)
          sending.recorder.over(call, flow?.name ?? '', { state, seconds, answered: answeredBy === '' ? '' : masked(answeredBy), talkSeconds })
        },
      },
    },
  })
  metrics.count(app.server)
  const edits = {
    folder: settings.folder, shown: settings.shown, store, checker, studio, reload, refused: () => Object.keys(reloader.last?.refused ?? {}),
    live: async () => [...library.live.flows.values()],
  }
  const editor = createEditor(edits)
  const console = await buildConsole({
    outbox: sending, againstDial: () => (settings.outbox.account === undefined ? NO_ACCOUNT : settings.publicUrl === undefined ? NO_PUBLIC_URL : undefined),
    switches: { switches, live: () => library.live.flows, now: Date.now },
    calls: { store: sending.store, live: () => library.live.flows, now },
    live: () => library.live.flows, last: () => outcome(reloader.last ?? first), pending: () => pending > 0, strict: settings.strict,
    reload: async () => { const reloaded = await reload(); return { ...outcome(reloaded), changes: await teller.changesOf(reloaded) } },
    usage: () => library.usage(), editor, drafts: createDrafts({ ...edits, checker: draftChecker }), adviser, draughtsman, compare: (before, after) => checker.diff([before], [after]), rollBack: wanted => rollBack(editor, edits, settings.data, wanted),
    versions: () => listVersions(settings.data, Object.fromEntries([...library.live.flows].map(([name, flow]) => [name, flow.version]))),
    source: wanted => store.load(wanted), events, metrics, token: settings.adminToken,
    failed: error => log.error({ err: error }, 'a request of the operator failed'),
    phone: {
      // a breaker of its own: a test that waits in vain keeps no caller from asking
      openLine: phoneLines({ flows: library, ...heard, log, version, world, askOutside: createAskOutside(reach) }),
      settings: checking,
      addCall: (flow, change) => addToCalls(edits, flow, change),
    },
    record: change => log.info(change, 'the operator asked for a change'),
    pictures: { pictures, sound: hash => store.sound(hash), sounds: `${settings.data}/sounds` },
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
    await reach.close()
    clearInterval(idle)
    clearTimeout(unused)
    clearTimeout(late)
  }
  const voice = await app.listen({ host: settings.host, port: settings.port }).catch(async error => { await Promise.all([close(), undo()]); throw CannotStart.listen(settings.host, settings.port, '--port', error) })
  const admin = await console.listen(settings.admin).catch(async error => { await Promise.all([close(), undo()]); throw CannotStart.listen(settings.admin.host, settings.admin.port, '--admin', error) })
  const watcher = watch({
    folder: settings.folder, isSeen: reloader.isSeen, changed: reload,
    failed: error => log.error({ err: error }, 'the system tells of no more changes to the flows: the disk is looked at every second all the same, and listening is tried again'),
  })
  const stopKeeping = keepVersions(store, library, error => log.error({ err: error }, 'the versions in the data folder could not be looked through'))
  const stopped = new AbortController()
  const tried = hintsArrive(settings.data, stopped.signal).then(arrive => {
    if (!arrive) log.warn('this machine tells nobody when a file changes: the flows are looked at every second')
  }, (error: unknown) => log.error({ err: error }, 'whether changes to files are told of could not be tried'))
  swept = () => watcher.health().swept

  return {
    voice, admin, first,
    live: () => library.live.flows,
    key: flow => voiceKey(secrets[0] as string, flow),
    reload,
    async stop() {
      stopping()
      stopped.abort()
      // whoever waits for a sound is told that there is none, and keeps nobody waiting
      await Promise.all([studio.close(), watcher.close(), reloader.close(), stopKeeping(), tried, close()])
      await teller.idle()
      await Promise.all([undo(), switches.close()])
    },
  }
}

function outcome(reloaded: Reloaded): Outcome {
  return { refused: reloaded.refused, problems: reloadedJson(reloaded), uses: reloaded.uses, ...(reloaded.failed === undefined ? {} : { failed: reloaded.failed }) }
}

/** The state that recorded; empty where the whole call was recorded. */
function placeOf({ state }: Call, flow: Flow | undefined): string {
  return state === END ? '' : flow?.states[state]?.name ?? String(state)
}
