/** Edits that come through us: checked with the whole folder first, and only then written, whole and at once. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sourcesOf } from '../check.ts'
import type { Checked, SourceSet, VersionSource } from '../check.ts'
import { BESIDE_FILE } from '../compile/beside.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import type { LiveFlow } from '../lint/lines.ts'
import type { Findings } from '../problem/findings.ts'
import { CannotReplace, replaceFiles } from '../store/replace-files.ts'
import type { Replacement } from '../store/replace-files.ts'
import type { Studio } from '../prompts/studio.ts'
import { checkWithSounds } from './check-with-sounds.ts'
import type { VersionStore } from '../store/version-store.ts'
import type { Checker } from './checker.ts'
import { describeSound, readFolder } from './read-folder.ts'

/** What became of an edit. */
export type Edited =
  | { readonly is: 'live'; readonly version: string; readonly before: string | undefined; readonly changes: readonly FlowChange[] }
  /** Nothing was written: what lint says of the edit. */
  | { readonly is: 'refused'; readonly findings: Findings }
  /** Nothing was written: it was made on top of something else than what is there. */
  | { readonly is: 'mismatch'; readonly why: string }
  /** Nothing was written: something in the folder stands in its way. */
  | { readonly is: 'conflict'; readonly why: string }
  /** It was written, and the server could not take it. */
  | { readonly is: 'failed'; readonly why: string }

export interface LiveVersion {
  readonly name: string
  readonly version: string
  readonly numbers: readonly string[]
  /** Whether calls begin in it, and not only in flows that run it. */
  readonly answers: boolean
}

/** A flow's file as it is on the disk. */
export interface OnDisk {
  readonly text: string
  /** The version that is live, where the file holds just that; else one that only this text has. */
  readonly tag: string
}

export interface EditParts {
  readonly folder: string
  /** The folder as problems name it. */
  readonly shown: string
  readonly store: VersionStore
  readonly checker: Checker
  readonly studio: Pick<Studio, 'make' | 'listen'>
  /** The flows as calls are answered now. */
  readonly live: () => Promise<readonly LiveVersion[]>
  /** Flows that are refused already: an edit is not to blame for them. */
  readonly refused: () => readonly string[]
  /** Takes what is in the folder; gives back what is live then. */
  readonly reload: () => Promise<{ readonly live: Readonly<Record<string, string>>; readonly failed?: string }>
}

export interface Editor {
  /** Undefined where the flow has no file that can be read. */
  onDisk(name: string): Promise<OnDisk | undefined>
  /** Puts a text in the place of a flow's file. `tags`: what it was made of, one of them; undefined: it is to be new. */
  put(name: string, content: Buffer, tags: readonly string[] | undefined): Promise<Edited>
  /** Checks and writes: a text, and other flows, sounds, lists and tables below the folder. `unchanged` is asked once more before anything is written. */
  write(name: string, content: Buffer, others: readonly Replacement[], unchanged: () => Promise<boolean>): Promise<Edited>
  /** Runs one edit after the other. */
  alone<T>(edit: () => Promise<T>): Promise<T>
}

const TAG_LENGTH = 20

