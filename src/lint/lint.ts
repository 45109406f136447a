/** Flow and file → problems that a schema cannot see. */
import type { Problem, Span } from '../problem/problem.ts'
import type { Compiled } from '../compile/compile.ts'
import { commentsIn } from '../parse/comments.ts'
import type { Tree } from '../parse/tree.ts'
import type { FlowData } from '../validate/document.ts'
import { runFileRule, runRule } from './rule.ts'
import type { FileRule, Outside, Rule } from './rule.ts'
import { walkOf } from './walk/walk.ts'
import { unhandledOutcome } from './rules/unhandled-outcome.ts'
import { unreachableState } from './rules/unreachable-state.ts'

/** The rules of the file as it is written. A new one is one file and one line here. */
export const FILE_RULES: readonly FileRule[] = []

/** The rules of what a flow means, in the order in which one gives way to another. A new one is one file and one line here. */
export const RULES: readonly Rule[] = [unhandledOutcome, unreachableState]

/** What a file's own rules find, and the places that nothing more is to be said about. */
export function lintFile(tree: Tree): { problems: readonly Problem[]; covered: readonly Span[] } {
  const problems: Problem[] = []
  const covered: Span[] = []
  const comments = commentsIn(tree.text)
  for (const rule of FILE_RULES) {
    runFileRule(rule, { tree, comments }, (problem, covers) => {
      problems.push(problem)
      covered.push(...covers)
    })
  }
  return { problems, covered }
}

/** What the rules find in one flow that was read whole. */
export function lint(compiled: Pick<Compiled, 'flow'>, tree: Tree, data: FlowData, outside: Outside): Problem[] {
  const problems: Problem[] = []
  const { flow } = compiled
  const linted = { flow, tree, data, outside, walk: walkOf(flow) }
  for (const rule of RULES) runRule(rule, linted, problem => problems.push(problem))
  return problems
}
