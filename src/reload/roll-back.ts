/** An earlier version, put back where it came from: its text, the flows that it ran, the sounds that it played, its lists and tables. */
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { VersionSource } from '../check.ts'
import { nearest } from '../validate/nearest.ts'
import { atomicWrite } from '../store/atomic-write.ts'
import { listVersions, versionBefore } from '../store/list-versions.ts'
import type { Replacement } from '../store/replace-files.ts'
import type { VersionStore } from '../store/version-store.ts'
import { decode } from './edit.ts'
import { describeSound } from './read-folder.ts'
import type { Edited, EditParts, Editor } from './edit.ts'

export type RolledBack =
  | (Edited & { readonly is: 'live' } & { readonly restored: readonly string[]; readonly kept: readonly string[] })
  | Exclude<Edited, { readonly is: 'live' }>
  /** There is no such flow, or no such version. */
  | { readonly is: 'unknown'; readonly why: string }

interface Wanted {
  readonly name: string
  /** The first digits of a version are enough; undefined: the one before the live one. */
  readonly version: string | undefined
  /** Replaces what would be lost, too: it is kept in the data folder. */
  readonly force: boolean
}

interface Found {
  readonly version: string
  readonly source: VersionSource
}

/** Puts a version back into the folder of flows. Nothing that nobody has stored is lost: it is refused, or kept in the data folder. */
export async function rollBack(editor: Editor, { folder, store, live }: EditParts, data: string, wanted: Wanted): Promise<RolledBack> {
  const { name, force } = wanted
  const flows = await live()
  const versions = Object.fromEntries(flows.map(flow => [flow.name, flow.version]))
  // who only runs in other flows is heard in those
  const answering = new Set(flows.filter(flow => flow.answers).map(flow => flow.name))
  const found = await findVersion(store, data, versions, name, wanted.version)
  if ('why' in found) return { is: 'unknown', why: found.why }
  const now = await editor.onDisk(name)
  const unsaved = now !== undefined && now.tag !== versions[name] ? [`${name}.yaml`] : []
  const others: Replacement[] = []
  const taken: string[] = []
  for (const [path, file] of found.source.sounds) {
    const there = await readFile(join(folder, path)).catch(() => undefined)
    if (there !== undefined && describeSound(there).hash === file.hash) continue
    const stored = store.sound(file.hash)
    const content = stored === undefined ? undefined : await readFile(stored.path).catch(() => undefined)
    if (content === undefined) return { is: 'conflict', why: `version ${found.version} played \`${path}\`, and that recording is no longer in the data folder` }
    if (there !== undefined) {
      if (store.sound(describeSound(there).hash) === undefined) unsaved.push(path)
      taken.push(...await playedBy(store, versions, name, path, file.hash))
    }
    others.push({ path, content })
  }
  for (const [path, text] of found.source.files ?? []) {
    const there = decode(await readFile(join(folder, path)).catch(() => undefined))
    if (there === text) continue
    if (there !== undefined) {
      const using = await namedBy(store, versions, path)
      if (!using.some(one => one.text === there)) unsaved.push(path)
      taken.push(...using.filter(one => one.flow !== name && one.text !== text).map(one => one.flow))
    }
    // Excel reads the letters of a table rightly only behind a byte order mark
    others.push({ path, content: Buffer.from(path.toLowerCase().endsWith('.csv') ? `\uFEFF${text}` : text) })
  }
  for (const { name: used, text } of found.source.uses ?? []) {
    const path = `${used}.yaml`
    const there = decode(await readFile(join(folder, path)).catch(() => undefined))
    if (there === text) continue
    if (there !== undefined) {
      const using = await runBy(store, versions, used)
      if (!using.some(one => one.text === there)) unsaved.push(path)
      taken.push(...using.filter(one => one.flow !== name && one.text !== text).map(one => one.flow))
    }
    others.push({ path, content: Buffer.from(text) })
  }
  const disturbed = [...new Set(taken)].filter(flow => answering.has(flow)).sort()
  if (!force) {
    if (unsaved.length > 0) return { is: 'conflict', why: `${unsaved.map(path => `\`${path}\``).join(' and ')} ${unsaved.length === 1 ? 'holds an edit that is' : 'hold edits that are'} not live, and would be lost: save ${unsaved.length === 1 ? 'it' : 'them'} elsewhere, or use --force (a copy is kept)` }
    if (disturbed.length > 0) return { is: 'conflict', why: `${disturbed.map(flow => `\`${flow}\``).join(' and ')} would be heard otherwise too, because of files that both use: use --force if that is meant` }
  }
  let kept: readonly string[] = []
  const edited = await editor.write(name, Buffer.from(found.source.text), others, async () => {
    if ((await editor.onDisk(name))?.tag !== now?.tag) return false
    kept = await Promise.all(unsaved.map(path => keep(folder, data, path)))
    return true
  })
  return edited.is === 'live' ? { ...edited, restored: [`${name}.yaml`, ...others.map(file => file.path)], kept } : edited
}

async function findVersion(store: VersionStore, data: string, live: Readonly<Record<string, string>>, name: string, wanted: string | undefined): Promise<Found | { readonly why: string }> {
  const all = await listVersions(data, live)
  const own = all.filter(one => one.flow === name)
  if (own.length === 0) {
    const meant = nearest(name, [...new Set(all.map(one => one.flow))])
    return { why: `there is no version of a flow \`${name}\`${meant === undefined ? '' : `; did you mean \`${meant}\`?`}` }
  }
  const matching = wanted === undefined ? [versionBefore(own)].flatMap(one => one ?? []) : own.filter(one => one.version.startsWith(wanted))
  const [one] = matching
  if (one === undefined) return { why: wanted === undefined ? `there is no version of \`${name}\` before the live one` : `\`${name}\` has no version \`${wanted}\`; \`tonval versions ${name}\` lists them` }
  if (matching.length > 1) return { why: `${matching.length} versions of \`${name}\` begin with \`${wanted ?? ''}\`: write more digits` }
  const source = await store.load(one.version)
  return source === undefined ? { why: `version ${one.version} of \`${name}\` can no longer be read` } : { version: one.version, source }
}

