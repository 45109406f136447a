/** A rule: looks at a compiled flow and tells what a caller would meet. One file each in rules/. */
import type { Problem, Severity } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import { placeOf, pointAt } from '../parse/tree.ts'
import type { Path, Tree } from '../parse/tree.ts'

export interface Rule {
  readonly name: string
  readonly severity: Severity
  /** In one sentence: what it costs a caller or the operator. */
  readonly why: string
  /** A flow without the problem, and one with exactly this one. */
  readonly valid: string
  readonly invalid: string
  check(linted: Linted): void
}

/** A flow, the file that it comes from, and where problems go. */
export interface Linted {
  readonly flow: Flow
  readonly tree: Tree
  readonly tell: (path: Path, problem: Omit<Problem, 'file' | 'span' | 'code' | 'severity'>, at?: 'value' | 'key') => void
}

/** Runs one rule over a flow. */
export function runRule(rule: Rule, flow: Flow, tree: Tree, report: (problem: Problem) => void): void {
  rule.check({
    flow, tree,
    tell(path, problem, at = 'value') {
      const place = placeOf(tree, path)
      report({ code: rule.name, severity: rule.severity, file: tree.file, span: at === 'key' ? (place.key ?? place.value) : pointAt(place), ...problem })
    },
  })
}
