/** The table of reports of the language: for each report the first word that exists, then nobody's `end`. */
import type { TargetData } from '../validate/document.ts'
import type { StateData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import type { Context } from './context.ts'
import { compileTarget } from './target.ts'
import { END } from './flow.ts'
import type { Edge } from './flow.ts'

/** The targets that one state writes, looked up by word. */
export interface Written {
  readonly on: Readonly<Record<string, number>>
  readonly next: number | undefined
  readonly defaults: Readonly<Record<string, number>>
}

/** Compiles what `on`, `next` and the file's `defaults` write for a state. */
export function compileWritten(context: Context, path: Path, verb: string, data: StateData): Written {
  const on = targets(context, [...path, 'on'], data['on'])
  const next = data['next'] === undefined ? undefined : compileTarget(context, [...path, 'next'], data['next'] as TargetData)
  const defaults = targets(context, ['defaults', verb, 'on'], context.document.data.defaults?.[verb]?.['on'])
  return { on, next, defaults }
}

function targets(context: Context, path: Path, on: unknown): Record<string, number> {
  const result: Record<string, number> = {}
  for (const [word, target] of Object.entries((on ?? {}) as Record<string, TargetData>)) {
    if (word !== 'note') result[word] = compileTarget(context, [...path, word], target)
  }
  return result
}

/** The edge of a report: its words in order, `next` where it counts, the defaults' words, `end`. */
export function edge(written: Written, words: readonly string[], next: boolean): Edge {
  for (const word of words) {
    const to = written.on[word]
    if (to !== undefined) return { to, word }
  }
  if (next && written.next !== undefined) return { to: written.next, word: 'next' }
  for (const word of words) {
    const to = written.defaults[word]
    if (to !== undefined) return { to, word, shared: true }
  }
  return { to: END, word: undefined }
}

/** An option of a state, or the file's default for its verb. */
export function option<T>(context: Context, verb: string, data: StateData, key: string): T | undefined {
  return (data[key] ?? context.document.data.defaults?.[verb]?.[key]) as T | undefined
}

/** Where an option is written: in the state, or under `defaults`. */
export function optionPath(path: Path, verb: string, data: StateData, key: string): Path {
  return data[key] !== undefined ? [...path, key] : ['defaults', verb, key]
}
