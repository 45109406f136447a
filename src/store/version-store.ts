/**
 * Versions of flows by their content hash, in files: what a call in progress needs to go on after a reload, a restart
 * or a crash. Sources are kept, not compiled flows, so that a newer tonval makes them again. Several servers may share
 * the folder: a file's own time says when any of them last needed it.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionSource } from '../check.ts'
import type { SoundFile } from '../compile/context.ts'
import { soundHash } from '../prompts/sound-hash.ts'
import { SILENCE, SILENCE_FILE } from '../prompts/silence.ts'
import { atomicWrite } from './atomic-write.ts'
import { pruneVersions } from './prune-versions.ts'

const FORMATS = ['wav', 'mp3', 'ogg'] as const

export interface StoredSound {
  readonly path: string
  readonly format: NonNullable<SoundFile['format']>
}

/** The set that was live last. */
export interface LastLive {
  /** The folder that it was read from. */
  readonly folder: string
  /** Version by the flow's name. */
  readonly live: Readonly<Record<string, string>>
  /** The lines that each flow answers. */
  readonly numbers: Readonly<Record<string, readonly string[]>>
}

export interface VersionStore {
  /** Keeps a version and its sounds, copied from the folder of flows. Throws where the disk refuses, or where a sound is no longer what was hashed. */
  save(version: string, source: VersionSource, folder: string): Promise<void>
  /** The source of a version, or undefined where it was never kept or can no longer be read. */
  load(version: string): Promise<VersionSource | undefined>
  /** The file of a sound, wherever it is used; no look at the disk but for one that another server stored. */
  sound(hash: string): StoredSound | undefined
  /** The versions that were live last, by the flow's name. */
  live(): Promise<Readonly<Record<string, string>>>
  last(): Promise<LastLive>
  setLive(last: LastLive): Promise<void>
  /** Notes that calls need these versions. Call it more often than every day. */
  touch(versions: Iterable<string>): Promise<void>
  /** Removes versions that no call can refer to any more, and their sounds; how many. Those that are live are not touched. */
  prune(now: number): Promise<number>
}

/** The store in a data folder, which is made where it does not exist. Throws where that cannot be written. */
export async function openVersionStore(data: string): Promise<VersionStore> {
  const versions = join(data, 'versions')
  const sounds = join(data, 'sounds')
  await mkdir(versions, { recursive: true })
  await mkdir(sounds, { recursive: true })
  const known = new Map<string, StoredSound>()
  for (const name of await readdir(sounds)) {
    const match = /^([0-9a-f]{32})\.(wav|mp3|ogg)$/.exec(name)
    if (match !== null) known.set(match[1] as string, { path: join(sounds, name), format: match[2] as StoredSound['format'] })
  }
  const versionFile = (version: string): string => join(versions, `${version}.json`)
  /** Versions under way to the disk: of two at once with the same sound, each waits for its bytes. */
  const saving = new Map<string, Promise<void>>()

  /** Whether a file is there; if so, its time is now: whoever tidies up leaves it. */
  async function renew(path: string): Promise<boolean> {
    const now = new Date()
    return utimes(path, now, now).then(() => true, () => false)
  }

  function onDisk(hash: string): StoredSound | undefined {
    if (!/^[0-9a-f]{32}$/.test(hash)) return undefined
    for (const format of FORMATS) {
      const path = join(sounds, `${hash}.${format}`)
      if (!existsSync(path)) continue
      known.set(hash, { path, format })
      return known.get(hash)
    }
    return undefined
  }

  function saveSound(file: SoundFile, read: () => Promise<Buffer>): Promise<void> {
    const { hash, format } = file
    if (format === undefined) return Promise.resolve()
    const path = join(sounds, `${hash}.${format}`)
    const save = async (): Promise<void> => {
      if (!(await renew(path))) {
        const bytes = await read()
        if (soundHash(createHash('sha256').update(bytes)) !== hash) throw new Error('a sound changed while it was being read')
        await atomicWrite(path, bytes)
      }
      known.set(hash, { path, format })
    }
    let one = saving.get(hash)
    if (one === undefined) saving.set(hash, one = save().finally(() => saving.delete(hash)))
    return one
  }

  async function last(): Promise<LastLive> {
    try {
      const read = JSON.parse(await readFile(join(data, 'live.json'), 'utf8')) as Partial<LastLive>
      // as 0.1.0 wrote it: nothing but versions
      if (typeof read.live !== 'object') return { folder: '', live: read as unknown as Record<string, string>, numbers: {} }
      return { folder: read.folder ?? '', live: read.live, numbers: read.numbers ?? {} }
    } catch {
      return { folder: '', live: {}, numbers: {} }
    }
  }

  await saveSound(SILENCE_FILE, async () => SILENCE)

  return {
    last,
    async save(version, source, folder) {
      // also of a version that is there: its sounds may have been tidied away, and all of it is needed again
      for (const [path, file] of source.sounds) await saveSound(file, () => readFile(join(folder, path)))
      // what was made stands there since; where it does not any more, it has to be made again
      for (const [, file] of source.made ?? []) await saveSound(file, () => Promise.reject(new Error('a sound that was made for a flow is gone from the data folder')))
      if (!(await renew(versionFile(version)))) await atomicWrite(versionFile(version), JSON.stringify(source))
    },

    async load(version) {
      if (!/^[0-9a-f]{1,64}$/.test(version)) return undefined
      try {
        const source = JSON.parse(await readFile(versionFile(version), 'utf8')) as VersionSource
        await renew(versionFile(version))
        return source
      } catch {
        return undefined
      }
    },

    sound: hash => known.get(hash) ?? onDisk(hash),

    live: async () => (await last()).live,

    setLive: live => atomicWrite(join(data, 'live.json'), JSON.stringify(live)),

    async touch(used) {
      for (const version of used) await renew(versionFile(version))
    },

    async prune(now) {
      const live = new Set(Object.values((await last()).live))
      return pruneVersions({ versions, sounds, now, isLive: version => live.has(version), keepsSound: hash => hash === SILENCE_FILE.hash, gone: hash => known.delete(hash) })
    },
  }
}
