/** Notices that files changed: events wake it, what the disk looks like decides. */
import { fingerprint, identity } from './fingerprint.ts'
import { listen } from './hints.ts'
import type { Hints, Listen } from './hints.ts'

/**
 * Milliseconds between two looks at the disk without any event: some changes give none. A look costs 0.7 ms of CPU at
 * 10 files, 7 ms at 100, 20 ms at 1,000, most of it in the threads that read for us …
 */
const SWEEP = 1000
/** … and at most one part of so many of the time is spent on looking. */
const SHARE = 20
/** Milliseconds between two looks because of events. */
const SHORTEST = 10
/** Milliseconds after which everything is read and hashed again, however unchanged it looks. */
const AFRESH = 60_000
/** Milliseconds until listening is tried again after an error; doubled each time. */
const REARM = 1000
const MOST_REARM = 60_000

export interface Watcher {
  /** How the watching goes: when the disk was last looked at and last read as a whole (milliseconds since 1970), how long a look takes (milliseconds), and whether events are listened to. */
  health(): { readonly swept: number; readonly readAfresh: number; readonly took: number; readonly listening: boolean }
  /** Stops watching; a look under way ends first. */
  close(): Promise<void>
}

interface Parts {
  readonly folder: string
  /** Whether a folder that looks like this has been dealt with. */
  readonly isSeen: (look: string) => boolean
  /** Reads the folder. `afresh`: it looks unchanged, and must be read all the same. */
  readonly changed: (afresh: boolean) => Promise<unknown>
  /** Told of each failure to listen or to look; watching goes on. */
  readonly failed: (error: Error) => void
  readonly listen?: Listen
  readonly sweep?: number
  readonly afresh?: number
}

/**
 * Calls `changed` whenever the folder looks otherwise than when it was last dealt with. Events of the system are hints
 * only: a program that truncates a file and writes it a little later gives one event for two changes, a folder that is
 * a link put elsewhere gives none.
 */
export function watch({ folder, isSeen, changed, failed, listen: begin = listen, sweep = SWEEP, afresh = AFRESH }: Parts): Watcher {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let woken = false
  let swept = Date.now()
  let readAfresh = Date.now()
  let took = 0
  let hints: Hints | undefined
  let listensTo: string | undefined
  let rearm: { readonly wait: number; readonly at: number } | undefined

  function wake(): void {
    woken = true
    if (looking === undefined && !closed) later(Math.max(SHORTEST, took))
  }

  function later(wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      looking = look().catch(error => failed(error as Error)).finally(() => {
        looking = undefined
        if (!closed) later(woken ? Math.max(SHORTEST, took) : Math.max(sweep, took * SHARE))
      })
    }, wait)
  }

  async function look(): Promise<void> {
    woken = false
    await arm()
    const began = performance.now()
    const now = await fingerprint(folder)
    took = performance.now() - began
    swept = Date.now()
    const isDue = swept - readAfresh >= afresh
    if (isDue || !isSeen(now)) await changed(isDue)
    // counted from its end: what takes long must not follow upon itself
    if (isDue) readAfresh = Date.now()
  }

  /** Listens to what stands in the place of the folder now: who listens to a folder that was moved away hears nothing. */
  async function arm(): Promise<void> {
    const at = await identity(folder)
    if (hints !== undefined && rearm !== undefined && performance.now() > rearm.at + MOST_REARM) rearm = undefined
    if (closed || (at === listensTo && hints !== undefined) || (rearm !== undefined && performance.now() < rearm.at)) return
    await hints?.close()
    listensTo = at
    let ended = false
    const mine = begin(folder, wake, error => {
      if (ended || closed) return
      ended = true
      const isFirst = rearm === undefined
      const wait = Math.min((rearm?.wait ?? REARM / 2) * 2, MOST_REARM)
      rearm = { wait, at: performance.now() + wait }
      hints = undefined
      void mine.close().catch(() => undefined)
      // the same again and again is told once
      if (isFirst) failed(error)
    })
    if (!ended) hints = mine
  }

  // files may have changed since the folder was read
  later(0)
  return {
    health: () => ({ swept, readAfresh, took, listening: hints !== undefined }),
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
      await hints?.close()
    },
  }
}
