/**
 * The one front door: a set of files in; what can be served, and the problems, out. Start, reload, `tonval lint`, the
 * console and editors all ask here, so they cannot disagree.
 */
import { createHash } from 'node:crypto'
import { compareProblems } from './problem/problem.ts'
import type { Problem } from './problem/problem.ts'
import type { SourceFile } from './parse/source-file.ts'
import { countriesOf } from './compile/dialable.ts'
import type { Compiled } from './compile/compile.ts'
import type { BesideFile, MadeSound, SoundFile, Surroundings } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import type { Listened } from './compile/listened.ts'
import type { Recipe } from './compile/recipe.ts'
import { madeFor, sourceOf, versionOf } from './compile/version.ts'
import type { UsedSource, VersionSource } from './compile/version.ts'
import type { FlowDocument } from './validate/document.ts'
import { callsOf } from './simulate/calls-of.ts'
import type { HeldCalls } from './simulate/hold-calls.ts'
import type { Held } from './simulate/simulate.ts'
import { lint, lintStates } from './lint/lint.ts'
import type { Outside as LintOutside } from './lint/rule.ts'
import { PAGES } from './lint/pages.ts'
import { besideOf, filesWithErrors, onceEach } from './lint/besides.ts'
import { conflictingSwitches } from './lint/conflicting-switch.ts'
import { heldBack, withUsers } from './lint/fit.ts'
import { listedTwice, takeOver } from './lint/lines.ts'
import type { Listing, LiveFlow } from './lint/lines.ts'
import { notLoaded } from './lint/file-not-loaded.ts'
import { ownCount, usersOf } from './lint/own.ts'
import { documentsOf, isWhole, linkFlow, reachedFrom, readFlow } from './lint/read-flow.ts'
import type { Linked, Read } from './lint/read-flow.ts'
import { silence } from './lint/silence.ts'
import { heardIn, heardKey } from './lint/heard-in.ts'
import { lengthsOf } from './lint/lengths-of.ts'

export { versionOf }
export type { SourceFile, UsedSource, VersionSource }

