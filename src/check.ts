/**
 * The one front door: a set of files in; what can be served, and the problems, out. Start, reload, `tonval lint`, the
 * console and editors all ask here, so they cannot disagree.
 */
import { createHash } from 'node:crypto'
import { compareProblems } from './problem/problem.ts'
import type { Problem } from './problem/problem.ts'
import { parse } from './parse/parse.ts'
import { placeOf } from './parse/tree.ts'
import type { Tree } from './parse/tree.ts'
import type { FlowDocument } from './validate/document.ts'
import { validate } from './validate/validate.ts'
import { compile } from './compile/compile.ts'
import type { Compiled } from './compile/compile.ts'
import type { SoundFile } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import { lint, lintFile } from './lint/lint.ts'
import { PAGES } from './lint/pages.ts'
import { fileNotLoaded, looksLikeFlow } from './lint/file-not-loaded.ts'
import { explainInvisible } from './lint/rules/invisible-character.ts'
import { silence } from './lint/silence.ts'

/** Part of every version: what the words of a flow mean. It grows when an old file would be answered differently. */
const LANGUAGE = 1
/** Hex digits of a version: 80 bits of its content's SHA-256. */
const VERSION_LENGTH = 20

export interface SourceFile {
  /** The flow's name: the file's, without `.yaml`. */
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
}

export interface Checked {
  /** Flows without an error, by name. */
  readonly served: ReadonlyMap<string, Served>
  /** Names of flows that must not go live. */
  readonly refused: readonly string[]
  /** How many states each file's flow has, by name; nothing for a file that could not be read as one. */
  readonly states: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** What of a set of files can be served, and what is wrong with the rest. */
export function check(set: SourceSet, settings: CheckSettings): Checked {
  const served = new Map<string, Served>()
  const trees = new Map<string, Tree>()
  const problems: Problem[] = notLoaded(set)
  const read = [...set.flows].sort((a, b) => (a.name < b.name ? -1 : 1)).map(file => readFlow(file, set.sounds, settings))
  const numbers = new Set(read.flatMap(one => one.compiled?.flow.numbers ?? []))
  for (const one of read) {
    problems.push(...one.problems, ...lintFlow(one, set, numbers))
    if (one.compiled === undefined || one.tree === undefined) continue
    served.set(one.file.name, servedOf(one.file, one.compiled))
    trees.set(one.file.name, one.tree)
  }
  problems.push(...numbersUsedTwice(served, trees))
  const shown = silenced(problems, read)
  const states = new Map([...served].map(([name, { flow }]) => [name, flow.states.length]))
  const bad = new Set(shown.filter(problem => problem.severity === 'error').map(problem => problem.file))
  const refused = set.flows.filter(file => bad.has(file.path)).map(file => file.name)
  for (const name of refused) served.delete(name)
  return { served, refused, states, problems: shown.sort(compareProblems) }
}

/** A file, read and linked as far as that goes. */
interface Read {
  readonly file: SourceFile
  readonly tree?: Tree
  readonly document?: FlowDocument
  readonly compiled?: Compiled
  readonly problems: readonly Problem[]
}

function readFlow(file: SourceFile, sounds: ReadonlyMap<string, SoundFile>, settings: CheckSettings): Read {
  const whole = { start: 0, end: 0 }
  if (file.unreadable !== undefined) return { file, problems: [{ code: 'unreadable-file', severity: 'error', file: file.path, span: whole, message: `this file cannot be read: ${file.unreadable}`, help: 'check its permissions' }] }
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(file.name)) {
    return { file, problems: [{ code: 'bad-name', severity: 'error', file: file.path, span: whole, message: `\`${file.name}\` cannot be the name of a flow`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most: rename the file' }] }
  }
  const parsed = parse(file.path, file.text)
  if (parsed.tree === undefined) return { file, problems: explainInvisible(file.text, parsed.problems) }
  const { tree } = parsed
  const asWritten = lintFile(tree)
  if (asWritten.misread) return { file, tree, problems: [...parsed.problems, ...asWritten.problems] }
  const { document, problems: misshapen } = validate(file.name, tree)
  const compiled = compile(document, { sounds, silence: settings.silence, env: settings.env, hosts: settings.hosts })
  const covered = new Set(asWritten.covered.map(span => span.start))
  const linked = [...parsed.problems, ...misshapen, ...compiled.problems].filter(problem => !covered.has(problem.span.start))
  return { file, tree, document, compiled, problems: [...linked, ...asWritten.problems] }
}

/** What the rules of flows say of a file. What is missing in one that was not read whole is not unwritten: they look at whole flows only. */
function lintFlow(read: Read, set: SourceSet, numbers: ReadonlySet<string>): readonly Problem[] {
  const { file, tree, document, compiled } = read
  if (!isWhole(read) || tree === undefined || document === undefined || compiled === undefined) return []
  const hasCalls = set.others?.includes(`${file.name}.calls.yaml`)
  return lint(compiled.flow, tree, document.data, { numbers, hasCalls, promptsUsed: compiled.promptsUsed })
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
  const source: VersionSource = { language: LANGUAGE, name: file.name, path: file.path, text: file.text, sounds: [...compiled.sounds].sort((a, b) => (a[0] < b[0] ? -1 : 1)) }
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
  const content = JSON.stringify([source.language, source.name, source.text, source.sounds.map(([path, file]) => [path, file.hash, file.format ?? ''])])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  // the rules are not asked again: a call in progress goes on as it began
  const { compiled, problems } = readFlow(source, new Map(source.sounds), settings)
  return compiled === undefined || problems.some(problem => problem.severity === 'error') ? undefined : servedOf(source, compiled).flow
}

function numbersUsedTwice(served: ReadonlyMap<string, Served>, trees: ReadonlyMap<string, Tree>): Problem[] {
  const first = new Map<string, { name: string; index: number }>()
  const problems: Problem[] = []
  for (const [name, { flow }] of served) {
    flow.numbers.forEach((number, index) => {
      const other = first.get(number)
      const tree = trees.get(name) as Tree
      if (other === undefined) {
        first.set(number, { name, index })
        return
      }
      const otherTree = trees.get(other.name) as Tree
      problems.push({
        code: 'number-used-twice', severity: 'error', file: tree.file, span: placeOf(tree, ['numbers', index]).value,
        message: `the line ${number} is already answered by \`${other.name}\``,
        effect: 'nobody could say which flow answers', help: 'list each line in one flow',
        related: [{ file: otherTree.file, span: placeOf(otherTree, ['numbers', other.index]).value, message: 'it is listed here too' }],
      })
    })
  }
  return problems
}
