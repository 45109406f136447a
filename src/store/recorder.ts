/**
 * Calls on their way onto record: lines of what was answered, written in bundles beside the answers. Nobody waits for that.
 * Where the store takes nothing, so many wait in memory; then the oldest are lost, and it is said how many.
 */
import type { CallRecords } from './call-record.ts'
import { writeEnd, writeSound } from './call-lines.ts'
import { lineOf } from './call-steps.ts'
import type { Stepped } from './call-steps.ts'
import { createHeardSounds } from './heard-sounds.ts'

/** Milliseconds that a line may wait: with the time that the store takes, no more than 100 are lost in a crash. */
const BUNDLE = 50
/** Lines and bytes in one transaction: what a caller sends waits behind it. */
const MOST_TOGETHER = 500
const PAGE = 131_072
/** Bytes that a character takes at most. */
const WIDEST = 3
/** Lines that wait where the store takes nothing. */
const MOST_WAITING = 20_000
/** Milliseconds until a store that took nothing is tried again. */
const AGAIN = 1000
const NEWLINE = 10
const LOOK = 60_000
const DAY = 86_400_000
/** Calls that are forgotten in one transaction, and milliseconds between two of these. */
const BITE = 200
const PAUSE = 50
/** Milliseconds after its start when no request of a call can come any more: its tokens are too old. */
const OLDEST = DAY

export interface CallEnded {
  readonly state: string
  readonly seconds: number | undefined
  /** Last four digits of who answered; empty for nobody. */
  readonly answered: string
  readonly talkSeconds: number
}

/** What happened in a call, for those who watch. `at`: milliseconds since 1970. */
export interface CallEvent {
  readonly id: string
  readonly flow: string
  readonly version: string
  readonly is: 'begun' | 'step' | 'ended'
  readonly at: number
  /** Only of one that began. */
  readonly caller?: string
  readonly state?: string
  readonly event?: string
}

export interface Recorder {
  step(stepped: Stepped): void
  /** The end of a call was told; `flow` is empty where its version is not in memory. */
  over(call: { readonly id: string; readonly version: string }, flow: string, ended: CallEnded): void
  /** The end of a call was never told. */
  aged(id: string): void
  /** Lines that wait for the store, and that were lost because it took none. */
  readonly waiting: number
  readonly lost: number
  /** Writes what is left, if the store takes it. */
  stop(): Promise<void>
}

interface Parts {
  readonly store: CallRecords
  readonly now: () => number
  /** Days; 0: none are kept. */
  readonly keepDays: number
  /** Told once when the store takes nothing, and once when lines are lost because of that. */
  readonly failed: (error: Error) => void
  readonly losing: () => void
  /** Told of each, where somebody watches. */
  readonly watched: () => boolean
  readonly told: (event: CallEvent) => void
  /** Milliseconds between two looks for what is too old. */
  readonly look?: number
}

interface Chunk {
  readonly lines: number
  readonly text: string
}

export function createRecorder({ store, now, keepDays, failed, losing, watched, told, look = LOOK }: Parts): Recorder {
  const keeps = keepDays > 0
  /** The lines that wait, as bytes: strings in pieces would be carried along by the garbage collector as long as they wait. */
  const page = Buffer.allocUnsafe(PAGE)
  let written = 0
  let lines = 0
  const queue: Chunk[] = []
  let queued = 0
  let lost = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  /** The store takes nothing; it is tried again when the pause is over. */
  let isFailing = false
  let pause: NodeJS.Timeout | undefined
  let isLosing = false
  let stopped = false
  const sounds = createHeardSounds((id, sound) => add(writeSound({ id, ...sound })))

  function add(line: string): void {
    if (!keeps) return
    if (written + 1 + WIDEST * line.length > PAGE) bundle()
    if (1 + WIDEST * line.length > PAGE) queueUp(line, 1)
    else {
      if (lines > 0) page[written++] = NEWLINE
      written += page.write(line, written)
      lines++
    }
    if (lines >= MOST_TOGETHER) bundle()
    timer ??= setTimeout(due, BUNDLE).unref()
  }

  function due(): void {
    clearTimeout(timer)
    timer = undefined
    bundle()
    if (pause === undefined) writing ??= write().finally(() => { writing = undefined })
  }

  function bundle(): void {
    if (lines === 0) return
    queueUp(page.toString('utf8', 0, written), lines)
    written = lines = 0
  }

  function queueUp(text: string, count: number): void {
    queue.push({ lines: count, text })
    queued += count
    if (queued > MOST_WAITING) lose()
  }

  function lose(): void {
    while (queued > MOST_WAITING && queue.length > 0) {
      const { lines: count } = queue.shift() as Chunk
      queued -= count
      lost += count
    }
    // what describes the sounds may be among it
    sounds.forget()
    if (!isLosing) losing()
    isLosing = true
  }

  async function write(): Promise<void> {
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      try {
        await store.writeCalls(chunk.text, now())
        queued -= chunk.lines
        isFailing = isLosing = false
      } catch (error) {
        queue.unshift(chunk)
        if (!isFailing) failed(error as Error)
        isFailing = true
        if (queued > MOST_WAITING) lose()
        if (!stopped) pause = setTimeout(() => { pause = undefined; due() }, AGAIN).unref()
        return
      }
    }
  }

  async function prune(): Promise<void> {
    for (;;) {
      const gone = await store.pruneCalls(keeps ? now() - keepDays * DAY : now(), now() - OLDEST, BITE)
      if (gone < BITE || stopped) return
      await new Promise(resolve => setTimeout(resolve, PAUSE))
    }
  }

  let pruning: Promise<void> | undefined
  // that the store takes nothing is told where something is to be kept
  const looking = setInterval(() => { pruning ??= prune().catch(() => undefined).finally(() => { pruning = undefined }) }, look).unref()

  return {
    get waiting() { return queued + lines },
    get lost() { return lost },
    step(stepped) {
      const isWatched = watched()
      if (!keeps && !isWatched) return
      const at = now()
      const { line, event, at: state, caller } = lineOf(stepped, sounds, at)
      add(line)
      if (!isWatched) return
      const { flow, step: { call }, first } = stepped
      told({ id: call.id, flow: flow.name, version: flow.version, is: first === undefined ? 'step' : 'begun', at, ...(caller === '' ? {} : { caller }), state, event })
    },
    over({ id, version }, flow, { state, seconds, answered, talkSeconds }) {
      const at = now()
      add(writeEnd({ id, at, how: state === '' ? 'told' : state, seconds, answered, talk: talkSeconds }))
      if (watched()) told({ id, flow, version, is: 'ended', at })
    },
    aged(id) {
      add(writeEnd({ id, at: now(), how: 'unknown', seconds: undefined, answered: '', talk: 0 }))
    },
    async stop() {
      stopped = true
      clearInterval(looking)
      clearTimeout(timer)
      clearTimeout(pause)
      await Promise.all([writing, pruning])
      bundle()
      await write()
    },
  }
}
