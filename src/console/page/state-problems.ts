/** Problems by the states that they stand in, so that the picture can show them where they are. */
import type { JsonProblem } from './api-shapes.ts'
import { stateFinder } from './edit/state-lines.ts'

export type StateProblems = ReadonlyMap<string, readonly JsonProblem[]>

/** The errors first. */
const ORDER = ['error', 'warning', 'info']

/** Those that stand in a state of the flow's own file, whose text is given; what stands elsewhere in it, or in another file, belongs to none. */
export function problemsByState(problems: readonly JsonProblem[], name: string, text: string): StateProblems {
  const stateAt = stateFinder(text)
  const found = new Map<string, JsonProblem[]>()
  for (const problem of bySeverity(problems)) {
    const state = isOf(problem, name) ? stateAt(problem.range.start.line) : undefined
    if (state !== undefined) found.set(state, [...(found.get(state) ?? []), problem])
  }
  return found
}

/** Whether a problem stands in the flow's own file, and not in its calls or another's. */
export function isOf(problem: JsonProblem, name: string): boolean {
  return problem.file.split(/[\\/]/).at(-1) === `${name}.yaml`
}

/** The worst first, then as they stand in the file. */
export function bySeverity(problems: readonly JsonProblem[]): readonly JsonProblem[] {
  return [...problems].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.range.start.offset - b.range.start.offset))
}