/** Other flows that are live and play another recording under this name. */
async function playedBy(store: VersionStore, live: Readonly<Record<string, string>>, name: string, path: string, hash: string): Promise<string[]> {
  const others = await Promise.all(Object.entries(live).filter(([flow]) => flow !== name).map(async ([flow, version]) => ({ flow, source: await store.load(version) })))
  return others.filter(({ source }) => source?.sounds.some(([sound, file]) => sound === path && file.hash !== hash)).map(({ flow }) => flow)
}

/** Flows that are live and name a list or a table of this path, each with what it holds for them. */
async function namedBy(store: VersionStore, live: Readonly<Record<string, string>>, path: string): Promise<{ readonly flow: string; readonly text: string }[]> {
  const sources = await Promise.all(Object.entries(live).map(async ([flow, version]) => ({ flow, source: await store.load(version) })))
  return sources.flatMap(({ flow, source }) => (source?.files ?? []).filter(([name]) => name === path).map(([, text]) => ({ flow, text })))
}

/** The flow itself and those that are live and run it, each with its text as they have it. */
async function runBy(store: VersionStore, live: Readonly<Record<string, string>>, name: string): Promise<{ readonly flow: string; readonly text: string }[]> {
  const sources = await Promise.all(Object.entries(live).map(async ([flow, version]) => ({ flow, source: await store.load(version) })))
  return sources.flatMap(({ flow, source }) => {
    const text = flow === name ? source?.text : source?.uses?.find(used => used.name === name)?.text
    return text === undefined ? [] : [{ flow, text }]
  })
}

/** Keeps a file that is about to be replaced; gives back where. */
async function keep(folder: string, data: string, path: string): Promise<string> {
  const time = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*/, '')
  const copy = join(data, 'replaced', time, path)
  await mkdir(dirname(copy), { recursive: true })
  await atomicWrite(copy, await readFile(join(folder, path)))
  return copy
}
