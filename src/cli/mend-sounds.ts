/** Recordings turned into what a telephone carries best, with every flow that names them: all of it at once, or nothing. */
import { readFile, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { check } from '../check.ts'
import type { CheckSettings, SourceFile, SourceSet } from '../check.ts'
import type { Heard } from '../compile/listened.ts'
import { parse } from '../parse/parse.ts'
import type { Node } from '../parse/tree.ts'
import type { Span } from '../problem/problem.ts'
import type { Studio } from '../prompts/studio.ts'
import { describeSound } from '../reload/read-folder.ts'
import { replaceFiles } from '../store/replace-files.ts'
import type { Replacement } from '../store/replace-files.ts'
import { poorIn } from './listed-sounds.ts'

/** Samples a second between which a telephone loses and gains nothing. */
const LEAST_RATE = 8000
const MOST_RATE = 16_000

/** What was done to a recording, or why it was left alone. */
export type MendedSound =
  | { readonly file: string; readonly now: string; readonly kept: string }
  | { readonly file: string; readonly why: string }

/** Whether a recording gains by being converted. */
export function isMendable(file: string, heard: Heard): boolean {
  return heard.level > -100 && (heard.channels > 1 || heard.rate < LEAST_RATE || heard.rate > MOST_RATE || poorIn(file, heard).some(({ rule }) => rule !== 'clipped-audio'))
}

interface Converted {
  readonly file: string
  readonly now: string
  readonly kept: string
  readonly before: Buffer
  readonly bytes: Buffer
}

/**
 * Converts files of a folder. Each becomes a WAV beside the original, which is kept as `NAME.original.…`; flows and scripted
 * calls name the WAV from then on. Throws CannotReplace where the disk refuses; then nothing was changed.
 */
export async function mendSounds(set: SourceSet, files: readonly string[], { settings, studio, folder }: { readonly settings: CheckSettings; readonly studio: Pick<Studio, 'convert'>; readonly folder: string }): Promise<MendedSound[]> {
  const left: MendedSound[] = []
  const converted: Converted[] = []
  for (const file of files) {
    const one = await convertOne(file, set, studio, folder)
    if ('why' in one) left.push(one)
    else if (converted.some(({ now }) => now === one.now)) left.push({ file, why: `\`${one.now}\` would be made of two recordings: rename one of them` })
    else converted.push(one)
  }
  const ended = await endCutOff(set, converted, folder)
  if (converted.length === 0) return [...left, ...ended]
  const names = new Map(converted.flatMap(({ file, now }) => (now === file ? [] : [[file, now] as const])))
  // calls before flows: while one flow has the old name, whatever was cut off is found and finished by the next run
  const renamed = [...(set.calls ?? []), ...set.flows].flatMap(source => {
    const text = withNames(source, names)
    return text === source.text ? [] : [{ source, text }]
  })
  const why = await standsInTheWay(set, renamed, converted, settings, folder)
  if (why !== undefined) return [...left, ...ended, ...converted.map(({ file }) => ({ file, why }))]
  const replacements: Replacement[] = [
    ...converted.map(({ kept, before }) => ({ path: kept, content: before })),
    ...converted.map(({ now, bytes }) => ({ path: now, content: bytes })),
    ...await Promise.all(renamed.map(async ({ source, text }) => ({ path: basename(source.path), content: Buffer.from(`${await markOf(join(folder, basename(source.path)))}${text}`) }))),
  ]
  await replaceFiles(folder, replacements)
  // the last thing: until here, whatever is cut off leaves each name with its sound
  for (const { file, now } of converted) if (now !== file) await rm(join(folder, file), { force: true })
  return [...left, ...ended, ...converted.map(({ file, now, kept }) => ({ file, now, kept }))]
}

/** Does what is left where a run was cut off before its last step: the original goes that nobody names any more, and that is kept under its other name. */
async function endCutOff({ flows, calls, sounds }: SourceSet, converted: readonly Converted[], folder: string): Promise<MendedSound[]> {
  const named = new Set([...flows, ...(calls ?? [])].flatMap(source => sayings(source).map(({ name }) => name)))
  const ended: MendedSound[] = []
  for (const [kept, { hash }] of sounds) {
    const [, stem = '', ending = ''] = /^(.*)\.original(?:-[0-9]+)?(\.[a-z0-9]+)$/i.exec(kept) ?? []
    const [file, now] = [`${stem}${ending}`, `${stem}.wav`]
    if (stem === '' || file === now || sounds.get(file)?.hash !== hash || !sounds.has(now) || named.has(file) || !named.has(now) || converted.some(one => one.file === file)) continue
    await rm(join(folder, file), { force: true })
    ended.push({ file, now, kept })
  }
  return ended
}

async function convertOne(file: string, { sounds }: SourceSet, studio: Pick<Studio, 'convert'>, folder: string): Promise<Converted | { readonly file: string; readonly why: string }> {
  const { hash, format } = sounds.get(file) ?? {}
  if (hash === undefined || format === undefined) return { file, why: 'it cannot be played' }
  const path = join(folder, file)
  const [made, before] = [await studio.convert({ path, hash, format }), await readFile(path)]
  if ('trouble' in made) return { file, why: `it ${made.trouble}` }
  if (describeSound(before).hash !== hash) return { file, why: 'somebody changed it meanwhile' }
  const bytes = Buffer.from(made)
  const stem = file.slice(0, file.length - extname(file).length)
  const now = `${stem}.wav`
  // what stands there from a run that was cut off is the same
  const there = now === file ? undefined : await readFile(join(folder, now)).catch(() => undefined)
  if (there !== undefined && !there.equals(bytes)) return { file, why: `\`${now}\` is there already, and is another sound: rename one of them` }
  for (let count = 1; ; count++) {
    const kept = `${stem}.original${count === 1 ? '' : `-${count}`}${extname(file)}`
    const old = await readFile(join(folder, kept)).catch(() => undefined)
    if (old === undefined || old.equals(before)) return { file, now, kept, before, bytes }
  }
}

/** Whatever a file says that may be the name of a sound, and where. */
function sayings(source: SourceFile): readonly { readonly span: Span; readonly name: string }[] {
  const { tree } = parse(source.path, source.text)
  const found = new Map<number, { readonly span: Span; readonly name: string }>()
  const visit = (node: Node): void => {
    if (node.kind === 'map') for (const { value } of node.entries) visit(value)
    else if (node.kind === 'list') node.items.forEach(visit)
    else found.set(node.span.start, { span: node.span, name: node.text.replace(/^\.\//, '') })
  }
  if (tree !== undefined) visit(tree.root)
  return [...found.values()]
}

/** The text of a file with other names for sounds. */
function withNames(source: SourceFile, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return source.text
  const places = sayings(source).flatMap(({ span, name }) => { const to = names.get(name); return to === undefined ? [] : [{ span, from: name, to }] })
  return places.sort((a, b) => b.span.start - a.span.start).reduce((text, { span, from, to }) => `${text.slice(0, span.start)}${text.slice(span.start, span.end).replace(from, to)}${text.slice(span.end)}`, source.text)
}

/** Why the flows would not go on as they are; undefined where each that can be served still can, with all of its calls. */
async function standsInTheWay(set: SourceSet, renamed: readonly { readonly source: SourceFile; readonly text: string }[], converted: readonly Converted[], settings: CheckSettings, folder: string): Promise<string | undefined> {
  const texts = new Map(renamed.map(({ source, text }) => [source.path, text]))
  const put = (files: readonly SourceFile[]): SourceFile[] => files.map(file => ({ ...file, text: texts.get(file.path) ?? file.text }))
  const sounds = new Map(set.sounds)
  for (const { file, now, bytes } of converted) {
    sounds.delete(file)
    sounds.set(now, describeSound(bytes))
  }
  const after = check({ ...set, flows: put(set.flows), calls: put(set.calls ?? []), sounds }, settings)
  const lost = [...check(set, settings).served.keys()].find(name => !after.served.has(name))
  if (lost !== undefined) return `\`${lost}\` could not be mended with it: name the sound there in one way only, and try again`
  for (const { source } of renamed) {
    const text = await readFile(join(folder, basename(source.path)), 'utf8').catch(() => undefined)
    if (text?.replace(/^\uFEFF/, '') !== source.text) return `somebody changed \`${source.path}\` meanwhile`
  }
  return undefined
}

async function markOf(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).startsWith('\uFEFF') ? '\uFEFF' : ''
}
