/** The scripted calls of one flow, all held against it: what fails is a problem of the file that they stand in. */
import type { Problem } from '../problem/problem.ts'
import type { Around } from './around.ts'
import { flowGiven } from './given.ts'
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
  for (const [index, { script, given }] of scripts.entries()) {
    const { flow, mistake } = flowGiven(around, given)
    if (mistake === undefined) held.push(simulate(flow, script))
    else found.push({ code: 'bad-value', severity: 'error', file: tree.file, span: spanAt(tree, ['calls', index, 'given', given.vars === undefined ? 'lists' : 'vars']), message: `with these \`${given.vars === undefined ? 'lists' : given.lists === undefined ? 'vars' : 'vars` and `lists'}\` the flow cannot be used: ${mistake}` })
  }
  return { held, problems: [...found, ...held.flatMap(one => (one.departure === undefined ? [] : [callFails(one, one.departure)]))] }
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
