/** Flow → problems that a schema cannot see. */
import type { Problem } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import type { Tree } from '../parse/tree.ts'
import { runRule } from './rule.ts'
import type { Rule } from './rule.ts'
import { unhandledOutcome } from './rules/unhandled-outcome.ts'
import { unreachableState } from './rules/unreachable-state.ts'

/** All rules that are built. A new one is one file and one line here. */
export const RULES: readonly Rule[] = [unhandledOutcome, unreachableState]

/** What the rules find in one flow. */
export function lint(flow: Flow, tree: Tree): Problem[] {
  const problems: Problem[] = []
  for (const rule of RULES) runRule(rule, flow, tree, problem => problems.push(problem))
  return problems
}
