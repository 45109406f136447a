/** The folders that have a file open in the editor: checked whole, with unsaved text in the place of the files on disk. */
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PublishDiagnosticsParams } from 'vscode-languageserver'
import type { TextDocument } from 'vscode-languageserver-textdocument'
import type { Checked, SourceFile, SourceSet } from '../check.ts'
import type { Problem } from '../problem/problem.ts'
import { isCallsFile, isFlowFile, readFolder } from '../reload/read-folder.ts'
import type { SoundCache } from '../reload/read-folder.ts'
import { readCallsFile } from '../simulate/read-scripts.ts'
import { diagnosticOf, uriOf } from './diagnostic.ts'
import { isForeign } from './foreign.ts'
import type { Scene, View } from './scene.ts'

/** Milliseconds without a change after which a text is checked. */
const STILL = 150

/** What an editor has open, and where what is found goes. */
export interface Outlet {
  readonly documents: () => readonly TextDocument[]
  readonly publish: (params: PublishDiagnosticsParams) => void
  readonly check: (set: SourceSet, folder: string | undefined) => Promise<Checked>
  readonly failed: (error: Error) => void
}

interface OpenFolder {
  /** Undefined for a document that stands in none, such as one that was never saved. */
  readonly folder: string | undefined
  /** Counts what changed; a check of an earlier count is thrown away. */
  changes: number
  checked: number
  timer: NodeJS.Timeout | undefined
  /** Whether scripted calls are to be held at the next check. */
  holds: boolean
  queue: Promise<void>
  readonly sounds: SoundCache
  /** What was found in scripted calls when they were held last, each with the text that they had. */
  held: ReadonlyMap<string, { readonly text: string; readonly problems: readonly Problem[] }>
  problems: readonly Problem[]
  compiled: Scene['compiled']
  views: readonly View[]
  published: ReadonlySet<string>
}

export class OpenFolders {
  readonly #outlet: Outlet
  readonly #folders = new Map<string, OpenFolder>()

  constructor(outlet: Outlet) {
    this.#outlet = outlet
  }

  /** Says that something changed: typed (`holds` false: scripted calls are read, and held again when it is saved), or opened, saved, changed on disk. */
  changed(uri: string, holds: boolean): void {
    const folder = this.#folderOf(uri)
    folder.changes++
    folder.holds ||= holds
    clearTimeout(folder.timer)
    folder.timer = setTimeout(() => void this.#enqueue(folder), holds ? 0 : STILL)
  }

  /** Says that files changed on disk. */
  changedOnDisk(): void {
    for (const document of this.#outlet.documents()) this.changed(document.uri, true)
  }

  /** Says that a document is closed; the problems of a folder without an open one are taken back. */
  closed(uri: string): void {
    const key = keyOf(uri)
    const folder = this.#folders.get(key)
    if (folder === undefined) return
    if (this.#outlet.documents().some(document => keyOf(document.uri) === key)) return this.changed(uri, true)
    clearTimeout(folder.timer)
    // whatever is still being checked is of no interest any more
    folder.changes++
    this.#folders.delete(key)
    for (const one of folder.published) this.#outlet.publish({ uri: one, diagnostics: [] })
  }

  /** The folder of a document as it is this moment; undefined for a document that is not open, or is none of ours. `fresh`: with the problems of this very text. */
  async scene(uri: string, fresh = false): Promise<Scene | undefined> {
    const folder = this.#folderOf(uri)
    if (fresh) await this.#fresh(folder)
    const set = await this.#read(folder)
    if (isForeign(set, folder.folder)) return undefined
    const views = this.#views(folder, set)
    const view = views.find(one => one.uri === uri)
    if (view === undefined) return undefined
    return {
      view, views, folder: folder.folder, sounds: [...set.sounds.keys()].sort(), files: new Set([...set.sounds.keys(), ...(set.files?.keys() ?? []), ...(set.others ?? [])]),
      ...(set.files === undefined ? {} : { beside: set.files }),
      problems: folder.problems, compiled: folder.compiled,
    }
  }

  /** The set of a document's folder with another text in its place, checked without its scripted calls. */
  async checkWith(scene: Scene, text: string): Promise<readonly Problem[]> {
    const folder = this.#folderOf(scene.view.uri)
    const set = await this.#read(folder)
    return (await this.#outlet.check({ ...set, calls: [], flows: set.flows.map(file => (file.path === scene.view.path ? { ...file, text } : file)) }, folder.folder)).problems
  }

  close(): void {
    for (const { timer } of this.#folders.values()) clearTimeout(timer)
  }

  #folderOf(uri: string): OpenFolder {
    const key = keyOf(uri)
    let folder = this.#folders.get(key)
    if (folder === undefined) {
      folder = {
        folder: pathOf(uri) === undefined ? undefined : key, changes: 0, checked: -1, timer: undefined, holds: true, queue: Promise.resolve(), sounds: new Map(),
        held: new Map(), problems: [], compiled: new Map(), views: [], published: new Set(),
      }
      this.#folders.set(key, folder)
    }
    return folder
  }

  #enqueue(folder: OpenFolder): Promise<void> {
    folder.timer = undefined
    folder.queue = folder.queue.then(() => this.#check(folder)).catch((error: unknown) => this.#outlet.failed(error instanceof Error ? error : new Error(String(error))))
    return folder.queue
  }

  /** Waits until what was checked is what stands in the editor. */
  async #fresh(folder: OpenFolder): Promise<void> {
    while (folder.checked !== folder.changes) {
      clearTimeout(folder.timer)
      await this.#enqueue(folder)
    }
  }

  async #check(folder: OpenFolder): Promise<void> {
    const { changes, holds } = folder
    if (folder.checked === changes) return
    folder.holds = false
    try {
      const set = await this.#read(folder)
      const views = this.#views(folder, set)
      const checked = isForeign(set, folder.folder) ? { problems: [], served: new Map() } : await this.#outlet.check(holds ? set : { ...set, calls: [] }, folder.folder)
      if (folder.changes !== changes) {
        // somebody typed on: the next check is on its way
        folder.holds ||= holds
        return
      }
      folder.problems = holds ? checked.problems : [...checked.problems, ...(set.calls ?? []).flatMap(file => callsProblems(file, folder.held))]
      if (holds) folder.held = new Map((set.calls ?? []).map(file => [file.path, { text: file.text, problems: checked.problems.filter(problem => problem.file === file.path) }]))
      folder.compiled = new Map([...checked.served].map(([name, { flow }]) => [name, flow]))
      this.#publish(folder, views)
    } finally {
      // a check that failed is not asked for again until something changes
      if (folder.changes === changes) folder.checked = changes
    }
  }

  #publish(folder: OpenFolder, views: readonly View[]): void {
    const byFile = new Map<string, Problem[]>(views.map(view => [view.path, []]))
    for (const problem of folder.problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem])
    const byPath = new Map(views.map(view => [view.path, view]))
    const published = new Set<string>()
    for (const [path, problems] of byFile) {
      // what lies in the folder and is no flow has no text that anybody read
      const view = byPath.get(path) ?? { uri: this.#openUri(path) ?? uriOf(path), path, flow: '', kind: 'flow' as const, text: '', version: undefined }
      if (problems.length > 0 || view.version !== undefined) published.add(view.uri)
      if (problems.length === 0 && view.version === undefined && !folder.published.has(view.uri)) continue
      this.#outlet.publish({ uri: view.uri, ...(view.version === undefined ? {} : { version: view.version }), diagnostics: problems.map(problem => diagnosticOf(problem, view, other => byPath.get(other))) })
    }
    for (const uri of folder.published) if (!published.has(uri) && !views.some(view => view.uri === uri)) this.#outlet.publish({ uri, diagnostics: [] })
    folder.published = published
  }

  #openUri(path: string): string | undefined {
    return this.#outlet.documents().find(document => pathOf(document.uri) === path)?.uri
  }

