/**
 * Sounds that were made, in files: the bytes under their hash, where those of all versions stand, and beside them which
 * sound was made of what. Several servers may share the folder; what is lost is made again.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { soundHash } from './sound-hash.ts'

/** A sound that was made. */
export interface Made {
  readonly hash: string
  readonly format: 'wav'
  readonly seconds: number
}

export interface Cache {
  find(key: string): Promise<Made | undefined>
  keep(key: string, bytes: Buffer, seconds: number): Promise<Made>
  /** The bytes of a sound that stands here, made or recorded. */
  read(hash: string): Promise<Buffer | undefined>
}

const DAY = 24 * 3600_000
/** Milliseconds since its last use after which nobody remembers what a sound was made of. */
const KEPT = 30 * DAY

/** The cache in a data folder, which is made where it does not exist. */
export async function openCache(data: string): Promise<Cache> {
  const sounds = join(data, 'sounds')
  const spoken = join(data, 'speech')
  await mkdir(sounds, { recursive: true })
  await mkdir(spoken, { recursive: true })
  await tidy(spoken)

  return {
    async find(key) {
      try {
        const made = JSON.parse(await readFile(join(spoken, `${key}.json`), 'utf8')) as Made & { readonly size: number }
        const path = join(sounds, `${made.hash}.wav`)
        const file = await stat(path)
        if (file.size !== made.size) return undefined
        await renew(path, file.mtimeMs)
        await renew(join(spoken, `${key}.json`), file.mtimeMs)
        return { hash: made.hash, format: 'wav', seconds: made.seconds }
      } catch {
        return undefined
      }
    },

    async keep(key, bytes, seconds) {
      const made = { hash: soundHash(createHash('sha256').update(bytes)), format: 'wav' as const, seconds }
      await write(join(sounds, `${made.hash}.wav`), bytes)
      await write(join(spoken, `${key}.json`), JSON.stringify({ ...made, size: bytes.length }))
      return made
    },

    async read(hash) {
      for (const format of ['wav', 'mp3', 'ogg']) {
        const bytes = await readFile(join(sounds, `${hash}.${format}`)).catch(() => undefined)
        if (bytes !== undefined) return bytes
      }
      return undefined
    },
  }
}

/** Its time says when a sound was last used, by the day: whoever tidies up goes by it. */
export async function renew(path: string, last: number): Promise<void> {
  const now = Date.now()
  if (now - last > DAY / 4) await utimes(path, now / 1000, now / 1000)
}

/** Whole or not at all, also where the machine stops in between. */
export async function write(path: string, content: Buffer | string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** Forgets what nobody used for long. */
export async function tidy(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = await stat(join(folder, name)).catch(() => undefined)
    if (file !== undefined && Date.now() - file.mtimeMs > KEPT) await rm(join(folder, name), { force: true })
  }
}
