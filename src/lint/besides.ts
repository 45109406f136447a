/** Lists and tables beside flows: whose mistake is told once, and keeps every flow that names it from going live. */
import type { Compiled } from '../compile/compile.ts'
import type { Problem } from '../problem/problem.ts'

/** Files with errors, and the names of flows that name such a list or table. */
export function filesWithErrors(problems: readonly Problem[], beside: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const files = problems.filter(problem => problem.severity === 'error').map(problem => problem.file)
  return new Set([...files, ...files.flatMap(file => beside.get(file) ?? [])])
}

/** The lists and tables that flows name, each with the flows. */
export function besideOf(read: readonly { readonly file: { readonly name: string }; readonly compiled?: Pick<Compiled, 'files'> }[]): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>()
  for (const { file, compiled } of read) for (const { path } of compiled?.files.values() ?? []) beside.set(path, [...(beside.get(path) ?? []), file.name])
  return beside
}

/** A mistake in a list that several flows name is one. */
export function onceEach(problems: readonly Problem[], beside: ReadonlyMap<string, readonly string[]>): Problem[] {
  const seen = new Set<string>()
  return problems.filter(problem => {
    if (!beside.has(problem.file)) return true
    const key = `${problem.file} ${problem.span.start} ${problem.code} ${problem.message}`
    return !seen.has(key) && seen.add(key)
  })
}
