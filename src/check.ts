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
import type { SoundFile, Surroundings } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import { holdCalls } from './simulate/hold-calls.ts'
import { readCallsFile } from './simulate/read-scripts.ts'
import type { Held } from './simulate/simulate.ts'
import { lint, lintFile } from './lint/lint.ts'
import { filesWithErrors, unfitFlows, withUsers } from './lint/fit.ts'
import { numbersUsedTwice } from './lint/numbers-used-twice.ts'
import { ownCount } from './lint/own.ts'
import { PAGES } from './lint/pages.ts'
import { notLoaded } from './lint/file-not-loaded.ts'
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
  /** The sources of all other flows that can be reached from it, by name. */
  readonly uses?: readonly UsedSource[]
}

export interface UsedSource {
  readonly name: string
  readonly path: string
  readonly text: string
}

export interface Checked {
  /** Flows without an error, by name. */
  readonly served: ReadonlyMap<string, Served>
  /** Names of flows that must not go live. */
  readonly refused: readonly string[]
  /** How many states each file's flow has, by name; nothing for a file that could not be read as one. */
  readonly states: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
  /** The flows that can be reached from each flow that could be read, by name. */
  readonly uses: ReadonlyMap<string, readonly string[]>
  /** Flows that no longer fit to one that runs them, each with those: a change to it must not go live. */
  readonly unfit: ReadonlyMap<string, readonly string[]>
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
  const read = linkAll([...set.flows].sort(byName).map(readFlow), set.sounds, settings)
  const numbers = new Set(read.flatMap(one => one.compiled?.flow.numbers ?? []))
  const uses = new Map(read.flatMap(one => (one.compiled === undefined ? [] : [[one.file.name, one.compiled.uses] as const])))
  const ofFlows = notLoaded(set.others ?? [], set.flows[0]?.path ?? '')
  const served = new Map<string, Served>()
  const trees = new Map<string, Tree>()
  for (const one of read) {
    ofFlows.push(...one.problems, ...lintFlow(one, set, numbers, read))
    if (one.compiled === undefined || one.tree === undefined) continue
    served.set(one.file.name, servedOf(one.file, one.compiled, set.flows))
    trees.set(one.file.name, one.tree)
  }
  ofFlows.push(...numbersUsedTwice(served, trees))
  const problems = silenced(ofFlows, read)
  const states = new Map([...served].map(([name, { flow }]) => [name, ownCount(flow)]))
  const files = [...set.flows, ...(set.calls ?? [])]
  const broken = withUsers(filesWithErrors(problems), files, uses)
  const sound = [...served.values()].map(one => one.flow).filter(flow => !broken.has(flow.name))
  const held: Held[] = []
  const documents = documentsOf(read)
  for (const file of [...(set.calls ?? [])].sort(byName)) {
    const calls = callsOf(file, set, sound.find(flow => flow.name === file.name), read.find(one => one.file.name === file.name), surroundingsOf(set.sounds, settings, documents))
    problems.push(...calls.problems)
    held.push(...calls.held)
  }
  const refusedNames = withUsers(filesWithErrors(problems), files, uses)
  const refused = set.flows.map(file => file.name).filter(name => refusedNames.has(name))
  for (const name of refused) served.delete(name)
  return { served, refused, states, problems: problems.sort(compareProblems), held, sound, uses, unfit: unfitFlows(problems, set.flows, uses) }
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.name < b.name ? -1 : 1
}

/** The calls of one file; without a flow that could answer them they are only read. */
function callsOf(file: SourceFile, set: SourceSet, flow: Flow | undefined, read: Read | undefined, surroundings: Surroundings): { readonly held: readonly Held[]; readonly problems: readonly Problem[] } {
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
  if (!flow.answers) {
    return { held: [], problems: [...calls.problems, {
      code: 'unknown-flow', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message: `no call begins in \`${file.name}\`: it has exits, or inputs that must be given`, effect: 'nobody would notice what these calls say',
      help: 'write the calls beside a flow that runs it: they go through it',
    }] }
  }
  return holdCalls(calls, { flow, document: read.document, surroundings })
}

function unreadable(file: SourceFile, why: string): Problem {
  return { code: 'unreadable-file', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message: `this file cannot be read: ${why}`, help: 'check its permissions' }
}

