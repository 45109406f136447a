/** What is said of a text that nobody has saved: as if it had been, and in the form in which it is sent on. */
import { sourcesOf } from '../check.ts'
import type { CheckedCalls } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import { diffFlows } from '../diff/diff-flows.ts'
import { graphOf } from '../draw/graph.ts'
import { Places } from '../problem/findings.ts'
import { jsonProblem } from '../problem/render-json.ts'
import type { Draft, DraftAsked } from './checker.ts'
import { findingsOf } from './edit.ts'

/** `live`: the flow that answers now. */
export function draftOf(checked: CheckedCalls, { set, name, refused }: DraftAsked, live: Flow | undefined): Draft {
  const broken = checked.refused.filter(one => one === name || !refused.includes(one))
  const toBlame = new Set(findingsOf(set, checked, [...new Set([name, ...broken])]).problems)
  const own = set.flows.find(file => file.name === name)?.path
  const places = new Places(sourcesOf(set))
  const flow = checked.compiled.get(name)
  const one = (of: Flow | undefined): Map<string, Flow> => new Map(of === undefined ? [] : [[name, of]])
  return {
    fits: broken.length === 0,
    problems: checked.problems.filter(problem => problem.file === own || toBlame.has(problem)).map(problem => jsonProblem(problem, places)),
    ...(flow === undefined ? {} : { graph: graphOf(flow), changes: diffFlows(one(live), one(flow)) }),
  }
}