/** A folder of flows, read. */
export interface SourceSet {
  readonly flows: readonly SourceFile[]
  /** Scripted calls, each file with the name of its flow; left out, no call is held. */
  readonly calls?: readonly SourceFile[]
  /** Sound files by their path below the folder. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** What was heard in the sounds that `needs` names, by their hash; one that is not there counts as good. */
  readonly heard?: ReadonlyMap<string, Listened>
  /** What became of the recipes that `needs` names; what is not there counts as made. */
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
  /** Beginnings of numbers that may be rung; undefined: those of the countries of the flows' own lines. */
  readonly dial?: readonly string[]
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
  /** What has to be made for all flows, by name. */
  readonly recipes: ReadonlyMap<string, Recipe>
  /** Names of flows that must not go live, of those that could only go live with one of them, and of those without a file that must go on. */
  readonly refused: readonly string[]
  /** Lists and tables that flows name, as problems name them, each with the flows. */
  readonly beside: ReadonlyMap<string, readonly string[]>
  /** How many states each file's flow has, by name; nothing for a file that could not be read as one. */
  readonly states: ReadonlyMap<string, number>
  /** The flows that can be reached from each flow that could be read, by name. */
  readonly uses: ReadonlyMap<string, readonly string[]>
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

/** What has to be looked at outside of these files before they can be checked. */
export interface Needs {
  /** The sound files that flows name, by path. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** What has to be made for all flows, by name. */
  readonly recipes: ReadonlyMap<string, Recipe>
}

/** What the flows of a set are made of that is not text: to be heard and made, and given to `check`. With the same memo, a check after it reads no text again. */
export function needs(set: SourceSet, settings: CheckSettings, { memo = (_key, make) => make() }: Pick<CheckOptions, 'memo'> = {}): Needs {
  const read = linkAll([...set.flows].sort(byName), set, settings, memo, () => undefined)
  return { sounds: new Map(read.flatMap(one => [...(one.compiled?.sounds ?? [])])), recipes: recipesOf(read) }
}

function recipesOf(read: readonly Linked[]): Map<string, Recipe> {
  return new Map(read.flatMap(one => (isWhole(one) ? [...(one.compiled?.recipes ?? [])] : [])))
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
  const read = linkAll([...set.flows].sort(byName), set, settings, memo, begin)
  const recipes = recipesOf(read)
  const uses = new Map(read.flatMap(one => (one.compiled === undefined ? [] : [[one.file.name, one.compiled.uses] as const])))
  const users = usersOf(read.flatMap(one => one.compiled?.flow ?? []))
  const numbers = new Set(read.flatMap(one => one.compiled?.flow.numbers ?? []))
  const lines = digest([...numbers].sort())
  const seconds = lengthsOf(set.sounds, set.made)
  const heard = heardIn(set)
  const ofFlows = notLoaded(set.others ?? [], set.flows[0]?.path ?? '')
  const served = new Map<string, Served>()
  const listings: Listing[] = []
  const live = new Map((set.live ?? []).map(flow => [flow.name, flow]))
  for (const one of read) {
    const { file: { name }, tree, compiled } = one
    const taken = users.get(name)
    const used = taken === undefined ? '' : [...taken].sort().join(' ')
    ofFlows.push(...one.problems, ...memo(`lint ${one.key} ${heardKey(one.compiled?.sounds, set.heard)} ${lines} ${set.others?.includes(`${name}.calls.yaml`)} ${dayOf(settings)} ${taken !== undefined} ${used}`, () => lintFlow(one, set, { numbers, seconds, heard, now: settings.now, dial: settings.dial, isUsed: taken !== undefined, taken: taken ?? new Set() })))
    if (compiled === undefined || tree === undefined) continue
    served.set(name, servedOf(one.file, compiled, set.flows, set.made))
    listings.push({ name, numbers: compiled.flow.numbers, tree })
  }
  ofFlows.push(...listedTwice(listings, live), ...conflictingSwitches(read, live))
  const besides = besideOf(read)
  const problems = silenced(onceEach(ofFlows, besides), read)
  const states = new Map([...served].map(([name, { flow }]) => [name, ownCount(flow)]))
  const files = [...set.flows, ...(set.calls ?? [])]
  const broken = withUsers(filesWithErrors(problems, besides), files, uses)
  const sound = [...served.values()].map(one => one.flow).filter(flow => !broken.has(flow.name))
  const held: Held[] = []
  const names = set.flows.map(file => file.name)
  const surroundings = surroundingsOf(set, { ...settings, dial: settings.dial ?? countriesOf(numbers) }, documentsOf(read))
  for (const file of [...(set.calls ?? [])].sort(byName)) {
    begin(file)
    const flow = sound.find(flow => flow.name === file.name)
    const ofFlow = read.find(one => one.file.name === file.name)
    const hold = (): HeldCalls => callsOf(file, { names, flow, document: ofFlow?.document, surroundings })
    const calls = ofFlow === undefined ? hold() : memo(`calls ${digest(textOf(file))} ${ofFlow.key} ${lines} ${flow === undefined}`, hold)
    problems.push(...calls.problems)
    held.push(...calls.held)
  }
  // while a scripted call fails, its flow does not go live
  const bad = withUsers(filesWithErrors(problems, besides), files, uses)
  const versions = new Map([...served].filter(([name]) => !bad.has(name)).map(([name, { flow }]) => [name, flow.version]))
  const back = heldBack(read.flatMap(one => one.problems), set.flows, uses, versions, live)
  const refused = names.filter(name => bad.has(name) || back.includes(name))
  const fit = takeOver(listings.filter(one => !refused.includes(one.name)), refused, live)
  problems.push(...fit.problems)
  refused.push(...fit.refused, ...fit.kept)
  for (const name of refused) served.delete(name)
  return { served, recipes, refused, beside: besides, states, uses, problems: problems.sort(compareProblems), held, sound }
}

/** A file with what its flow uses, and a key for all that decides what is found in it. */
type Keyed = Linked & { readonly key: string }

/** The flows of files, each with those that it uses. */
function linkAll(files: readonly SourceFile[], outside: Outside, settings: CheckSettings, memo: Memo, begin: (file: SourceFile) => void): Keyed[] {
  const keys = new Map(files.map(file => [file.name, digest(textOf(file))]))
  const read = new Map(files.map(file => {
    begin(file)
    return [file.name, memo(`read ${keys.get(file.name)}`, () => readFlow(file))]
  }))
  const surroundings = surroundingsOf(outside, settings, documentsOf([...read.values()]))
  const { made: _made, ...unmade } = surroundings
  const bad = [...(outside.heard ?? [])].filter(([, heard]) => 'trouble' in heard).sort(byPath)
  const around = digest([[...outside.sounds].sort(byPath), [...(outside.files ?? [])].sort(byPath), ...(bad.length === 0 ? [] : [bad])])
  // of a flow that is not there, those that are decide which one may be meant
  const names = digest([...keys.keys()])
  return [...read.values()].map((one: Read): Keyed => {
    const reached = [...reachedFrom(one, read)].sort()
    const key = digest([keys.get(one.file.name), around, ...(reached.length === 0 ? [] : [names, reached.map(name => keys.get(name) ?? '')])])
    const linked = memo(`link ${key}`, () => linkFlow(one, unmade))
    const made = madeFor(linked.compiled?.recipes, outside.made)
    const whole = `${key} ${digest(made)}`
    return made.length === 0 ? { ...linked, key } : { ...memo(`link ${whole}`, () => linkFlow(one, surroundings)), key: whole }
  })
}

/** All of a file that decides. */
function textOf({ name, path, text, unreadable }: SourceFile): readonly (string | undefined)[] {
  return [name, path, text, unreadable]
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

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1
}

/** What of a folder a flow may name. */
type Outside = Pick<SourceSet, 'sounds' | 'files' | 'heard' | 'made'> & Pick<Surroundings, 'holidays'>

function surroundingsOf({ sounds, files, holidays, heard, made }: Outside, { silence, env, hosts, dial, speaks }: CheckSettings, flows: ReadonlyMap<string, FlowDocument>): Surroundings {
  return {
    sounds, ...(files === undefined ? {} : { files }), ...(holidays === undefined ? {} : { holidays }), ...(heard === undefined ? {} : { heard }), ...(made === undefined ? {} : { made }), ...(speaks === undefined ? {} : { speaks }),
    silence, env, hosts, ...(dial === undefined ? {} : { dial }), flows,
  }
}

/** What the rules of flows say of a file. What is missing in one that was not read whole is not unwritten: most look at whole flows only. */
function lintFlow(read: Linked, set: SourceSet, around: Pick<LintOutside, 'numbers' | 'seconds' | 'heard' | 'now' | 'dial' | 'isUsed' | 'taken'>): readonly Problem[] {
  const { file, tree, document, compiled } = read
  if (tree === undefined || document === undefined || compiled === undefined) return []
  const outside = { ...around, hasCalls: set.others?.includes(`${file.name}.calls.yaml`), promptsUsed: compiled.promptsUsed, listsUsed: compiled.listsUsed, tablesUsed: compiled.tablesUsed }
  // of flows that it uses, too, most rules must know all
  if (isWhole(read) && compiled.usesSound) return lint(compiled.flow, tree, document.data, outside)
  // where a name above other lines is missing, they seem to be those of another state
  if (document.lost.states + document.lost.prompts > 0) return []
  const errors = read.problems.filter(problem => problem.severity === 'error').map(problem => problem.span)
  return lintStates(compiled.flow, tree, document.data, outside, [...tree.unread, ...errors])
}

/** The problems that nobody silenced, and those of the silences themselves. */
function silenced(problems: readonly Problem[], read: readonly Linked[]): Problem[] {
  const byFile = new Map<string, Problem[]>()
  for (const problem of problems) {
    const list = byFile.get(problem.file)
    if (list === undefined) byFile.set(problem.file, [problem])
    else list.push(problem)
  }
  for (const one of read) if (one.tree !== undefined) byFile.set(one.file.path, silence(one.tree, byFile.get(one.file.path) ?? [], PAGES, isWhole(one) && one.compiled?.usesSound === true))
  return [...byFile.values()].flat()
}

/** `all`: the flows that it may use. */
function servedOf(file: SourceFile, compiled: Compiled, all: readonly UsedSource[], made: SourceSet['made']): Served {
  const source = sourceOf(file, compiled, all, made)
  return { recipes: compiled.recipes, flow: { ...compiled.flow, version: versionOf(source) }, source }
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  // the rules are not asked again: a call in progress goes on as it began
  const uses = source.uses ?? []
  const outside = { sounds: new Map(source.sounds), files: new Map(source.files?.map(([path, text]) => [path, { path, text }])), holidays: new Map(source.holidays ?? []), made: new Map(source.made) }
  // whichever engine spoke then: it is made already
  const { speaks: _speaks, ...rest } = settings
  const read = linkAll([source, ...uses], outside, rest, (_key, make) => make(), () => undefined)
  const compiled = read[0]?.compiled
  return compiled === undefined || read.some(one => one.problems.some(problem => problem.severity === 'error')) ? undefined : servedOf(source, compiled, uses, outside.made).flow
}

/** The texts of a set's files, as problems name them. */
export function sourcesOf(set: SourceSet): Map<string, string> {
  return new Map([...set.flows, ...(set.calls ?? []), ...(set.files?.values() ?? [])].map(file => [file.path, file.text]))
}
