/** A file of the folder, read as far as that goes, and then linked with the flows that it uses. */
import type { Problem } from '../problem/problem.ts'
import { parse } from '../parse/parse.ts'
import { unreadable } from '../parse/source-file.ts'
import type { SourceFile } from '../parse/source-file.ts'
import { isUnread } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'
import { compile } from '../compile/compile.ts'
import type { Compiled } from '../compile/compile.ts'
import type { Surroundings } from '../compile/context.ts'
import { flowsIn } from '../compile/sections.ts'
import type { FlowDocument } from '../validate/document.ts'
import { validate } from '../validate/validate.ts'
import { lintFile } from './lint.ts'
import { explainInvisible } from './rules/invisible-character.ts'

/** A file by itself. */
export interface Read {
  readonly file: SourceFile
  readonly tree?: Tree
  readonly document?: FlowDocument
  /** The flows that it names itself, whether there are such flows or not. */
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
  /** Whether what is said of a place is worth telling: not where a rule of the file as it is written has explained it. */
  readonly isTold: (problem: Problem) => boolean
}

/** The same with the flows that it uses. */
export interface Linked extends Read {
  readonly compiled?: Compiled
}

/** Reads one file. */
export function readFlow(file: SourceFile): Read {
  const whole = { start: 0, end: 0 }
  const none = { file, names: [], isTold: () => true }
  if (file.unreadable !== undefined) return { ...none, problems: [unreadable(file, file.unreadable)] }
  if (!/^[a-z][a-z0-9_-]{0,63}$/.test(file.name)) {
    return { ...none, problems: [{ code: 'bad-name', severity: 'error', file: file.path, span: whole, message: `\`${file.name}\` cannot be the name of a flow`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most: rename the file' }] }
  }
  const parsed = parse(file.path, file.text)
  const mistakes = explainInvisible(file.text, parsed.problems)
  const { tree } = parsed
  if (tree === undefined) return { ...none, problems: mistakes }
  const asWritten = lintFile(tree)
  // lines that an invisible character moved only seem to be out of place
  if (asWritten.misread) return { ...none, tree, problems: [...parsed.problems.filter(problem => problem.code !== 'yaml-syntax'), ...asWritten.problems] }
  const { document, problems: misshapen } = validate(file.name, tree)
  const covered = new Set(asWritten.covered.map(span => span.start))
  // in a part that could not be read, nothing but that is known
  const isTold = (problem: Problem): boolean => problem.file !== file.path || (!covered.has(problem.span.start) && !isUnread(tree, problem.span))
  return {
    file, tree, document, names: flowsIn(document), isTold,
    problems: [...mistakes.filter(problem => !covered.has(problem.span.start)), ...misshapen.filter(isTold), ...asWritten.problems.filter(problem => tree.unread.length === 0 || (problem.severity === 'error' && !isUnread(tree, problem.span)))],
  }
}

/** Links a flow with those that it uses. */
export function linkFlow(read: Read, surroundings: Surroundings): Linked {
  if (read.document === undefined) return read
  const compiled = compile(read.document, surroundings)
  return { ...read, compiled, problems: [...read.problems, ...compiled.problems.filter(read.isTold)] }
}

/** The documents of flows by name: those that others may run. */
export function documentsOf(read: readonly Read[]): ReadonlyMap<string, FlowDocument> {
  return new Map(read.flatMap(one => (one.document === undefined ? [] : [[one.file.name, one.document] as const])))
}

/** All flows that are named in a flow, or in one that is. */
export function reachedFrom(read: Read, byName: ReadonlyMap<string, Read>): ReadonlySet<string> {
  const reached = new Set(read.names)
  for (const name of reached) for (const next of byName.get(name)?.names ?? []) reached.add(next)
  return reached
}

/** Whether nothing in a flow's own file keeps it from being looked at as it is. */
export function isWhole({ document, compiled }: Linked): boolean {
  return document?.whole === true && compiled?.problems.some(problem => problem.severity === 'error') === false
}

/** Whether a flow can be made of it, whatever the rules say. */
export function isMade(read: Linked): boolean {
  return isWhole(read) && read.compiled?.usesSound === true && !read.problems.some(problem => problem.severity === 'error')
}
