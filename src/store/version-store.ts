/**
 * Versions of flows by their content hash, in files: what a call in progress needs to go on after a reload, a restart
 * or a crash. Sources are kept, not compiled flows, so that a newer tonval makes them again.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionSource } from '../check.ts'
import type { SoundFile } from '../compile/context.ts'
import { soundHash } from '../prompts/sound-hash.ts'
import { SILENCE, SILENCE_FILE } from '../prompts/silence.ts'
import { atomicWrite } from './atomic-write.ts'

export interface StoredSound {
  readonly path: string
  readonly format: NonNullable<SoundFile['format']>
}

export interface VersionStore {
  /** Keeps a version and its sounds, copied from the folder of flows. Throws where the disk refuses, or where a sound is no longer what was hashed. */
  save(version: string, source: VersionSource, folder: string): Promise<void>
  /** The source of a version, or undefined where it was never kept or can no longer be read. */
  load(version: string): Promise<VersionSource | undefined>
  /** The file of a sound, wherever it is used; no look at the disk. */
  sound(hash: string): StoredSound | undefined
  /** The versions that were live last, by the flow's name. */
  live(): Promise<Readonly<Record<string, string>>>
  setLive(live: Readonly<Record<string, string>>): Promise<void>
}

/** The store in a data folder, which is made where it does not exist. Throws where that cannot be written. */
export async function openVersionStore(data: string): Promise<VersionStore> {
  const versions = join(data, 'versions')
  const sounds = join(data, 'sounds')
  await mkdir(versions, { recursive: true })
  await mkdir(sounds, { recursive: true })
  const saved = new Set((await readdir(versions)).filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length)))
  const known = new Map<string, StoredSound>()
  for (const name of await readdir(sounds)) {
    const match = /^([0-9a-f]{32})\.(wav|mp3|ogg)$/.exec(name)
    if (match !== null) known.set(match[1] as string, { path: join(sounds, name), format: match[2] as StoredSound['format'] })
  }

  async function saveSound(file: SoundFile, read: () => Promise<Buffer>): Promise<void> {
    if (file.format === undefined || known.has(file.hash)) return
    const bytes = await read()
    if (soundHash(createHash('sha256').update(bytes)) !== file.hash) throw new Error('a sound changed while it was being read')
    const path = join(sounds, `${file.hash}.${file.format}`)
    await atomicWrite(path, bytes)
    known.set(file.hash, { path, format: file.format })
  }

  await saveSound(SILENCE_FILE, async () => SILENCE)

  return {
    async save(version, source, folder) {
      if (saved.has(version)) return
      for (const [path, file] of source.sounds) await saveSound(file, () => readFile(join(folder, path)))
      await atomicWrite(join(versions, `${version}.json`), JSON.stringify(source))
      saved.add(version)
    },

    async load(version) {
      if (!/^[0-9a-f]{1,64}$/.test(version)) return undefined
      try {
        return JSON.parse(await readFile(join(versions, `${version}.json`), 'utf8')) as VersionSource
      } catch {
        return undefined
      }
    },

    sound: hash => known.get(hash),

    async live() {
      try {
        return JSON.parse(await readFile(join(data, 'live.json'), 'utf8')) as Record<string, string>
      } catch {
        return {}
      }
    },

    setLive: live => atomicWrite(join(data, 'live.json'), JSON.stringify(live)),
  }
}
