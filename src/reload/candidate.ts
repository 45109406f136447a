/** A set of files that may be taken as whole: still for a moment, read, and not changed while it was read. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { SourceSet } from '../check.ts'
import { fingerprint } from './fingerprint.ts'
import { readFolder } from './read-folder.ts'
import type { SoundCache } from './read-folder.ts'
import { writers } from './writers.ts'

/** Milliseconds. A folder must look the same for this long before it is read … */
export const QUIET = 40
/** … and is read in any case after this long; for as long, a text waits that is only the beginning of the live one. */
export const MOST_WAIT = 2000
/** Milliseconds that reading is tried again for, where files change while they are read. */
const READ_AGAIN = 500
/** How often the folder is looked at while we wait for it to stand still. */
const STEP = 15
/** A file that grows while the folder never stands still is being written: how long it is given to show it. */
const GROWS = 15

export interface Candidate {
  readonly set: SourceSet
  /** What the folder looked like when it was read; undefined where parts were left as they were, and it must be read again. */
  readonly look: string | undefined
  /** The hash of everything that was read. */
  readonly digest: string
}

export interface Candidates {
  /** The next set that can be taken as whole; after four seconds of changes without a pause, the best that there is. `afresh` reads sounds too that look unchanged. */
  take(afresh?: boolean): Promise<Candidate>
  /** Whether the folder looks like this for so many milliseconds more. */
  holds(look: string | undefined, most: number): Promise<boolean>
  /** What the folder looked like when it was last read, or could not be. */
  readonly lastLook: string | undefined
}

interface Parts {
  readonly folder: string
  /** The folder as problems name it. */
  readonly shown: string
  /** The texts of the flows in force, by name. */
  readonly live: () => ReadonlyMap<string, string>
}

export function createCandidates({ folder, shown, live }: Parts): Candidates {
  let sounds: SoundCache = new Map()
  /** Signs of writers that were there when the last set was taken: somebody's left-over lock, an editor that stays open. */
  let usual: ReadonlySet<string> = new Set()
  /** The beginnings that were waited for already: one that stays makes no later save wait. */
  let waited: ReadonlyMap<string, string> = new Map()
  let lastLook: string | undefined
  const calm = calmOf(folder, () => usual)

  async function holds(look: string | undefined, most: number): Promise<boolean> {
    let took = 0
    for (const began = performance.now(); performance.now() - began < most;) {
      await pause(stepAfter(took))
      const begun = performance.now()
      if ((await fingerprint(folder)) !== look) return false
      took = performance.now() - begun
    }
    return true
  }

  async function read(): Promise<{ readonly set: SourceSet; readonly same: boolean; readonly look: string }> {
    const look = await fingerprint(folder)
    lastLook = look
    const set = await readFolder(folder, sounds, shown)
    return { set, look, same: (await fingerprint(folder)) === look }
  }

  async function take(afresh = false): Promise<Candidate> {
    if (afresh) sounds = new Map()
    const began = performance.now()
    const spent = (): number => performance.now() - began
    for (;;) {
      const still = await calm(began + MOST_WAIT)
      const { set, look, same } = await read()
      const hasTime = spent() < 2 * MOST_WAIT
      if (!same && spent() < MOST_WAIT + READ_AGAIN) continue
      const short = beginnings(set, live())
      const isNew = [...short].some(([name, text]) => waited.get(name) !== text)
      if (isNew && hasTime && !(await holds(look, MOST_WAIT))) continue
      // the folder never stands still: what grows is being written, what has just been cut off too
      if (!still && hasTime && grows(set, (await pause(GROWS), await read()).set)) continue
      usual = await writers(folder)
      const whole = still || !isNew
      if (whole) waited = short
      const taken = whole ? set : withLive(set, short, live(), shown)
      return { set: taken, look: whole && same ? look : undefined, digest: digestOf(taken) }
    }
  }

  return { take, holds, get lastLook() { return lastLook } }
}

/** Waits until a folder stands still and nobody writes in it; false at the deadline. */
function calmOf(folder: string, usual: () => ReadonlySet<string>) {
  return async (deadline: number): Promise<boolean> => {
    let look = await fingerprint(folder)
    let since = performance.now()
    let took = 0
    while (performance.now() < deadline) {
      await pause(stepAfter(took))
      const begun = performance.now()
      const now = await fingerprint(folder)
      took = performance.now() - begun
      if (now !== look) {
        look = now
        since = performance.now()
      } else if (performance.now() - since >= QUIET && ![...(await writers(folder))].some(sign => !usual().has(sign))) return true
    }
    return false
  }
}

/** Where a look takes long, because there are many files, most of the time is left to others. */
function stepAfter(took: number): number {
  return Math.max(STEP, 3 * took)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds))
}

/** The flows of which only the beginning is there, with what is there; of a file that is gone, nothing. They were perhaps cut off to be written anew. */
function beginnings(set: SourceSet, live: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const files = new Map(set.flows.map(file => [file.name, file]))
  const found = new Map<string, string>()
  for (const [name, text] of live) {
    const file = files.get(name)
    const now = file?.text ?? ''
    if (file?.unreadable === undefined && now.length < text.length && text.startsWith(now)) found.set(name, now)
  }
  return found
}

function grows(before: SourceSet, after: SourceSet): boolean {
  const later = new Map(after.flows.map(file => [file.name, file.text]))
  return before.flows.some(({ name, text }) => {
    const now = later.get(name)
    return now !== undefined && now.length > text.length && now.startsWith(text)
  })
}

/** The set with the live texts of flows that seem to be cut off. */
function withLive(set: SourceSet, short: ReadonlyMap<string, string>, live: ReadonlyMap<string, string>, shown: string): SourceSet {
  const kept = [...short.keys()].map(name => ({ name, path: set.flows.find(file => file.name === name)?.path ?? join(shown, `${name}.yaml`), text: live.get(name) ?? '' }))
  return { ...set, flows: [...set.flows.filter(file => !short.has(file.name)), ...kept] }
}

function digestOf(set: SourceSet): string {
  const hash = createHash('sha256')
  for (const file of [...set.flows, ...(set.calls ?? [])]) hash.update(JSON.stringify([file.path, file.unreadable ?? ''])).update(file.text)
  for (const [path, file] of [...(set.files ?? [])].sort((a, b) => (a[0] < b[0] ? -1 : 1))) hash.update(JSON.stringify([path, file.unreadable ?? ''])).update(file.text)
  return hash.update(JSON.stringify([[...set.sounds].sort((a, b) => (a[0] < b[0] ? -1 : 1)), set.others])).digest('base64url')
}
