/** The scripted calls of one flow, all held against it: what fails is a problem of the file that they stand in. */
import type { Problem } from '../problem/problem.ts'
import { compile } from '../compile/compile.ts'
import type { Flow } from '../compile/flow.ts'
import type { Around } from './around.ts'
import { readScripts, spanAt } from './read-scripts.ts'
import type { CallsFile } from './read-scripts.ts'
import { simulate } from './simulate.ts'
import type { Departure, Held } from './simulate.ts'

export interface HeldCalls {
  readonly held: readonly Held[]
  readonly problems: readonly Problem[]
}

/** Holds every call of a file against its flow. Where the file itself has a problem, none is held. */
export function holdCalls(file: CallsFile, around: Around): HeldCalls {
  const { tree, data } = file
  if (tree === undefined || data === undefined) return { held: [], problems: file.problems }
  const { scripts, problems } = readScripts(tree, data, around)
  if (problems.length > 0) return { held: [], problems }
  const held: Held[] = []
  const found: Problem[] = []
  for (const [index, { script, vars }] of scripts.entries()) {
    const { flow, mistake } = withVars(around, vars)
    if (mistake === undefined) held.push(simulate(flow, script))
    else found.push({ code: 'bad-value', severity: 'error', file: tree.file, span: spanAt(tree, ['calls', index, 'given', 'vars']), message: `with these \`vars\` the flow cannot be used: ${mistake}` })
  }
  return { held, problems: [...found, ...held.flatMap(one => (one.departure === undefined ? [] : [callFails(one, one.departure)]))] }
}

/** The flow with other `vars`, which stand in it as texts: it is compiled anew. */
function withVars(around: Around, vars: Readonly<Record<string, string>>): { readonly flow: Flow; readonly mistake?: string } {
  const { flow, document, surroundings } = around
  if (Object.keys(vars).length === 0) return { flow }
  const changed = compile({ ...document, data: { ...document.data, vars: { ...document.data.vars, ...vars } } }, surroundings)
  const mistake = changed.problems.find(problem => problem.severity === 'error')?.message
  return { flow: { ...changed.flow, version: flow.version }, ...(mistake === undefined ? {} : { mistake }) }
}

/** A call that left its script, as a problem at the step where it did. */
export function callFails({ script, transcript }: Held, { at, expected, met }: Departure): Problem {
  return {
    code: 'call-fails', severity: 'error', file: script.file, span: at.span,
    message: `the call \`${script.name}\` goes another way`,
    label: `met ${met}`,
    context: { span: script.span, label: 'in this call' },
    effect: `expected ${expected}\nmet      ${met}`,
    help: `so far:\n${sofar(transcript).map(line => `  ${line}`).join('\n')}`,
  }
}

/** A transcript for people: the carrier's own reports are left out, and so is how a call ended that nobody ended. */
export function sofar(transcript: readonly string[]): string[] {
  const lines = transcript.filter(line => !line.startsWith('-> '))
  return lines.length === 0 ? ['nothing yet'] : lines
}
