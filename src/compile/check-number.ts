/** Numbers that a file fixes: what is wrong with one is told where it stands. */
import type { Path } from '../parse/tree.ts'
import type { Problem } from '../problem/problem.ts'
import { placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import { numberProblem } from './number-problem.ts'

/** Tells of a number at a path that nobody can ring. `also`: what more is said of it. */
export function checkNumber(context: Context, path: Path, number: string, also: Pick<Problem, 'effect' | 'related'> = {}): void {
  const wrong = numberProblem(context, number, also.effect)
  if (wrong === undefined) return
  const { meant, sure, ...told } = wrong
  const { node, value } = placeIn(context, path)
  const fix = meant !== undefined && sure === true && node.kind === 'scalar' && node.text === number ? { fix: { safe: true, edits: [{ span: value, text: `"${meant}"` }] } } : {}
  tell(context, path, { ...also, ...told, ...fix })
}
