/** The versions that a data folder holds: what can be compared, and gone back to. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { VersionSource } from '../check.ts'
import { readHistory } from './live-history.ts'
import type { StoredVersion } from './stored-version.ts'

/** Files read at the same time. */
const AT_ONCE = 16

/** All of them, by flow; of each flow the live one first, then those that went live last. Empty where there is no such folder. `live`: version by flow. */
export async function listVersions(data: string, live: Readonly<Record<string, string>>): Promise<StoredVersion[]> {
  const names = (await readdir(join(data, 'versions')).catch(() => [])).filter(name => /^[0-9a-f]{1,64}\.json$/.test(name))
  const sizes = new Map<string, Promise<number>>()
  const sizeOf = (file: string): Promise<number> => {
    const known = sizes.get(file) ?? stat(join(data, 'sounds', file)).then(found => found.size, () => 0)
    sizes.set(file, known)
    return known
  }
  const times = new Map<string, { first: number; last: number }>()
  for (const { at, flow, version } of await readHistory(data)) times.set(`${flow} ${version}`, { first: times.get(`${flow} ${version}`)?.first ?? at, last: at })

  async function read(name: string): Promise<StoredVersion[]> {
    try {
      const path = join(data, 'versions', name)
      const [text, file] = await Promise.all([readFile(path, 'utf8'), stat(path)])
      const source = JSON.parse(text) as VersionSource
      const version = name.slice(0, -'.json'.length)
      const sounds = await Promise.all(source.sounds.map(([, sound]) => sizeOf(`${sound.hash}.${sound.format ?? ''}`)))
      const time = times.get(`${source.name} ${version}`)
      return [{
        flow: source.name, version, live: Object.hasOwn(live, source.name) && live[source.name] === version, stored: Math.round(file.birthtimeMs > 0 ? file.birthtimeMs : file.mtimeMs),
        ...(time === undefined ? {} : { firstLive: time.first, lastLive: time.last }), size: [source.text, ...(source.uses ?? []).map(used => used.text), ...(source.files ?? []).map(([, text]) => text)].reduce((sum, text) => sum + Buffer.byteLength(text), 0) + sounds.reduce((sum, size) => sum + size, 0),
      }]
    } catch {
      // just deleted, or written by something else: none that could be gone back to
      return []
    }
  }

  const found: StoredVersion[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) found.push(...(await Promise.all(names.slice(at, at + AT_ONCE).map(read))).flat())
  return found.sort((a, b) => (a.flow === b.flow ? Number(b.live) - Number(a.live) || (b.lastLive ?? b.stored) - (a.lastLive ?? a.stored) || (a.version < b.version ? -1 : 1) : a.flow < b.flow ? -1 : 1))
}

/** The version of a flow that went live before the live one first did; the newest where none is live; undefined where there is none. */
export function versionBefore(versions: readonly StoredVersion[]): StoredVersion | undefined {
  const began = (one: StoredVersion): number => one.firstLive ?? one.stored
  const now = versions.find(one => one.live)
  const older = versions.filter(one => !one.live && (now === undefined || began(one) < began(now)))
  return older.sort((a, b) => began(b) - began(a))[0]
}
