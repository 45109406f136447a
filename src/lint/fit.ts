/** Which flows must not go live, and which of them no longer fit together. */
import type { Problem } from '../problem/problem.ts'

/** A file of a flow, or of its scripted calls. */
interface NamedFile {
  readonly name: string
  readonly path: string
}

/** The flows that can be reached from each, by name. */
type Uses = ReadonlyMap<string, readonly string[]>

/** Files with an error. */
export function filesWithErrors(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.filter(problem => problem.severity === 'error').map(problem => problem.file))
}

/** Flows with an error in their file, or in their scripted calls (while one fails, its flow does not go live), and all that use one of them. */
export function withUsers(broken: ReadonlySet<string>, files: readonly NamedFile[], uses: Uses): ReadonlySet<string> {
  const bad = new Set(files.filter(file => broken.has(file.path)).map(file => file.name))
  return new Set([...bad, ...[...uses].filter(([, used]) => used.some(name => bad.has(name))).map(([name]) => name)])
}

/** Flows into which an error of a flow that uses them points: both do not fit together. Each with those that use it. */
export function unfitFlows(problems: readonly Problem[], flows: readonly NamedFile[], uses: Uses): ReadonlyMap<string, readonly string[]> {
  const names = new Map(flows.map(file => [file.path, file.name]))
  const found = new Map<string, readonly string[]>()
  for (const { severity, file, related } of problems) {
    const user = names.get(file) ?? ''
    for (const other of severity === 'error' ? (related ?? []) : []) {
      const used = names.get(other.file) ?? ''
      if (used !== user && uses.get(user)?.includes(used) === true) found.set(used, [...(found.get(used) ?? []), user])
    }
  }
  return found
}
