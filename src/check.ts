/**
 * The one front door: a set of files in; what can be served, and the problems, out. Start, reload, `tonval lint`, the
 * console and editors all ask here, so they cannot disagree.
 */
import { createHash } from 'node:crypto'
import { compareProblems } from './problem/problem.ts'
import type { Problem } from './problem/problem.ts'
import { parse } from './parse/parse.ts'
import type { Tree } from './parse/tree.ts'
import type { FlowDocument } from './validate/document.ts'
import { nearest } from './validate/nearest.ts'
import { validate } from './validate/validate.ts'
import { compile } from './compile/compile.ts'
import type { Compiled } from './compile/compile.ts'
import type { BesideFile, SoundFile, Surroundings } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import { holdCalls } from './simulate/hold-calls.ts'
import { readCallsFile } from './simulate/read-scripts.ts'
import type { Held } from './simulate/simulate.ts'
import { lint, lintFile } from './lint/lint.ts'
import { PAGES } from './lint/pages.ts'
import { conflictingSwitches } from './lint/conflicting-switch.ts'
import { numbersUsedTwice } from './lint/numbers-used-twice.ts'
import { fileNotLoaded, looksLikeFlow } from './lint/file-not-loaded.ts'
import { explainInvisible } from './lint/rules/invisible-character.ts'
import { silence } from './lint/silence.ts'

/** Part of every version: what the words of a flow mean. It grows when an old file would be answered differently. */
const LANGUAGE = 1
/** Hex digits of a version: 80 bits of its content's SHA-256. */
const VERSION_LENGTH = 20

export interface SourceFile {
  /** The flow's name: the file's, without `.yaml`, or without `.calls.yaml`. */
  readonly name: string
  /** As problems name it. */
  readonly path: string
  readonly text: string
  /** Why the file could not be read, in words. */
  readonly unreadable?: string
}

/** A folder of flows, read. */
export interface SourceSet {
  readonly flows: readonly SourceFile[]
  /** Scripted calls, each file with the name of its flow; left out, no call is held. */
  readonly calls?: readonly SourceFile[]
  /** Sound files by their path below the folder. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** Lists and tables by their path below the folder. */
  readonly files?: ReadonlyMap<string, BesideFile>
  /** Names of all other files that lie beside the flows; undefined where nobody looked. */
  readonly others?: readonly string[]
}

/** What decides beside the files. */
export interface CheckSettings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly hosts: readonly string[]
  readonly silence: SoundFile
}

/** A flow that may answer calls, with everything that it was made of, so that it can be made again. */
export interface Served {
  readonly flow: Flow
  readonly source: VersionSource
}

export interface VersionSource {
  readonly language: number
  readonly name: string
  readonly path: string
  readonly text: string
  readonly sounds: readonly (readonly [path: string, file: SoundFile])[]
  /** The texts of the lists and tables that it names, where it names some. */
  readonly files?: readonly (readonly [path: string, text: string])[]
}

