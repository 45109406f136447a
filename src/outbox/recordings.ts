/** Recordings: noted when the carrier tells of them, fetched before it drops them, kept for as long as the operator says. */
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { fetchRecording, isCarriers } from '../carrier/api/recording.ts'
import type { Account } from '../carrier/api/exchange.ts'
import { sniff } from '../prompts/sniff.ts'
import type { NewRecording, Recording, RecordingState, Store } from '../store/store.ts'
import type { StoreError } from '../store/store-error.ts'
import { backOff } from './back-off.ts'
import { createRounds } from './rounds.ts'
import { NO_ACCOUNT, UNSET } from './sender.ts'

const HOUR = 3_600_000
/** How long the carrier keeps one (facts: recordings), and when somebody is told that it is still there. */
const KEPT_THERE = 72 * HOUR
const ALARM = 48 * HOUR
/** Milliseconds between two tries, at most. */
const LONGEST = 15 * 60_000
const LEASE = 15 * 60_000
const POLL = 5000
const MOST_AT_ONCE = 2
const ID = /^[A-Za-z0-9_-]{1,100}$/

export interface RecordingsParts {
  readonly store: Store
  /** Undefined without an account with the carrier. */
  readonly account: Account | undefined
  /** The data folder. */
  readonly data: string
  readonly keepDays: number
  readonly log: Logger
  readonly now: () => number
  readonly random: () => number
  readonly owner: string
  readonly publish: (event: string, data: object) => void
  /** Told when one came, or never will: items may wait for it. */
  readonly came: () => void
}

/** A file on our disk, or why there is none. */
export type RecordingFile = { readonly path: string; readonly name: string; readonly type: string; readonly bytes: number } | { readonly forGood: boolean; readonly why: string }

export interface Recordings {
  /** Notes one that was reported; resolves when that is on the disk. Rejects with what the store says. */
  note(recording: NewRecording): Promise<void>
  file(id: string): Promise<RecordingFile>
  /** Asks the carrier anew for one that did not come. What it was before; undefined for an unknown one. */
  retry(id: string): Promise<RecordingState | undefined>
  stop(): Promise<void>
}

/** The carrier's name of a recording, in the address that it reports; undefined where there is none. */
export function recordingId(address: string): string | undefined {
  const name = /([^/?#]+?)(?:\.[A-Za-z0-9]{1,4})?(?:[?#].*)?$/.exec(address)?.[1]
  return name !== undefined && ID.test(name) ? name : undefined
}

export function createRecordings(parts: RecordingsParts): Recordings {
  const { store, account, log, now, random, owner, publish, came } = parts
  const folder = join(parts.data, 'recordings')
  const broken = new AbortController()
  let stopping = false
  let trouble = ''
  let swept = -Infinity

  const rounds = createRounds(look)

  async function look(): Promise<number> {
    try {
      await sweep()
      const due = await store.claimRecordings(owner, now(), now() + LEASE, MOST_AT_ONCE)
      await Promise.all(due.map(fetchOne))
      trouble = ''
      return due.length === MOST_AT_ONCE ? 0 : POLL
    } catch (error) {
      const { message } = error as StoreError
      if (message !== trouble) log.error(`recordings are not fetched: ${message}`)
      trouble = message
      return POLL
    }
  }

  async function fetchOne(recording: Recording): Promise<void> {
    const { id, call, flow, address, noticed, attempts } = recording
    const part = join(folder, `${id}.part`)
    const line = { recording: id, call, flow }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const fetched = account === undefined ? { is: 'again' as const, why: NO_ACCOUNT } : await fetchRecording(account, address, part, broken.signal)
    const what = fetched.is === 'here' && sniff(fetched.head) !== 'wav' ? { is: 'again' as const, why: 'what came is no WAV file' } : fetched
    if (what.is === 'here') {
      await rename(part, join(folder, `${id}.wav`))
      await store.settleRecording(id, 'here', { bytes: what.bytes })
      log.info({ ...line, bytes: what.bytes }, 'recording fetched')
      publish('recording', { at: iso(), ...line, state: 'here', bytes: what.bytes })
      came()
      return
    }
    await rm(part, { force: true })
    // the next server takes it up at once
    if (stopping) return store.settleRecording(id, 'coming', { next: now() })
    const late = now() - noticed > KEPT_THERE
    if (what.is === 'never' || late) {
      await store.settleRecording(id, 'lost', { why: what.why })
      log.error({ ...line, why: what.why }, late ? 'a recording is lost: the carrier has kept it for 72 hours, and it could not be fetched' : 'a recording is not fetched')
      publish('recording', { at: iso(), ...line, state: 'lost', why: what.why })
      came()
      return
    }
    await store.settleRecording(id, 'coming', { next: now() + (what.why === NO_ACCOUNT ? UNSET : backOff(attempts, random, LONGEST)), why: what.why })
    // once: the same again every few minutes helps nobody
    if (attempts === 1) log.warn({ ...line, why: what.why }, 'a recording could not be fetched: it is tried again')
  }

  /** What nears its end with the carrier is told; what was kept long enough is deleted. */
  async function sweep(): Promise<void> {
    for (const { id, call, flow, why } of await store.overdueRecordings(now() - ALARM)) {
      log.error({ recording: id, call, flow, why }, 'a recording has not been fetched for 48 hours: the carrier deletes it after 72')
      publish('alarm', { at: iso(), what: 'recording', recording: id, call, flow, why })
    }
    if (now() - swept < HOUR) return
    for (const id of await store.expireRecordings(now() - parts.keepDays * 24 * HOUR)) await rm(join(folder, `${id}.wav`), { force: true })
    swept = now()
  }

  async function clean(): Promise<void> {
    const names = await readdir(folder).catch(() => [])
    // a crash left them half-written; another server's are not this old
    for (const name of names.filter(one => one.endsWith('.part'))) {
      const path = join(folder, name)
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
      if (mtimeMs < Date.now() - LEASE) await rm(path, { force: true })
    }
  }

  function iso(): string {
    return new Date(now()).toISOString()
  }

  void clean().catch((error: unknown) => log.error({ err: error }, 'the folder of recordings could not be looked through')).then(rounds.ask)

  return {
    async note(recording) {
      const isNew = await store.noteRecording(recording)
      if (isNew && account !== undefined && !isCarriers(account.base, recording.address)) log.error({ recording: recording.id, call: recording.call }, 'a recording was reported at an address that is not the carrier\'s: it is not fetched')
      rounds.ask()
    },

    async file(id) {
      const known = ID.test(id) ? await store.recording(id).catch((error: unknown) => ({ trouble: (error as Error).message })) : undefined
      if (known === undefined) return { forGood: true, why: 'there is no such recording' }
      if ('trouble' in known) return { forGood: false, why: known.trouble }
      if (known.state === 'coming') return { forGood: false, why: 'the recording is still with the carrier' }
      if (known.state !== 'here') return { forGood: true, why: known.state === 'deleted' ? 'the recording was deleted: it was kept long enough' : `the recording is lost: ${known.why ?? ''}` }
      const path = join(folder, `${id}.wav`)
      const { size } = await stat(path).catch(() => ({ size: -1 }))
      return size < 0 ? { forGood: true, why: 'the file of the recording is gone' } : { path, name: `${id}.wav`, type: 'audio/wav', bytes: size }
    },

    async retry(id) {
      const was = ID.test(id) ? await store.retryRecording(id, now()) : undefined
      rounds.ask()
      return was
    },

    async stop() {
      stopping = true
      broken.abort()
      await rounds.stop()
    },
  }
}
