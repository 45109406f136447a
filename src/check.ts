/**
 * The one front door: a set of files in; what can be served, and the problems, out. Start, reload, `tonval lint`, the
 * console and editors all ask here, so they cannot disagree.
 */
import { createHash } from 'node:crypto'
import { compareProblems } from './problem/problem.ts'
import type { Problem } from './problem/problem.ts'
import { parse } from './parse/parse.ts'
import { isUnread } from './parse/tree.ts'
import type { Tree } from './parse/tree.ts'
import type { FlowDocument } from './validate/document.ts'
import { nearest } from './validate/nearest.ts'
import { validate } from './validate/validate.ts'
import { compile } from './compile/compile.ts'
import type { Compiled } from './compile/compile.ts'
import type { BesideFile, MadeSound, SoundFile, Surroundings } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import type { Recipe } from './compile/recipe.ts'
import type { Calendar } from './compile/schedule/holidays.ts'
import { madeFor, sourceOf, versionOf } from './compile/version.ts'
import type { VersionSource } from './compile/version.ts'
import { holdCalls } from './simulate/hold-calls.ts'
import { readCallsFile } from './simulate/read-scripts.ts'
import type { Held } from './simulate/simulate.ts'
import { lint, lintFile, lintStates } from './lint/lint.ts'
import type { Outside as LintOutside } from './lint/rule.ts'
import { PAGES } from './lint/pages.ts'
import { besideOf, filesWithErrors, onceEach } from './lint/besides.ts'
import { conflictingSwitches } from './lint/conflicting-switch.ts'
import { listedTwice, takeOver } from './lint/lines.ts'
import type { Listing, LiveFlow } from './lint/lines.ts'
import { notLoaded } from './lint/file-not-loaded.ts'
import { explainInvisible } from './lint/rules/invisible-character.ts'
import { silence } from './lint/silence.ts'
import { lengthsOf } from './lint/lengths-of.ts'

export { versionOf }
export type { VersionSource }

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
  /** What became of the recipes that an earlier check of these files named; what is not there counts as made. */
  readonly made?: ReadonlyMap<string, MadeSound>
  /** Lists and tables by their path below the folder. */
  readonly files?: ReadonlyMap<string, BesideFile>
  /** Names of all other files that lie beside the flows; undefined where nobody looked. */
  readonly others?: readonly string[]
  /** The flows that answer calls now, where there is a server: what the files say must fit what stays in force. */
  readonly live?: readonly LiveFlow[]
}

/** What decides beside the files. */
export interface CheckSettings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly hosts: readonly string[]
  readonly silence: SoundFile
  /** Languages that the speech engine speaks; undefined where only it can tell. */
  readonly speaks?: readonly string[]
  /** What time it is, in milliseconds since 1970: for the rules that look for what is over. Undefined: they say nothing. */
  readonly now?: number
}

/** A flow that may answer calls, with everything that it was made of, so that it can be made again. */
export interface Served {
  readonly flow: Flow
  readonly source: VersionSource
  /** What has to be made before it may answer calls, by name: its sounds stand under these names until a check is given what was made. */
  readonly recipes: ReadonlyMap<string, Recipe>
}

