/** What a question of the editor is asked about: a file, and the folder that it stands in, as they are this moment. */
import { pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'
import type { Location, Range } from 'vscode-languageserver'
import type { BesideFile } from '../compile/context.ts'
import type { Flow } from '../compile/flow.ts'
import { readAnyway } from '../parse/parse.ts'
import { entryOf } from '../parse/tree.ts'
import type { Node, Tree } from '../parse/tree.ts'
import type { Problem, Span } from '../problem/problem.ts'
import { occurrencesIn } from './occurrences.ts'
import type { FileKind, Occurrence } from './occurrences.ts'

/** A file of the folder, open in the editor or not. */
export interface View {
  readonly uri: string
  /** As problems name it. */
  readonly path: string
  /** The flow that it is, or whose calls it holds. */
  readonly flow: string
  readonly kind: FileKind
  readonly text: string
  /** The editor's count of its changes; undefined for a file that is not open. */
  readonly version: number | undefined
}

export interface Scene {
  readonly view: View
  readonly views: readonly View[]
  /** Sound files by their path below the folder. */
  readonly sounds: readonly string[]
  /** Lists and tables by their path below the folder. */
  readonly beside?: ReadonlyMap<string, BesideFile>
  /** Names of all files of the folder that are no flows, and of those below it that are sounds, lists or tables. */
  readonly files: ReadonlySet<string>
  /** The folder; undefined for a document that stands in none. */
  readonly folder: string | undefined
  /** What the last check found, and the flows that it could compile. */
  readonly problems: readonly Problem[]
  readonly compiled: ReadonlyMap<string, Flow>
}

const trees = new WeakMap<View, Tree | undefined>()
const documents = new WeakMap<View, TextDocument>()
const occurrences = new WeakMap<View, readonly Occurrence[]>()

/** What can be read of a file, whatever mistakes it has. */
export function treeOf(view: View): Tree | undefined {
  if (!trees.has(view)) trees.set(view, readAnyway(view.path, view.text))
  return trees.get(view)
}

/** The file as editors count: lines and UTF-16 columns from 0. */
export function documentOf(view: View): TextDocument {
  let document = documents.get(view)
  if (document === undefined) documents.set(view, document = TextDocument.create(view.uri, 'yaml', view.version ?? 0, view.text))
  return document
}

export function rangeOf(view: View, span: Span): Range {
  const document = documentOf(view)
  return { start: document.positionAt(span.start), end: document.positionAt(Math.max(span.start, span.end)) }
}

export function locationOf(view: View, span: Span): Location {
  return { uri: view.uri, range: rangeOf(view, span) }
}

/** The view of the flow that a file is, or whose calls it holds. */
export function flowView(scene: Scene, flow = scene.view.flow): View | undefined {
  return scene.views.find(view => view.kind === 'flow' && view.flow === flow)
}

/** The value of a top-level key of a flow. */
export function topLevel(view: View | undefined, key: string): Node | undefined {
  const tree = view === undefined ? undefined : treeOf(view)
  return tree === undefined ? undefined : entryOf(tree.root, key)?.value
}

/** The keys of a top-level map of a flow. */
export function namesUnder(view: View | undefined, key: string): readonly string[] {
  const node = topLevel(view, key)
  return node?.kind === 'map' ? node.entries.map(entry => entry.key.text).filter(name => name !== 'note') : []
}

/** The names in a file, as far as it says itself what they are: see meant.ts. */
export function occurrencesOf(view: View): readonly Occurrence[] {
  const known = occurrences.get(view)
  if (known !== undefined) return known
  const tree = treeOf(view)
  const found = tree === undefined ? [] : occurrencesIn(tree, view.kind, view.flow)
  occurrences.set(view, found)
  return found
}

/** The address of a file below the folder. */
export function uriBelow(folder: string, path: string): string {
  return pathToFileURL(`${folder}/${path}`).href
}