  /** What is on disk, with the open documents in their places. */
  async #read(folder: OpenFolder): Promise<SourceSet> {
    const open = this.#outlet.documents().filter(document => keyOf(document.uri) === (folder.folder ?? keyOf(document.uri)) && (folder.folder !== undefined || this.#folders.get(keyOf(document.uri)) === folder))
    const nothing: SourceSet = { flows: [], calls: [], sounds: new Map() }
    // a folder that is gone, or not yet there, holds what is open
    const set = folder.folder === undefined ? nothing : await readFolder(folder.folder, folder.sounds).catch(() => nothing)
    const files = open.map((document): SourceFile => ({ ...nameOf(document.uri), text: document.getText() }))
    const over = (onDisk: readonly SourceFile[], ours: readonly SourceFile[]): readonly SourceFile[] => [...onDisk.filter(file => !ours.some(one => one.path === file.path)), ...ours]
    const calls = files.filter(file => file.path.endsWith('.calls.yaml'))
    const flows = files.filter(file => !calls.includes(file) && (folder.folder === undefined || isFlowFile(basename(file.path))))
    const others = set.others === undefined ? {} : { others: [...new Set([...set.others, ...calls.filter(file => isCallsFile(basename(file.path))).map(file => basename(file.path))])] }
    return { ...set, flows: over(set.flows, flows), calls: over(set.calls ?? [], calls), ...others }
  }

  /** The files of a set as views; one that did not change stays the same, with what was found out about it. */
  #views(folder: OpenFolder, set: SourceSet): readonly View[] {
    const documents = new Map(this.#outlet.documents().map(document => [pathOf(document.uri) ?? document.uri, document]))
    const before = new Map(folder.views.map(view => [view.path, view]))
    const viewOf = (file: SourceFile, kind: View['kind']): View => {
      const document = documents.get(file.path)
      const view: View = { uri: document?.uri ?? uriOf(file.path), path: file.path, flow: file.name, kind, text: file.text, version: document?.version }
      const known = before.get(file.path)
      return known !== undefined && known.text === view.text && known.version === view.version && known.uri === view.uri ? known : view
    }
    folder.views = [...set.flows.map(file => viewOf(file, 'flow')), ...(set.calls ?? []).map(file => viewOf(file, 'calls'))]
    return folder.views
  }
}

/** Of scripted calls that nobody touched, what was found when they were held; of others what is wrong with them by themselves. */
function callsProblems(file: SourceFile, held: OpenFolder['held']): readonly Problem[] {
  const known = held.get(file.path)
  if (known?.text === file.text) return known.problems
  return file.unreadable === undefined ? readCallsFile(file.path, file.text).problems : []
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? join(fileURLToPath(uri)) : undefined
  } catch {
    return undefined
  }
}

/** What a document is checked with: its folder, or itself where it has none. */
function keyOf(uri: string): string {
  const path = pathOf(uri)
  return path === undefined ? uri : dirname(path)
}

function nameOf(uri: string): { readonly name: string; readonly path: string } {
  const path = pathOf(uri)
  // a document that was never saved has no name that a flow could have
  if (path === undefined) return { name: 'untitled', path: uri }
  return { name: basename(path).replace(/\.calls\.yaml$|\.yaml$/, ''), path }
}