/** The editor of a folder of flows. */
export function createEditor(parts: EditParts): Editor {
  const { folder, shown, store, checker, studio } = parts
  let last: Promise<unknown> = Promise.resolve()

  async function onDisk(name: string): Promise<OnDisk | undefined> {
    const text = decode(await readFile(join(folder, `${name}.yaml`)).catch(() => undefined))
    if (text === undefined) return undefined
    const live = await liveSource(name)
    return { text, tag: live?.source.text === text ? live.version : `text-${createHash('sha256').update(text).digest('hex').slice(0, TAG_LENGTH)}` }
  }

  async function liveSource(name: string): Promise<{ version: string; source: VersionSource } | undefined> {
    const version = (await parts.live()).find(flow => flow.name === name)?.version
    const source = version === undefined ? undefined : await store.load(version)
    return version === undefined || source === undefined ? undefined : { version, source }
  }

  async function put(name: string, content: Buffer, tags: readonly string[] | undefined): Promise<Edited> {
    const now = await onDisk(name)
    if (tags === undefined && now !== undefined) return { is: 'mismatch', why: `the flow \`${name}\` exists: read it first, and send its ETag as If-Match` }
    if (tags !== undefined && now === undefined) return { is: 'mismatch', why: `the flow \`${name}\` has no file: to make one, send \`If-None-Match: *\` instead` }
    if (tags !== undefined && now !== undefined && !tags.includes(now.tag)) {
      const live = (await liveSource(name))?.version
      if (live !== undefined && tags.includes(live)) return { is: 'conflict', why: `the file of \`${name}\` holds an edit that is not live: somebody saved it meanwhile, or it was refused. Read the flow again, and send its ETag` }
      return { is: 'mismatch', why: `\`${name}\` is not what it was when you read it: read it again, and send its ETag` }
    }
    return write(name, content, [], async () => (await onDisk(name))?.tag === now?.tag)
  }

  async function write(name: string, content: Buffer, others: readonly Replacement[], unchanged: () => Promise<boolean>): Promise<Edited> {
    const text = decode(content) as string
    const { set, checked } = await checkWithSounds({ ...(await edited(name, text, others)), live: await liveFlows() }, checker, studio, folder)
    const before = parts.refused()
    const broken = checked.refused.filter(one => one === name || !before.includes(one))
    if (broken.length > 0) return { is: 'refused', findings: findingsOf(set, checked, broken) }
    const served = checked.served.get(name)
    if (served === undefined) return { is: 'conflict', why: `\`${name}\` cannot be served` }
    const old = await liveSource(name)
    if (!(await unchanged())) return { is: 'conflict', why: `the file of \`${name}\` was changed while your edit was being checked: read it again` }
    try {
      await replaceFiles(folder, [...others, { path: `${name}.yaml`, content }])
    } catch (error) {
      if (error instanceof CannotReplace) return { is: 'conflict', why: error.message }
      throw error
    }
    const { live, failed } = await parts.reload()
    if (failed !== undefined) return { is: 'failed', why: failed }
    if (!Object.hasOwn(live, name) || live[name] !== served.flow.version) return { is: 'conflict', why: `your edit was written, and then another one changed the files of \`${name}\`: what is live now is ${Object.hasOwn(live, name) ? String(live[name]) : 'nothing'}` }
    const changes = old?.version === served.flow.version ? [] : await checker.diff(old === undefined ? [] : [old.source], [served.source])
    return { is: 'live', version: served.flow.version, before: old?.version, changes }
  }

  /** The folder as it would be. */
  async function edited(name: string, text: string, others: readonly Replacement[]): Promise<SourceSet> {
    const set = await readFolder(folder, new Map(), shown)
    const heard = new Map(set.sounds)
    const files = new Map(set.files)
    const flows = new Map(set.flows.map(flow => [flow.name, flow]))
    const put = (flow: string, written: string): void => void flows.set(flow, { name: flow, path: join(shown, `${flow}.yaml`), text: written })
    put(name, text)
    for (const { path, content } of others) {
      if (path.endsWith('.yaml')) put(basename(path, '.yaml'), decode(content) ?? '')
      else if (BESIDE_FILE.test(path)) files.set(path, { path: join(shown, path), text: decode(content) ?? '' })
      else heard.set(path, describeSound(content))
    }
    return { ...set, flows: [...flows.values()], sounds: heard, files }
  }

  async function liveFlows(): Promise<LiveFlow[]> {
    const found = await Promise.all((await parts.live()).map(async ({ name, version, numbers }) => ({ name, version, numbers, source: await store.load(version) })))
    return found.flatMap(({ name, version, numbers, source }) => (source === undefined ? [] : [{ name, version, numbers, path: source.path, text: source.text }]))
  }

  return {
    onDisk, put, write,
    alone(edit) {
      const next = last.then(edit, edit)
      last = next.catch(() => undefined)
      return next
    },
  }
}

/** A file's text. */
export function decode(content: Buffer | undefined): string | undefined {
  return content?.toString('utf8').replace(/^\uFEFF/, '')
}

/** What `tonval lint` would say of these flows and their scripted calls. */
export function findingsOf(set: SourceSet, checked: Checked, names: readonly string[]): Findings {
  const besides = [...checked.beside].filter(([, flows]) => flows.some(flow => names.includes(flow))).map(([path]) => path)
  // of flows that use each other, the mistake may stand in either
  const uses = (one: string, other: string): boolean => checked.uses.get(one)?.includes(other) === true
  const all = [...names, ...checked.refused.filter(name => !names.includes(name) && names.some(one => uses(one, name) || uses(name, one)))]
  const files = [...[...set.flows, ...(set.calls ?? [])].filter(file => all.includes(file.name)).map(file => file.path), ...besides].sort()
  const states = all.reduce((sum, name) => sum + (checked.states.get(name) ?? 0), 0)
  return {
    problems: checked.problems.filter(problem => files.includes(problem.file) && problem.severity !== 'info'),
    sources: sourcesOf(set), checked: { files, states },
  }
}