export interface Checked {
  /** Flows without an error, by name. */
  readonly served: ReadonlyMap<string, Served>
  /** Names of flows that must not go live. */
  readonly refused: readonly string[]
  /** Lists and tables that flows name, as problems name them, each with the flows. */
  readonly beside: ReadonlyMap<string, readonly string[]>
  /** How many states each file's flow has, by name; nothing for a file that could not be read as one. */
  readonly states: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** What of a set of files can be served, and what is wrong with the rest. */
export function check(set: SourceSet, settings: CheckSettings): Checked {
  const { held: _held, sound: _sound, ...checked } = checkCalls(set, settings)
  return checked
}

/** What `tonval test` asks for beside. */
export interface CheckedCalls extends Checked {
  /** Every scripted call that was held, whether it went as written or not. */
  readonly held: readonly Held[]
  /** Flows without an error of their own, whatever their calls say. */
  readonly sound: readonly Flow[]
}

/** The same, with what became of every scripted call. */
export function checkCalls(set: SourceSet, settings: CheckSettings): CheckedCalls {
  const read = [...set.flows].sort(byName).map(file => readFlow(file, set, settings))
  const numbers = new Set(read.flatMap(one => one.compiled?.flow.numbers ?? []))
  const ofFlows = notLoaded(set)
  const served = new Map<string, Served>()
  const trees = new Map<string, Tree>()
  for (const one of read) {
    ofFlows.push(...one.problems, ...lintFlow(one, set, numbers))
    if (one.compiled === undefined || one.tree === undefined) continue
    served.set(one.file.name, servedOf(one.file, one.compiled))
    trees.set(one.file.name, one.tree)
  }
  ofFlows.push(...numbersUsedTwice(served, trees), ...conflictingSwitches([...served].map(([name, { flow }]) => ({ flow, tree: trees.get(name) as Tree }))))
  const beside = besideOf(read)
  const problems = silenced(onceEach(ofFlows, beside), read)
  const states = new Map([...served].map(([name, { flow }]) => [name, flow.states.length]))
  const broken = filesWithErrors(problems, beside)
  const sound = [...served.values()].map(one => one.flow).filter(flow => !broken.has(flow.file) && !broken.has(flow.name))
  const held: Held[] = []
  for (const file of [...(set.calls ?? [])].sort(byName)) {
    const calls = callsOf(file, set, sound.find(flow => flow.name === file.name), read.find(one => one.file.name === file.name), settings)
    problems.push(...calls.problems)
    held.push(...calls.held)
  }
  const bad = filesWithErrors(problems, beside)
  // while a scripted call fails, its flow does not go live
  const failing = new Set((set.calls ?? []).filter(file => bad.has(file.path)).map(file => file.name))
  const refused = set.flows.filter(file => bad.has(file.path) || bad.has(file.name) || failing.has(file.name)).map(file => file.name)
  for (const name of refused) served.delete(name)
  return { served, refused, beside, states, problems: problems.sort(compareProblems), held, sound }
}

function byPath(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.name < b.name ? -1 : 1
}

/** Files with errors, and the names of flows that name such a list or table. */
function filesWithErrors(problems: readonly Problem[], beside: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const files = problems.filter(problem => problem.severity === 'error').map(problem => problem.file)
  return new Set([...files, ...files.flatMap(file => beside.get(file) ?? [])])
}

function besideOf(read: readonly Read[]): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>()
  for (const { file, compiled } of read) for (const { path } of compiled?.files.values() ?? []) beside.set(path, [...(beside.get(path) ?? []), file.name])
  return beside
}

/** A mistake in a list that several flows name is one. */
function onceEach(problems: readonly Problem[], beside: ReadonlyMap<string, readonly string[]>): Problem[] {
  const seen = new Set<string>()
  return problems.filter(problem => {
    if (!beside.has(problem.file)) return true
    const key = `${problem.file} ${problem.span.start} ${problem.code} ${problem.message}`
    return !seen.has(key) && seen.add(key)
  })
}

/** The calls of one file; without a flow that could answer them they are only read. */
function callsOf(file: SourceFile, set: SourceSet, flow: Flow | undefined, read: Read | undefined, settings: CheckSettings): { readonly held: readonly Held[]; readonly problems: readonly Problem[] } {
  if (file.unreadable !== undefined) return { held: [], problems: [unreadable(file, file.unreadable)] }
  if (read === undefined) {
    const meant = nearest(file.name, set.flows.map(one => one.name))
    return { held: [], problems: [{
      code: 'unknown-flow', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message: `there is no flow \`${file.name}\` for these calls`, effect: 'nobody would notice what they say',
      help: meant === undefined ? 'calls stand beside their flow: those of `support.yaml` in `support.calls.yaml`' : `did you mean \`${meant}\`? Then rename the file to ${meant}.calls.yaml`,
    }] }
  }
  const calls = readCallsFile(file.path, file.text)
  if (flow === undefined || read.document === undefined) return { held: [], problems: calls.problems }
  return holdCalls(calls, { flow, document: read.document, surroundings: surroundingsOf(set, settings) })
}

function unreadable(file: SourceFile, why: string): Problem {
  return { code: 'unreadable-file', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message: `this file cannot be read: ${why}`, help: 'check its permissions' }
}

/** What of a folder a flow may name. */
type Outside = Pick<SourceSet, 'sounds' | 'files'>

function surroundingsOf({ sounds, files }: Outside, settings: CheckSettings): Surroundings {
  return { sounds, ...(files === undefined ? {} : { files }), silence: settings.silence, env: settings.env, hosts: settings.hosts }
}

/** A file, read and linked as far as that goes. */
interface Read {
  readonly file: SourceFile
  readonly tree?: Tree
  readonly document?: FlowDocument
  readonly compiled?: Compiled
  readonly problems: readonly Problem[]
}

