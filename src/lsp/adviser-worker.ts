/** The other side of adviser.ts: reads the folder, puts the text in its place, and asks what an editor would ask. */
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { CompletionItemKind } from 'vscode-languageserver'
import type { CompletionItem, Range, TextEdit } from 'vscode-languageserver'
import type { SourceFile } from '../check.ts'
import type { Explained, Offered } from '../console/shapes/drafts.ts'
import { readFolder } from '../reload/read-folder.ts'
import type { SoundCache } from '../reload/read-folder.ts'
import type { Advice, Question } from './adviser.ts'
import { complete } from './complete.ts'
import { uriOf } from './diagnostic.ts'
import { hover } from './hover.ts'
import { documentOf } from './scene.ts'
import type { Scene, View } from './scene.ts'

const KINDS: Readonly<Partial<Record<CompletionItemKind, string>>> = {
  [CompletionItemKind.Property]: 'property', [CompletionItemKind.Variable]: 'variable', [CompletionItemKind.EnumMember]: 'enum', [CompletionItemKind.Constant]: 'constant',
  [CompletionItemKind.Value]: 'constant', [CompletionItemKind.Function]: 'function', [CompletionItemKind.File]: 'file', [CompletionItemKind.Module]: 'flow',
}

const sounds: SoundCache = new Map()
/** The files as they were last asked about: one that is the same keeps what was found out about it. */
let views: readonly View[] = []

async function sceneOf({ folder, name, text }: Question): Promise<Scene> {
  const set = await readFolder(folder, sounds).catch(() => ({ flows: [], calls: [], sounds: new Map(), files: new Map(), others: [] }))
  const path = join(folder, `${name}.yaml`)
  const known = new Map(views.map(view => [view.path, view]))
  const viewOf = (file: SourceFile, kind: View['kind']): View => {
    const before = known.get(file.path)
    return before?.text === file.text ? before : { uri: uriOf(file.path), path: file.path, flow: file.name, kind, text: file.text, version: undefined }
  }
  const flows = [...set.flows.filter(file => file.path !== path), { name, path, text }]
  views = [...flows.map(file => viewOf(file, 'flow')), ...(set.calls ?? []).map(file => viewOf(file, 'calls'))]
  return {
    view: views.find(view => view.path === path) as View, views, folder, sounds: [...set.sounds.keys()].sort(), beside: set.files ?? new Map(),
    files: new Set([...set.sounds.keys(), ...(set.files?.keys() ?? []), ...(set.others ?? [])]), problems: [], compiled: new Map(),
  }
}

function offered(scene: Scene, item: CompletionItem): Offered {
  const { range, newText } = item.textEdit as TextEdit
  const { documentation: words } = item
  return {
    label: item.label, kind: KINDS[item.kind ?? CompletionItemKind.Text] ?? 'text', ...span(scene, range), insert: newText,
    ...(item.detail === undefined ? {} : { detail: item.detail }), ...(words === undefined ? {} : { words: typeof words === 'string' ? words : words.value }),
  }
}

function explained(scene: Scene, offset: number): Explained | null {
  const said = hover(scene, offset)
  if (said === undefined || said.range === undefined) return null
  return { words: (said.contents as { readonly value: string }).value, ...span(scene, said.range) }
}

function span(scene: Scene, { start, end }: Range): { from: number; to: number } {
  const document = documentOf(scene.view)
  return { from: document.offsetAt(start), to: document.offsetAt(end) }
}

async function answer(question: Question): Promise<unknown> {
  const scene = await sceneOf(question)
  if (question.ask === 'explain') return explained(scene, question.offset)
  return complete(scene, question.offset).sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1)).map(item => offered(scene, item))
}

parentPort?.on('message', (question: Question) => {
  const { id } = question
  answer(question).then((found): Advice => ({ id, answer: found }), (error: unknown): Advice => ({ id, trouble: (error as Error).stack ?? String(error) }))
    .then(advice => parentPort?.postMessage(advice)).catch((error: unknown) => { throw error })
})
