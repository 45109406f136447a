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
import { validate } from './validate/validate.ts'
import { compile } from './compile/compile.ts'
import type { SoundFile } from './compile/context.ts'
import type { Flow } from './compile/flow.ts'
import { lint } from './lint/lint.ts'

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
  const problems: Problem[] = []
  for (const file of [...set.flows].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const one = checkFlow(file, set.sounds, settings)
    problems.push(...one.problems)
    if (one.served !== undefined && one.tree !== undefined) {
      served.set(file.name, one.served)
      trees.set(file.name, one.tree)
    }
  }
  problems.push(...numbersUsedTwice(served, trees))
  const states = new Map([...served].map(([name, { flow }]) => [name, flow.states.length]))
  const bad = new Set(problems.filter(problem => problem.severity === 'error').map(problem => problem.file))
  const refused = set.flows.filter(file => bad.has(file.path)).map(file => file.name)
  for (const name of refused) served.delete(name)
  return { served, refused, states, problems: problems.sort(compareProblems) }
}

function checkFlow(file: SourceFile, sounds: ReadonlyMap<string, SoundFile>, settings: CheckSettings): { served?: Served; tree?: Tree; problems: readonly Problem[] } {
  const whole = { start: 0, end: 0 }
  if (file.unreadable !== undefined) return { problems: [{ code: 'unreadable-file', severity: 'error', file: file.path, span: whole, message: `this file cannot be read: ${file.unreadable}`, help: 'check its permissions' }] }
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(file.name)) {
    return { problems: [{ code: 'bad-name', severity: 'error', file: file.path, span: whole, message: `\`${file.name}\` cannot be the name of a flow`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most: rename the file' }] }
  }
  const parsed = parse(file.path, file.text)
  if (parsed.tree === undefined) return { problems: parsed.problems }
  const { tree } = parsed
  const { document, problems: misshapen } = validate(file.name, tree)
  const compiled = compile(document, { sounds, silence: settings.silence, env: settings.env, hosts: settings.hosts })
  const linked = [...parsed.problems, ...misshapen, ...compiled.problems]
  // what is missing in a file that was not read whole is not unwritten: the rules look at whole flows only
  const linted = document.whole && !compiled.problems.some(problem => problem.severity === 'error') ? lint(compiled.flow, tree) : []
  const source: VersionSource = { language: LANGUAGE, name: file.name, path: file.path, text: file.text, sounds: [...compiled.sounds].sort((a, b) => (a[0] < b[0] ? -1 : 1)) }
  return { served: { flow: { ...compiled.flow, version: versionOf(source) }, source }, tree, problems: [...linked, ...linted] }
}

/** The hash of everything that a flow's answers depend on. */
export function versionOf(source: VersionSource): string {
  const content = JSON.stringify([source.language, source.name, source.text, source.sounds.map(([path, file]) => [path, file.hash, file.format ?? ''])])
  return createHash('sha256').update(content).digest('hex').slice(0, VERSION_LENGTH)
}

/** The flow of a stored version, made again; undefined where this tonval can no longer make it. */
export function rebuild(source: VersionSource, settings: CheckSettings): Flow | undefined {
  const { served, problems } = checkFlow(source, new Map(source.sounds), settings)
  return served === undefined || problems.some(problem => problem.severity === 'error') ? undefined : served.flow
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