function readFlow(file: SourceFile, outside: Outside, settings: CheckSettings): Read {
  const whole = { start: 0, end: 0 }
  if (file.unreadable !== undefined) return { file, problems: [unreadable(file, file.unreadable)] }
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(file.name)) {
    return { file, problems: [{ code: 'bad-name', severity: 'error', file: file.path, span: whole, message: `\`${file.name}\` cannot be the name of a flow`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most: rename the file' }] }
  }
  const parsed = parse(file.path, file.text)
  if (parsed.tree === undefined) return { file, problems: explainInvisible(file.text, parsed.problems) }
  const { tree } = parsed
  const asWritten = lintFile(tree)
  if (asWritten.misread) return { file, tree, problems: [...parsed.problems, ...asWritten.problems] }
  const { document, problems: misshapen } = validate(file.name, tree)
  const compiled = compile(document, surroundingsOf(outside, settings))
  const covered = new Set(asWritten.covered.map(span => span.start))
  const linked = [...parsed.problems, ...misshapen, ...compiled.problems].filter(problem => problem.file !== file.path || !covered.has(problem.span.start))
  return { file, tree, document, compiled, problems: [...linked, ...asWritten.problems] }
}

/** What the rules of flows say of a file. What is missing in one that was not read whole is not unwritten: they look at whole flows only. */
function lintFlow(read: Read, set: SourceSet, numbers: ReadonlySet<string>): readonly Problem[] {
  const { file, tree, document, compiled } = read
  if (!isWhole(read) || tree === undefined || document === undefined || compiled === undefined) return []
  const hasCalls = set.others?.includes(`${file.name}.calls.yaml`)
  return lint(compiled.flow, tree, document.data, { numbers, hasCalls, promptsUsed: compiled.promptsUsed, listsUsed: compiled.listsUsed, tablesUsed: compiled.tablesUsed })
}

function isWhole({ document, compiled }: Read): boolean {
  return document?.whole === true && compiled?.problems.some(problem => problem.severity === 'error') === false
}

/** The problems that nobody silenced, and those of the silences themselves. */
function silenced(problems: readonly Problem[], read: readonly Read[]): Problem[] {
  const byFile = new Map<string, Problem[]>()
  for (const problem of problems) {
    const list = byFile.get(problem.file)
    if (list === undefined) byFile.set(problem.file, [problem])
    else list.push(problem)
  }
  for (const one of read) if (one.tree !== undefined) byFile.set(one.file.path, silence(one.tree, byFile.get(one.file.path) ?? [], PAGES, isWhole(one)))
  return [...byFile.values()].flat()
}

function servedOf(file: SourceFile, compiled: Compiled): Served {
  const source: VersionSource = { language: LANGUAGE, name: file.name, path: file.path, text: file.text, sounds: [...compiled.sounds].sort(byPath), ...(compiled.files.size === 0 ? {} : { files: [...compiled.files].map(([path, { text }]) => [path, text] as const).sort(byPath) }) }
  return { flow: { ...compiled.flow, version: versionOf(source) }, source }
}

/** A name in the folder of the flows, as problems name files. */
function beside(set: SourceSet, name: string): string {
  const path = set.flows[0]?.path ?? ''
  return path.slice(0, path.lastIndexOf('/') + 1) + name
}

/** What lies in the folder and looks like a flow, but is none that would be read. */
function notLoaded(set: SourceSet): Problem[] {
  const names = (set.others ?? []).filter(name => looksLikeFlow(name))
  return names.map(name => ({
    code: fileNotLoaded.name, severity: fileNotLoaded.severity, file: beside(set, name), span: { start: 0, end: 0 },
    message: `\`${name}\` lies among the flows and will not be read`, help: 'a flow is a file that ends in `.yaml`: rename it, or move it elsewhere',
  }))
}

/** The hash of everything that a flow's answers depend on. */
export function versionOf(source: VersionSource): string {
  const content = JSON.stringify([source.language, source.name, source.text, source.sounds.map(([path, file]) => [path, file.hash, file.format ?? '']), ...(source.files === undefined ? [] : [source.files])])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  // the rules are not asked again: a call in progress goes on as it began
  const { compiled, problems } = readFlow(source, { sounds: new Map(source.sounds), files: new Map(source.files?.map(([path, text]) => [path, { path, text }])) }, settings)
  return compiled === undefined || problems.some(problem => problem.severity === 'error') ? undefined : servedOf(source, compiled).flow
}

/** The texts of a set's files, as problems name them. */
export function sourcesOf(set: SourceSet): Map<string, string> {
  return new Map([...set.flows, ...(set.calls ?? []), ...(set.files?.values() ?? [])].map(file => [file.path, file.text]))
}
