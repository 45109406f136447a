/** What no call can refer to any more goes: versions by the time of their last use, then sounds that none of the rest plays. */
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionSource } from '../check.ts'

const DAY = 24 * 3600_000
/**
 * Milliseconds. Nothing goes that was used later than this. A call's tokens open for 72 hours from its start (24 for an
 * answer, 48 more for the end that the carrier repeats; recordings 72), and the start is a use; a day more is for clocks
 * that differ and for uses that are noted every few hours.
 */
export const ALWAYS_KEPT = 4 * DAY
/** A version that no call needs may still be wanted back, or be compared with: so many of the last used are kept … */
const MOST_KEPT = 1000
/** … for so long. */
const KEPT = 30 * DAY

interface Parts {
  readonly versions: string
  readonly sounds: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly isLive: (version: string) => boolean
  readonly keepsSound: (hash: string) => boolean
  /** Told of each sound before it goes. */
  readonly gone: (hash: string) => void
}

/** Removes what is too old, and says how many versions went. A file that somebody used meanwhile stays. */
export async function pruneVersions({ versions, sounds, now, isLive, keepsSound, gone }: Parts): Promise<number> {
  const ages = await agesIn(versions, now)
  let kept = 0
  let removed = 0
  for (const { name, age } of ages.sort((a, b) => a.age - b.age)) {
    const version = name.slice(0, -'.json'.length)
    const leftover = name.endsWith('.tmp')
    if (!leftover) kept++
    if (age < ALWAYS_KEPT || isLive(version)) continue
    if (!leftover && age < KEPT && kept <= MOST_KEPT) continue
    if (await removeOld(join(versions, name), now) && !leftover) removed++
  }
  const played = new Set<string>()
  for (const name of await readdir(versions)) {
    if (!name.endsWith('.json')) continue
    const text = await readFile(join(versions, name), 'utf8').catch(() => undefined)
    if (text === undefined) continue
    try {
      const { sounds, made = [] } = JSON.parse(text) as VersionSource
      for (const [, file] of [...sounds, ...made]) played.add(file.hash)
    } catch {
      // no version of ours can be read from it, and none plays a sound because of it
    }
  }
  for (const { name, age } of await agesIn(sounds, now)) {
    const hash = name.split('.')[0] as string
    if (age < ALWAYS_KEPT || played.has(hash) || keepsSound(hash)) continue
    gone(hash)
    await removeOld(join(sounds, name), now)
  }
  return removed
}

async function agesIn(folder: string, now: number): Promise<{ readonly name: string; readonly age: number }[]> {
  const found = []
  for (const name of await readdir(folder)) {
    const file = await stat(join(folder, name)).catch(() => undefined)
    if (file?.isFile() === true) found.push({ name, age: now - file.mtimeMs })
  }
  return found
}

/** Another server may have needed it while we looked at the others. */
async function removeOld(path: string, now: number): Promise<boolean> {
  const file = await stat(path).catch(() => undefined)
  if (file === undefined || now - file.mtimeMs < ALWAYS_KEPT) return false
  await rm(path, { force: true })
  return true
}
