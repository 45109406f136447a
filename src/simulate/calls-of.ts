/** A file of scripted calls, held against the flow beside it. */
import type { Surroundings } from '../compile/context.ts'
import type { Flow } from '../compile/flow.ts'
import { unreadable } from '../parse/source-file.ts'
import type { SourceFile } from '../parse/source-file.ts'
import type { Problem } from '../problem/problem.ts'
import type { FlowDocument } from '../validate/document.ts'
import { nearest } from '../validate/nearest.ts'
import { holdCalls } from './hold-calls.ts'
import type { HeldCalls } from './hold-calls.ts'
import { readCallsFile } from './read-scripts.ts'

/** What stands beside a file of calls. */
export interface Beside {
  /** The names of all flows. */
  readonly names: readonly string[]
  /** The flow that answers them, if it could. */
  readonly flow: Flow | undefined
  readonly document: FlowDocument | undefined
  readonly surroundings: Surroundings
}

/** The calls of one file; without a flow that could answer them they are only read. */
export function callsOf(file: SourceFile, { names, flow, document, surroundings }: Beside): HeldCalls {
  if (file.unreadable !== undefined) return { held: [], problems: [unreadable(file, file.unreadable)] }
  if (!names.includes(file.name)) {
    const meant = nearest(file.name, names)
    return { held: [], problems: [aboutNone(file, `there is no flow \`${file.name}\` for these calls`, 'nobody would notice what they say', meant === undefined ? 'calls stand beside their flow: those of `support.yaml` in `support.calls.yaml`' : `did you mean \`${meant}\`? Then rename the file to ${meant}.calls.yaml`)] }
  }
  const calls = readCallsFile(file.path, file.text)
  if (flow === undefined || document === undefined) return { held: [], problems: calls.problems }
  if (flow.answers) return holdCalls(calls, { flow, document, surroundings })
  const why = aboutNone(file, `no call begins in \`${file.name}\`: it has exits, or inputs that must be given`, 'nobody would notice what these calls say', 'write the calls beside a flow that runs it: they go through it')
  return { held: [], problems: [...calls.problems, why] }
}

function aboutNone(file: SourceFile, message: string, effect: string, help: string): Problem {
  return { code: 'unknown-flow', severity: 'error', file: file.path, span: { start: 0, end: 0 }, message, effect, help }
}
