/** Which flow answers which line: each line has one, and none that is answered now is left without. */
import type { Problem } from '../problem/problem.ts'
import { placeOf } from '../parse/tree.ts'
import type { Tree } from '../parse/tree.ts'

/** A flow that answers calls now, whatever its file says meanwhile. */
export interface LiveFlow {
  readonly name: string
  readonly version: string
  /** The file that it was made of. */
  readonly path: string
  readonly text: string
  readonly numbers: readonly string[]
}

/** A flow as its file has it. */
export interface Listing {
  readonly name: string
  readonly numbers: readonly string[]
  readonly tree: Tree
}

/** Lines that two files list. Where one of them is what answers now, the other is at fault; else the later by name. */
export function listedTwice(listings: readonly Listing[], live: ReadonlyMap<string, LiveFlow>): Problem[] {
  const isLive = (one: Listing): boolean => live.get(one.name)?.text === one.tree.text
  const first = new Map<string, { one: Listing; index: number }>()
  const problems: Problem[] = []
  for (const one of [...listings].sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || (a.name < b.name ? -1 : 1))) {
    one.numbers.forEach((number, index) => {
      const other = first.get(number)
      if (other === undefined) first.set(number, { one, index })
      else problems.push(usedTwice(one, index, other.one.name, { file: other.one.tree.file, span: placeOf(other.one.tree, ['numbers', other.index]).value, message: 'it is listed here too' }))
    })
  }
  return problems
}

/**
 * What stands in the way of a set of flows because of those that stay as they are: a refused flow goes on with the
 * version that is live, and so does one whose file is gone while nobody else lists its line. `refused` names further
 * flows that must not go live, `kept` the flows without a file that go on.
 */
export function takeOver(served: readonly Listing[], refused: readonly string[], live: ReadonlyMap<string, LiveFlow>): { readonly problems: Problem[]; readonly refused: string[]; readonly kept: string[] } {
  const problems: Problem[] = []
  const kept: string[] = []
  let going = [...served]
  const staying: LiveFlow[] = refused.flatMap(name => live.get(name) ?? [])
  const gone = [...live.values()].filter(flow => !refused.includes(flow.name) && !served.some(one => one.name === flow.name))
  const out: string[] = []
  for (let settled = false; !settled;) {
    settled = true
    const held = new Map(staying.flatMap(flow => flow.numbers.map(number => [number, flow] as const)))
    for (const one of going) {
      const taken = one.numbers.findIndex(number => held.has(number))
      if (taken < 0) continue
      const holder = held.get(one.numbers[taken] as string) as LiveFlow
      problems.push(usedTwice(one, taken, holder.name, { file: holder.path, span: { start: 0, end: 0 }, message: 'the version of it that answers calls lists this line' }))
      out.push(one.name)
      going = going.filter(other => other !== one)
      const before = live.get(one.name)
      if (before !== undefined) staying.push(before)
      settled = false
    }
    const listed = new Set([...going, ...staying].flatMap(flow => flow.numbers))
    for (const flow of gone) {
      const unanswered = flow.numbers.filter(number => !listed.has(number))
      if (unanswered.length === 0 || staying.includes(flow)) continue
      problems.push({
        code: 'line-unanswered', severity: 'error', file: flow.path, span: { start: 0, end: 0 },
        message: `the file of \`${flow.name}\` is gone, and no other flow lists ${unanswered.join(', ')}`, effect: 'whoever rings there would be answered by nobody, so the flow stays in force',
        help: `list the ${unanswered.length === 1 ? 'line' : 'lines'} under \`numbers\` of another flow; or, if nobody is to answer, save ${flow.path} without \`numbers\` and then delete it`,
      })
      staying.push(flow)
      kept.push(flow.name)
      settled = false
    }
  }
  return { problems, refused: out, kept }
}

function usedTwice(one: Listing, index: number, other: string, related: NonNullable<Problem['related']>[number]): Problem {
  return {
    code: 'number-used-twice', severity: 'error', file: one.tree.file, span: placeOf(one.tree, ['numbers', index]).value,
    message: `the line ${one.numbers[index]} is already answered by \`${other}\``,
    effect: 'nobody could say which flow answers', help: 'list each line in one flow', related: [related],
  }
}
