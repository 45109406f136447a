/** A file of scripted calls → scripts, with every word that names nothing in the flow as a problem. */
import type { Problem, Span } from '../problem/problem.ts'
import { parse } from '../parse/parse.ts'
import { placeOf, pointAt } from '../parse/tree.ts'
import type { Path, Tree } from '../parse/tree.ts'
import { validateCalls } from '../validate/validate-calls.ts'
import type { CallData, CallsData, GivenData } from '../validate/validate-calls.ts'
import type { Around } from './around.ts'
import { checkGivenNames, givenWorld } from './given.ts'
import { readStep } from './read-step.ts'
import type { Script } from './script.ts'

/** When a call comes in that does not say: a Monday at noon, in UTC. */
export const USUAL_TIME = Date.UTC(2026, 2, 2, 12, 0)
/** Who calls, and which line is called, where neither the script nor the flow says. */
export const USUAL_CALLER = '+46701740699'
const USUAL_LINE = '+46846500499'

export interface CallsFile {
  readonly tree: Tree | undefined
  readonly data: CallsData | undefined
  readonly problems: readonly Problem[]
}

/** A file of scripted calls by itself, whatever its flow. */
export function readCallsFile(file: string, text: string): CallsFile {
  const { tree, problems: mistakes } = parse(file, text)
  if (tree === undefined || tree.unread.length > 0) return { tree, data: undefined, problems: mistakes.map(inWordsOfCalls) }
  const { data, problems } = validateCalls(tree)
  return { tree, data: mistakes.length > 0 ? undefined : data, problems: [...mistakes, ...problems] }
}

/** What the parser says of a flow, said of scripted calls. */
function inWordsOfCalls(problem: Problem): Problem {
  switch (problem.code) {
    case 'empty-file': return { ...problem, help: 'scripted calls stand as a list under `calls:`; where there are none, delete the file' }
    case 'several-documents': return { ...problem, help: 'all calls of a flow stand in one list under `calls:`: delete the `---`' }
    case 'wrong-type': return { ...problem, message: problem.message.replace('a flow is a map of keys such as `start:` and `states:`', 'scripted calls stand as a list under the key `calls:`') }
    default: return problem
  }
}

export interface ReadScript {
  readonly script: Script
  /** What differs in the world of this call. */
  readonly given: GivenData
}

/** The scripts of a file for its flow. Those of a file with a problem must not be held against anything. */
export function readScripts(tree: Tree, data: CallsData, around: Around): { readonly scripts: readonly ReadScript[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const scripts = data.calls.map((call, index) => readScript(tree, call, index, around, problems))
  problems.push(...sameNames(tree, data))
  return { scripts, problems }
}

function readScript(tree: Tree, call: CallData, index: number, around: Around, problems: Problem[]): ReadScript {
  const path: Path = ['calls', index]
  const { flow } = around
  const direction = call.direction ?? 'incoming'
  const line = flow.numbers[0] ?? USUAL_LINE
  const tell = (at: Path, problem: Omit<Problem, 'file' | 'severity' | 'span'>): void => {
    problems.push({ severity: 'error', file: tree.file, span: spanAt(tree, at), context: { span: spanAt(tree, [...path, 'name']), label: 'in this call' }, ...problem })
  }
  const at = call.at === undefined ? USUAL_TIME : Date.parse(call.at)
  if (Number.isNaN(at)) tell([...path, 'at'], { code: 'bad-value', message: `\`at\`: there is no time \`${call.at}\``, help: 'write it as in 2026-03-02T14:30+01:00' })
  const given = call.given ?? {}
  checkGivenNames(given, [...path, 'given'], around, tell)
  return {
    given,
    script: {
      name: call.name, file: tree.file, span: spanAt(tree, [...path, 'name']), at: Number.isNaN(at) ? USUAL_TIME : at, direction,
      // in an outgoing call `from` is our line
      from: call.from ?? (direction === 'outgoing' ? line : USUAL_CALLER), to: call.to ?? (direction === 'outgoing' ? USUAL_CALLER : line),
      world: givenWorld(given, [...path, 'given'], around, tell),
      steps: call.steps.map((step, at) => readStep(tree, step, [...path, 'steps', at], around, tell)),
    },
  }
}

/** The first line of what stands at a path: a frame shows one line. */
export function spanAt(tree: Tree, path: Path): Span {
  const place = placeOf(tree, path)
  const span = typeof path.at(-1) === 'number' ? place.value : pointAt(place)
  const newline = tree.text.indexOf('\n', span.start)
  return newline >= 0 && newline < span.end ? { start: span.start, end: newline } : span
}

function sameNames(tree: Tree, data: CallsData): Problem[] {
  const first = new Map<string, number>()
  return data.calls.flatMap(({ name }, index): Problem[] => {
    const other = first.get(name)
    if (other === undefined) {
      first.set(name, index)
      return []
    }
    return [{
      code: 'duplicate-name', severity: 'error', file: tree.file, span: spanAt(tree, ['calls', index, 'name']),
      message: `two calls are named \`${name}\``, help: 'say in the name what this one shows that the other does not',
      related: [{ file: tree.file, span: spanAt(tree, ['calls', other, 'name']), message: 'the other one is here' }],
    }]
  })
}
