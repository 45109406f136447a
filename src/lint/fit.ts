/** Which flows must not go live, and which of them no longer fit together. */
import type { Problem } from '../problem/problem.ts'
import type { LiveFlow } from './lines.ts'

/** A file of a flow, or of its scripted calls. */
interface NamedFile {
  readonly name: string
  readonly path: string
}

/** The flows that can be reached from each, by name. */
export type Uses = ReadonlyMap<string, readonly string[]>

/**
 * Flows with an error in their file, in a list or table that they name, or in their scripted calls (while one fails, its
 * flow does not go live), and all that use one of them. `broken`: files and flows with errors.
 */
export function withUsers(broken: ReadonlySet<string>, files: readonly NamedFile[], uses: Uses): ReadonlySet<string> {
  const bad = new Set(files.filter(file => broken.has(file.path) || broken.has(file.name)).map(file => file.name))
  return new Set([...bad, ...[...uses].filter(([, used]) => used.some(name => bad.has(name))).map(([name]) => name)])
}

/** Flows into which an error of a flow that uses them points: both do not fit together. `problems`: those of linking. */
function unfitFlows(problems: readonly Problem[], flows: readonly NamedFile[], uses: Uses): ReadonlySet<string> {
  const names = new Map(flows.map(file => [file.path, file.name]))
  const found = new Set<string>()
  for (const { severity, file, related } of problems) {
    const user = names.get(file) ?? ''
    for (const other of severity === 'error' ? (related ?? []) : []) {
      const used = names.get(other.file) ?? ''
      if (used !== user && uses.get(user)?.includes(used) === true) found.add(used)
    }
  }
  return found
}

/**
 * Flows without an error of their own whose change breaks a flow that uses them, and those that could only go live with
 * such a change: their versions that are live stay. `served`: the version of each flow that could go live.
 */
export function heldBack(problems: readonly Problem[], flows: readonly NamedFile[], uses: Uses, served: ReadonlyMap<string, string>, live: ReadonlyMap<string, LiveFlow>): string[] {
  const isChanged = (name: string): boolean => live.has(name) && served.has(name) && live.get(name)?.version !== served.get(name)
  const unfitting = [...unfitFlows(problems, flows, uses)].filter(isChanged)
  const users = [...uses].filter(([name, used]) => unfitting.some(one => used.includes(one)) && isChanged(name)).map(([name]) => name)
  return [...new Set([...unfitting, ...users])]
}
