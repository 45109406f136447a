/** Listens to sound files, and keeps what was heard under the hash of their bytes: whoever starts again need not listen again. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Listened } from '../compile/listened.ts'
import { renew, tidy, write } from './cache.ts'
import { inspect } from './inspect.ts'
import { soundHash } from './sound-hash.ts'

/** Grows when the same bytes would be heard otherwise. */
const FORMAT = 1

/** A sound file that lies somewhere. */
export interface Lying {
  readonly path: string
  /** Of its bytes as they were when somebody read them. */
  readonly hash: string
  readonly format: 'wav' | 'mp3' | 'ogg'
}

/** What was heard; `passes`: it may go better at another time. */
export type MaybeListened = Listened | { readonly trouble: string; readonly passes: true }

/** Where what was heard is kept in a data folder. */
function keptAt(data: string, hash: string): string {
  return join(data, 'heard', `${hash}.json`)
}

/** What was heard of these bytes before; undefined where nobody listened. Never rejects. */
export async function heardBefore(data: string, hash: string): Promise<Listened | undefined> {
  const path = keptAt(data, hash)
  try {
    const { format, heard } = JSON.parse(await readFile(path, 'utf8')) as { readonly format: number; readonly heard: Listened }
    if (format !== FORMAT) return undefined
    await renew(path, (await stat(path)).mtimeMs)
    return heard
  } catch {
    return undefined
  }
}

/** Listens to files; `data`: the folder in which it is kept, where there is one. Never rejects. */
export async function createListener(data: string | undefined): Promise<(sound: Lying) => Promise<MaybeListened>> {
  const isKept = data !== undefined && await openFolder(join(data, 'heard'))
  return async sound => {
    const { hash, format } = sound
    const bytes = await readLying(sound, data === undefined ? undefined : join(data, 'sounds', `${hash}.${format}`))
    if (typeof bytes === 'string') return { trouble: bytes, passes: true }
    const heard = await inspect(bytes, format)
    // it was listened to; that it cannot be kept is no reason to refuse it
    if (isKept) await write(keptAt(data, hash), JSON.stringify({ format: FORMAT, heard })).catch(() => undefined)
    return heard
  }
}

/** The bytes of a sound, or why there are none. `stored`: where else they may lie. */
export async function readLying({ path, hash }: Lying, stored?: string): Promise<Buffer | string> {
  const isIt = (bytes: Buffer): boolean => soundHash(createHash('sha256').update(bytes)) === hash
  const bytes = await readFile(path).catch((error: unknown) => `cannot be read: ${(error as Error).message}`)
  if (typeof bytes !== 'string' && isIt(bytes)) return bytes
  // one that is put back from an earlier version does not lie there yet
  const before = stored === undefined ? undefined : await readFile(stored).catch(() => undefined)
  if (before !== undefined && isIt(before)) return before
  return typeof bytes === 'string' ? bytes : 'was changed while it was looked at'
}

/** A folder that cannot be written is no reason not to listen. */
async function openFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path, { recursive: true })
    await tidy(path)
    return true
  } catch {
    return false
  }
}
