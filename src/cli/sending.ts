/** What a server sends and keeps beside its answers: the store, the outbox, recordings, and the calls that are open. */
import type { Logger } from 'pino'
import { createApi } from '../carrier/api/api.ts'
import { countriesOf } from '../compile/dialable.ts'
import type { Flow } from '../compile/flow.ts'
import { callSender, smsSender } from '../outbox/by-carrier.ts'
import { mailSender } from '../outbox/by-mail.ts'
import { postKey, postSender, shownKey } from '../outbox/by-post.ts'
import { createDialGuard } from '../outbox/dial-guard.ts'
import type { DialGuard } from '../outbox/dial-guard.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { isGone, thisOwner } from '../outbox/owner.ts'
import { openReach } from '../outbox/reachable.ts'
import { createRecordings } from '../outbox/recordings.ts'
import type { Recordings } from '../outbox/recordings.ts'
import type { CallItem } from '../run/effect.ts'
import { createOpenCalls } from '../store/open-calls.ts'
import type { OpenCalls } from '../store/open-calls.ts'
import { createRecorder } from '../store/recorder.ts'
import type { CallEvent, Recorder } from '../store/recorder.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import type { OpenCall, Store } from '../store/store.ts'
import type { OutboxSettings } from './outbox-settings.ts'

interface Parts {
  /** The data folder. */
  readonly data: string
  readonly settings: OutboxSettings
  /** Hosts that may be posted to. */
  readonly hosts: readonly string[]
  readonly secret: string
  readonly log: Logger
  readonly now: () => number
  readonly live: () => ReadonlyMap<string, Flow>
  readonly publish: (event: string, data: object) => void
  readonly addresses: (item: CallItem) => { readonly voiceStart: string; readonly whenhangup: string } | undefined
  /** Told of a call whose end was never reported. */
  readonly aged: (call: OpenCall) => void
  /** Days that calls are kept on record; 0: none are. */
  readonly keepCalls: number
  readonly watched: () => boolean
  readonly told: (event: CallEvent) => void
}

export interface Sending {
  readonly store: Store
  readonly outbox: Outbox
  readonly recordings: Recordings
  readonly guard: DialGuard
  readonly calls: OpenCalls
  readonly recorder: Recorder
  /** The key that receivers of `post` check, as their libraries take it. */
  readonly postKey: string
  /** Sends what is due, within seconds, and lets go of the store. */
  stop(): Promise<void>
}

/** Starts sending: what earlier servers left behind is taken up. Throws where the data folder cannot be used. */
export async function startSending({ data, settings, hosts, secret, log, now, live, publish, addresses, aged, keepCalls, watched, told }: Parts): Promise<Sending> {
  const store = await openSqliteStore(data)
  const owner = thisOwner(now().toString(36))
  const { account } = settings
  const alarm = (text: string, what: object): void => {
    log.warn(what, text)
    publish('alarm', { at: new Date(now()).toISOString(), what: 'dial', text, ...what })
  }
  const guard = createDialGuard({ allow: allowed(settings.dialAllow, live), limits: settings.limits, alarm })
  const recordings = createRecordings({ store, account, data, keepDays: settings.keepDays, log, now, random: Math.random, owner, publish, came: () => outbox.wake() })
  const reach = openReach(hosts)
  const mail = mailSender(settings.mail, recordings)
  const api = account === undefined ? undefined : createApi(account)
  const byCarrier = { api, store, addresses }
  const key = postKey(secret)
  const outbox = createOutbox({
    store, guard, log, now, random: Math.random, owner, isGone: other => isGone(other, owner), publish,
    senders: { sms: smsSender(byCarrier), call: callSender(byCarrier), email: mail, post: postSender({ reach, recordings, key, now }) },
  })
  const recorder = createRecorder({
    store, now, keepDays: keepCalls, watched, told, failed: error => log.error(`calls are not written down: ${error.message}`),
    losing: () => log.error('the oldest steps of calls that wait to be written down are lost: the store has taken none for too long'),
  })
  const calls = createOpenCalls({ store, now, aged: call => { recorder.aged(call.id); aged(call) }, failed: error => log.error(`which calls are open is not noted down: ${error.message}`) })
  return {
    store, outbox, recordings, guard, calls, recorder, postKey: shownKey(key),
    async stop() {
      await Promise.all([outbox.stop(), recordings.stop(), calls.stop()])
      await recorder.stop()
      mail.close()
      await Promise.all([reach.close(), store.close()])
    },
  }
}

/** The beginnings of numbers that may be rung: of the settings, else the countries of the lines that the flows answer. */
function allowed(setting: readonly string[] | undefined, live: () => ReadonlyMap<string, Flow>): () => readonly string[] {
  if (setting !== undefined) return () => setting
  let of: ReadonlyMap<string, Flow> | undefined
  let countries: readonly string[] = []
  return () => {
    const flows = live()
    // made anew only when other flows are in force
    if (flows !== of) countries = countriesOf([...flows.values()].flatMap(flow => flow.numbers))
    of = flows
    return countries
  }
}
