/** A folder of flows, read: texts whole, sounds as hashes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import type { SourceFile, SourceSet } from '../check.ts'
import { BESIDE_FILE } from '../compile/beside.ts'
import type { BesideFile, SoundFile } from '../compile/context.ts'
import { looksLikeFlow } from '../lint/file-not-loaded.ts'
import { soundLength } from '../prompts/length.ts'
import { foreign, sniff } from '../prompts/sniff.ts'
import { soundHash } from '../prompts/sound-hash.ts'

/** Folders below the flows that are looked into for sounds. */
export const MOST_LEVELS = 4
export const MOST_ENTRIES = 20_000
/** Bytes. A longer flow is refused by the parser, which needs no more of it to say so. */
const MOST_TEXT = 5 * 1024 * 1024
/** Bytes of a sound that is played: half an hour of the largest that a telephone can use. */
const MOST_SOUND = 64 * 1024 * 1024
const SOUND = /\.(wav|mp3|ogg)$/i

/** Hashes by path and what stat says, so that a reload does not read sounds that did not change. */
export type SoundCache = Map<string, { readonly key: string; readonly file: SoundFile } | { readonly key: string; readonly text: string }>

/** Whether a name in the folder is a flow's: `support.yaml`, but not `support.calls.yaml` or an editor's hidden file. */
export function isFlowFile(name: string): boolean {
  return name.endsWith('.yaml') && !name.endsWith('.calls.yaml') && !name.startsWith('.') && !name.startsWith('#')
}

/** Whether a name in the folder is that of scripted calls: `support.calls.yaml`. */
export function isCallsFile(name: string): boolean {
  return name.endsWith('.calls.yaml') && !name.startsWith('.') && !name.startsWith('#')
}

/** Whether a name is that of a sound: what is in it is looked at by whoever plays it. */
export function isSoundFile(name: string): boolean {
  return SOUND.test(name) && !name.startsWith('.')
}

/** What is in a folder. Throws where the folder itself cannot be read. */
export async function readFolder(folder: string, cache: SoundCache, shown = folder): Promise<SourceSet> {
  const entries = await readdir(folder)
  const texts = (wanted: (name: string) => boolean, ending: string) => Promise.all(entries.filter(wanted).sort().map(name => readText(join(folder, name), join(shown, name), ending)))
  const flows = await texts(isFlowFile, '.yaml')
  const calls = await texts(isCallsFile, '.calls.yaml')
  const sounds = new Map<string, SoundFile>()
  const files = new Map<string, BesideFile>()
  await readBelow({ root: folder, shown, sounds, files, cache }, folder, 0)
  return { flows, calls, sounds, files, others: entries.filter(name => looksLikeFlow(name) || isCallsFile(name)).sort() }
}

async function readText(path: string, shown: string, ending: string): Promise<SourceFile> {
  const name = basename(path, ending)
  try {
    const file = await stat(path)
    if (!file.isFile()) return { name, path: shown, text: '', unreadable: 'it is a folder or a device, not a file' }
    const bytes = file.size > MOST_TEXT ? Buffer.alloc(MOST_TEXT, ' ') : await readFile(path)
    return { name, path: shown, text: bytes.toString('utf8').replace(/^\uFEFF/, '') }
  } catch (error) {
    return { name, path: shown, text: '', unreadable: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it is a link that leads nowhere' : (error as Error).message }
  }
}

interface Below {
  readonly root: string
  /** The folder as problems name it. */
  readonly shown: string
  readonly sounds: Map<string, SoundFile>
  readonly files: Map<string, BesideFile>
  readonly cache: SoundCache
}

/** Sounds, lists and tables, wherever below the folder they lie. */
async function readBelow(into: Below, folder: string, level: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries) {
    if (entry.name.startsWith('.') || into.sounds.size + into.files.size >= MOST_ENTRIES) continue
    const path = join(folder, entry.name)
    const name = relative(into.root, path).split(sep).join('/')
    try {
      if (SOUND.test(entry.name)) {
        const file = await readSound(path, into.cache)
        if (file !== undefined) into.sounds.set(name, file)
      } else if (BESIDE_FILE.test(entry.name)) into.files.set(name, await readBeside(path, join(into.shown, name), into.cache))
      else if (level < MOST_LEVELS && (entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path)).isDirectory()))) {
        await readBelow(into, path, level + 1)
      }
    } catch {
      // a sound that cannot be read is missing for whoever names it, and the flow's problem says so there
    }
  }
}

/** A list or a table; one that did not change is not read again. */
async function readBeside(path: string, shown: string, cache: SoundCache): Promise<BesideFile> {
  const key = await stat(path, { bigint: true }).then(file => `${file.dev}:${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}`, () => '')
  const known = cache.get(path)
  if (key !== '' && known?.key === key && 'text' in known) return { path: shown, text: known.text }
  const { text, unreadable } = await readText(path, shown, '')
  if (unreadable === undefined) cache.set(path, { key, text })
  return { path: shown, text, ...(unreadable === undefined ? {} : { unreadable }) }
}

async function readSound(path: string, cache: SoundCache): Promise<SoundFile | undefined> {
  const file = await stat(path, { bigint: true })
  if (!file.isFile()) return undefined
  const key = `${file.dev}:${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}`
  const known = cache.get(path)
  if (known?.key === key && 'file' in known) return known.file
  const hash = createHash('sha256')
  // what is too long is hashed as it passes by
  const kept = file.size > MOST_SOUND ? undefined : Buffer.alloc(Number(file.size))
  let size = 0
  // one that grows is read as far as it reached when it was looked at
  for await (const chunk of file.size === 0n ? [] : createReadStream(path, { end: Number(file.size) - 1 })) {
    if (kept !== undefined) (chunk as Buffer).copy(kept, size)
    size += (chunk as Buffer).length
    hash.update(chunk as Buffer)
  }
  const read = kept === undefined ? { hash: soundHash(hash), format: undefined, trouble: `has ${Math.round(size / 1024 / 1024)} MB, and sounds of up to ${MOST_SOUND / 1024 / 1024} MB are played` } : describe(soundHash(hash), kept.subarray(0, size))
  cache.set(path, { key, file: read })
  return read
}

function describe(hash: string, bytes: Buffer): SoundFile {
  const format = sniff(bytes)
  if (format === undefined) return { hash, format, trouble: foreign(bytes) }
  const seconds = soundLength(bytes, format)
  return { hash, format, ...(seconds === undefined ? {} : { seconds }) }
}

/** What a sound's bytes are to a flow. */
export function describeSound(content: Buffer): SoundFile {
  return describe(soundHash(createHash('sha256').update(content)), content)
}