function surroundingsOf(sounds: ReadonlyMap<string, SoundFile>, settings: CheckSettings, flows: ReadonlyMap<string, FlowDocument>): Surroundings {
  return { sounds, silence: settings.silence, env: settings.env, hosts: settings.hosts, flows }
}

function documentsOf(read: readonly Read[]): ReadonlyMap<string, FlowDocument> {
  return new Map(read.flatMap(one => (one.document === undefined ? [] : [[one.file.name, one.document] as const])))
}

/** A file, read and linked as far as that goes. */
interface Read {
  readonly file: SourceFile
  /** Places that a rule of the file as it is written has explained. */
  readonly covered?: ReadonlySet<number>
  readonly tree?: Tree
  readonly document?: FlowDocument
  readonly compiled?: Compiled
  readonly problems: readonly Problem[]
}

function readFlow(file: SourceFile): Read {
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
  const covered = new Set(asWritten.covered.map(span => span.start))
  return { file, tree, document, covered, problems: [...uncovered(covered, [...parsed.problems, ...misshapen]), ...asWritten.problems] }
}

function uncovered(covered: ReadonlySet<number> | undefined, problems: readonly Problem[]): Problem[] {
  return problems.filter(problem => covered?.has(problem.span.start) !== true)
}

/** The flows of all files that could be read, each with those that it uses. */
function linkAll(read: readonly Read[], sounds: ReadonlyMap<string, SoundFile>, settings: CheckSettings): Read[] {
  const surroundings = surroundingsOf(sounds, settings, documentsOf(read))
  return read.map(one => {
    if (one.document === undefined) return one
    const compiled = compile(one.document, surroundings)
    return { ...one, compiled, problems: [...uncovered(one.covered, compiled.problems), ...one.problems] }
  })
}

/** What the rules of flows say of a file. What is missing in one that was not read whole is not unwritten: they look at whole flows only. */
function lintFlow(read: Read, set: SourceSet, numbers: ReadonlySet<string>, all: readonly Read[]): readonly Problem[] {
  const { file, tree, document, compiled } = read
  if (!isWhole(read) || tree === undefined || document === undefined || compiled?.usesSound !== true) return []
  const hasCalls = set.others?.includes(`${file.name}.calls.yaml`)
  return lint(compiled.flow, tree, document.data, { numbers, hasCalls, promptsUsed: compiled.promptsUsed, ...usedBy(file.name, all) })
}

/** Who uses a flow. */
function usedBy(name: string, all: readonly Read[]): { isUsed: boolean; taken: ReadonlySet<string> } {
  const states = all.flatMap(one => (one.compiled === undefined || one.file.name === name ? [] : one.compiled.flow.states)).filter(state => state.verb === 'flow').filter(state => state.runs === name)
  return { isUsed: states.length > 0, taken: new Set(states.flatMap(state => state.keeps)) }
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

function servedOf(file: SourceFile, compiled: Compiled, all: readonly UsedSource[]): Served {
  const uses = all.filter(one => compiled.uses.includes(one.name)).map(({ name, path, text }) => ({ name, path, text })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const source: VersionSource = {
    language: LANGUAGE, name: file.name, path: file.path, text: file.text, sounds: [...compiled.sounds].sort((a, b) => (a[0] < b[0] ? -1 : 1)),
    ...(uses.length === 0 ? {} : { uses }),
  }
  return { flow: { ...compiled.flow, version: versionOf(source) }, source }
}

/** The hash of everything that a flow's answers depend on. */
export function versionOf(source: VersionSource): string {
  const own = [source.language, source.name, source.text, source.sounds.map(([path, file]) => [path, file.hash, file.format ?? ''])]
  // a flow that uses no other keeps the version that it had before flows could
  const content = JSON.stringify(source.uses === undefined ? own : [...own, source.uses.map(({ name, text }) => [name, text])])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  // the rules are not asked again: a call in progress goes on as it began
  const uses = source.uses ?? []
  const read = linkAll([source, ...uses].map(readFlow), new Map(source.sounds), settings)
  const compiled = read[0]?.compiled
  return compiled === undefined || read.some(one => one.problems.some(problem => problem.severity === 'error')) ? undefined : servedOf(source, compiled, uses).flow
}