export interface Checked {
  /** Flows without an error, by name. */
  readonly served: ReadonlyMap<string, Served>
  /** Names of flows that must not go live, and of those without a file that must go on. */
  readonly refused: readonly string[]
  /** Lists and tables that flows name, as problems name them, each with the flows. */
  readonly beside: ReadonlyMap<string, readonly string[]>
  /** How many states each file's flow has, by name; nothing for a file that could not be read as one. */
  readonly states: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** Gives back what it made for the same key earlier, or makes it. What is made is never changed, and holds for one CheckSettings. */
export type Memo = <T>(key: string, make: () => T) => T

export interface CheckOptions {
  /** With it, only what changed since is looked at. */
  readonly memo?: Memo
  /** Told before each file that is read, for those who wait. */
  readonly progress?: (path: string, done: number, total: number) => void
}

/** What of a set of files can be served, and what is wrong with the rest. */
export function check(set: SourceSet, settings: CheckSettings, options: CheckOptions = {}): Checked {
  const { held: _held, sound: _sound, ...checked } = checkCalls(set, settings, options)
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
export function checkCalls(set: SourceSet, settings: CheckSettings, { memo = (_key, make) => make(), progress }: CheckOptions = {}): CheckedCalls {
  let done = 0
  const begin = (file: SourceFile): void => progress?.(file.path, done++, set.flows.length + (set.calls?.length ?? 0))
  const around = digest([[...set.sounds].sort(byPath), [...(set.files ?? [])].sort(byPath)])
  const keyOf = (file: SourceFile): string => digest([file.name, file.path, file.text, file.unreadable, around])
  const read = [...set.flows].sort(byName).map(file => {
    begin(file)
    const key = keyOf(file)
    const one = memo(`read ${key}`, () => readFlow(file, { ...set, made: undefined }, settings))
    const made = madeFor(one.compiled?.recipes, set.made)
    const whole = `${key} ${digest(made)}`
    return made.length === 0 ? { ...one, key } : { ...memo(`read ${whole}`, () => readFlow(file, set, settings)), key: whole }
  })
  const numbers = new Set(read.flatMap(one => one.compiled?.flow.numbers ?? []))
  const lines = digest([...numbers].sort())
  const seconds = lengthsOf(set.sounds, set.made)
  const ofFlows = notLoaded(set.others ?? [], set.flows[0]?.path ?? '')
  const served = new Map<string, Served>()
  const listings: Listing[] = []
  const live = new Map((set.live ?? []).map(flow => [flow.name, flow]))
  for (const one of read) {
    ofFlows.push(...one.problems, ...memo(`lint ${one.key} ${lines} ${set.others?.includes(`${one.file.name}.calls.yaml`)} ${dayOf(settings)}`, () => lintFlow(one, set, { numbers, seconds, now: settings.now })))
    if (one.compiled === undefined || one.tree === undefined) continue
    served.set(one.file.name, servedOf(one.file, one.compiled, set.made))
    listings.push({ name: one.file.name, numbers: one.compiled.flow.numbers, tree: one.tree })
  }
  ofFlows.push(...listedTwice(listings, live), ...conflictingSwitches(read.flatMap(({ tree, compiled }) => (tree === undefined || compiled === undefined ? [] : [{ flow: compiled.flow, tree }])), live))
  const besides = besideOf(read)
  const problems = silenced(onceEach(ofFlows, besides), read)
  const states = new Map([...served].map(([name, { flow }]) => [name, flow.states.length]))
  const broken = filesWithErrors(problems, besides)
  const sound = [...served.values()].map(one => one.flow).filter(flow => !broken.has(flow.file) && !broken.has(flow.name))
  const held: Held[] = []
  for (const file of [...(set.calls ?? [])].sort(byName)) {
    begin(file)
    const flow = sound.find(flow => flow.name === file.name)
    const ofFlow = read.find(one => one.file.name === file.name)
    const hold = (): CallsHeld => callsOf(file, set, flow, ofFlow, settings)
    const calls = ofFlow === undefined ? hold() : memo(`calls ${keyOf(file)} ${ofFlow.key} ${flow === undefined}`, hold)
    problems.push(...calls.problems)
    held.push(...calls.held)
  }
  const bad = filesWithErrors(problems, besides)
  // while a scripted call fails, its flow does not go live
  const failing = new Set((set.calls ?? []).filter(file => bad.has(file.path)).map(file => file.name))
  const refused = set.flows.filter(file => bad.has(file.path) || bad.has(file.name) || failing.has(file.name)).map(file => file.name)
  const fit = takeOver(listings.filter(one => !refused.includes(one.name)), refused, live)
  problems.push(...fit.problems)
  refused.push(...fit.refused, ...fit.kept)
  for (const name of refused) served.delete(name)
  return { served, refused, beside: besides, states, problems: problems.sort(compareProblems), held, sound }
}

function byPath(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}

function digest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}

/** The day that dates are compared with, for what is kept from one check to the next. */
function dayOf({ now = 0 }: CheckSettings): number {
  return Math.floor(now / 86_400_000)
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.name < b.name ? -1 : 1
}

interface CallsHeld {
  readonly held: readonly Held[]
  readonly problems: readonly Problem[]
}

/** The calls of one file; without a flow that could answer them they are only read. */
function callsOf(file: SourceFile, set: SourceSet, flow: Flow | undefined, read: Read | undefined, settings: CheckSettings): CallsHeld {
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
type Outside = Pick<SourceSet, 'sounds' | 'files'> & { readonly made?: SourceSet['made'] | undefined }

function surroundingsOf({ sounds, files, made }: Outside, { silence, env, hosts, speaks }: CheckSettings): Surroundings {
  return { sounds, ...(files === undefined ? {} : { files }), ...(made === undefined ? {} : { made }), ...(speaks === undefined ? {} : { speaks }), silence, env, hosts }
}

/** A file, read and linked as far as that goes. */
interface Read {
  readonly file: SourceFile
  readonly tree?: Tree
  readonly document?: FlowDocument
  readonly compiled?: Compiled
  readonly problems: readonly Problem[]
}

function readFlow(file: SourceFile, outside: Outside, settings: CheckSettings, holidays?: ReadonlyMap<string, Calendar>): Read {
  const whole = { start: 0, end: 0 }
  if (file.unreadable !== undefined) return { file, problems: [unreadable(file, file.unreadable)] }
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(file.name)) {
    return { file, problems: [{ code: 'bad-name', severity: 'error', file: file.path, span: whole, message: `\`${file.name}\` cannot be the name of a flow`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most: rename the file' }] }
  }
  const parsed = parse(file.path, file.text)
  const mistakes = explainInvisible(file.text, parsed.problems)
  const { tree } = parsed
  if (tree === undefined) return { file, problems: mistakes }
  const asWritten = lintFile(tree)
  // lines that an invisible character moved only seem to be out of place
  if (asWritten.misread) return { file, tree, problems: [...parsed.problems.filter(problem => problem.code !== 'yaml-syntax'), ...asWritten.problems] }
  const { document, problems: misshapen } = validate(file.name, tree)
  const compiled = compile(document, { ...surroundingsOf(outside, settings), ...(holidays === undefined ? {} : { holidays }) })
  const covered = new Set(asWritten.covered.map(span => span.start))
  // in a part that could not be read, nothing but that is known
  const readable = (problem: Problem): boolean => problem.file !== file.path || (!covered.has(problem.span.start) && !isUnread(tree, problem.span))
  return { file, tree, document, compiled, problems: [...mistakes.filter(problem => !covered.has(problem.span.start)), ...[...misshapen, ...compiled.problems].filter(readable), ...asWritten.problems.filter(problem => tree.unread.length === 0 || (problem.severity === 'error' && !isUnread(tree, problem.span)))] }
}

/** What the rules of flows say of a file. What is missing in one that was not read whole is not unwritten: most look at whole flows only. */
function lintFlow(read: Read, set: SourceSet, around: Pick<LintOutside, 'numbers' | 'seconds' | 'now'>): readonly Problem[] {
  const { file, tree, document, compiled } = read
  if (tree === undefined || document === undefined || compiled === undefined) return []
  const outside = { ...around, hasCalls: set.others?.includes(`${file.name}.calls.yaml`), promptsUsed: compiled.promptsUsed, listsUsed: compiled.listsUsed, tablesUsed: compiled.tablesUsed }
  if (isWhole(read)) return lint(compiled.flow, tree, document.data, outside)
  // where a name above other lines is missing, they seem to be those of another state
  if (document.lost.names > 0) return []
  const errors = read.problems.filter(problem => problem.severity === 'error').map(problem => problem.span)
  return lintStates(compiled.flow, tree, document.data, outside, [...tree.unread, ...errors])
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

function servedOf(file: SourceFile, compiled: Compiled, made: SourceSet['made']): Served {
  const source = sourceOf(file, compiled, made)
  return { recipes: compiled.recipes, flow: { ...compiled.flow, version: versionOf(source) }, source }
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  // the rules are not asked again: a call in progress goes on as it began
  const outside = { sounds: new Map(source.sounds), files: new Map(source.files?.map(([path, text]) => [path, { path, text }])), made: new Map(source.made) }
  const { speaks: _speaks, ...rest } = settings // whichever engine spoke then: it is made already
  const { compiled, problems } = readFlow(source, outside, rest, new Map(source.holidays ?? []))
  return compiled === undefined || problems.some(problem => problem.severity === 'error') ? undefined : servedOf(source, compiled, outside.made).flow
}

/** The texts of a set's files, as problems name them. */
export function sourcesOf(set: SourceSet): Map<string, string> {
  return new Map([...set.flows, ...(set.calls ?? []), ...(set.files?.values() ?? [])].map(file => [file.path, file.text]))
}
