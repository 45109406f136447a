/** Where a state leads: each of its keys, outcomes and lines, and which of them stand for each other in two versions. */
import type { Flow, State, Template, Test } from '../compile/flow.ts'

/** Where a key, an outcome or a line leads. */
export interface Exit {
  /** `1`, `2xx`, `any`, `noinput`, `line 2`. */
  readonly name: string
  readonly kind: 'key' | 'entry' | 'outcome' | 'line'
  readonly to: number
  /** A key that is taken although the state tests or keeps what is entered. */
  readonly untested?: boolean
  /** Of a line: what it asks; undefined for the last, which asks nothing. */
  readonly test?: Test
}

/** An exit before and after; one of them is missing where it is new or gone. */
export interface ExitPair {
  readonly before?: Exit
  readonly after?: Exit
  /** Whether a line asks something else than before. */
  readonly otherTest?: boolean
}

/** All exits of a state, in the order in which they are told. */
export function exitsOf(state: State): Exit[] {
  switch (state.verb) {
    case 'ivr': {
      const tested = state.save !== undefined || state.valid !== undefined || state.equals !== undefined || state.min > 1
      const key = (name: string, to: number, untested: boolean): Exit => ({ name, kind: 'key', to, ...(untested ? { untested } : {}) })
      const entry = state.any ?? (state.patterns.length === 0 && Object.keys(state.keys).length === 0 ? state.next : undefined)
      return [
        ...Object.entries(state.keys).map(([name, to]) => key(name, to, false)),
        ...Object.entries(state.fileKeys).map(([name, to]) => key(name, to, tested)),
        ...state.patterns.map(({ pattern, to }) => key(pattern, to, false)),
        ...(entry === undefined ? [] : [{ name: 'any', kind: 'entry' as const, to: entry }]),
        ...outcomes(state.edges),
      ]
    }
    case 'play': case 'connect': case 'record': case 'set': case 'lookup': case 'send': case 'flow': return outcomes(state.edges)
    case 'fetch': return [...outcomes(Object.fromEntries(Object.entries(state.keys).map(([key, to]) => [key, { to }]))), ...outcomes(state.edges)]
    case 'route': return state.lines.map(({ when, to }, index) => ({ name: `line ${index + 1}`, kind: 'line', to, ...(when === undefined ? {} : { test: when }) }))
    default: return []
  }
}

function outcomes(edges: Readonly<Record<string, { readonly to: number }>>): Exit[] {
  return Object.entries(edges).map(([name, { to }]) => ({ name, kind: 'outcome', to }))
}

/** A text for a template that is equal for two that say the same, whatever the places of their values. */
export function templateKey(template: Template): string {
  return JSON.stringify(template.map(part => (typeof part === 'string' ? part : { ...part, index: 0 })))
}

/** A text for a test that is equal for two that ask the same; `nameOf` says which state an index stands for. */
export function testKey(test: Test | undefined, nameOf: (index: number) => string): string {
  if (test === undefined) return ''
  switch (test.test) {
    case 'visited': return JSON.stringify([test.test, nameOf(test.state), test.times])
    case 'answered': case 'recorded': return JSON.stringify([test.test, nameOf(test.state)])
    // what its hours are is told of the schedule itself
    case 'schedule': return JSON.stringify([test.test, test.name, test.is])
    // where it is drawn is nothing that a caller could notice
    case 'chance': return JSON.stringify([test.test, test.share])
    case 'any': case 'all': return JSON.stringify([test.test, test.tests.map(one => testKey(one, nameOf))])
    case 'not': return JSON.stringify(['not', testKey(test.tests[0], nameOf)])
    case 'value': return JSON.stringify([test.test, templateKey(test.value), test.compare.by === 'in' ? test.compare.texts.map(templateKey) : test.compare])
    default: return JSON.stringify(test)
  }
}

/** Says which state an index stands for, the same for a state before and its state after. */
export type NameOf = (side: 'before' | 'after', index: number) => string

/** The exits of a state before and after, each with its counterpart. */
export function pairExits(before: State, after: State, nameOf: NameOf): ExitPair[] {
  const old = exitsOf(before)
  const now = exitsOf(after)
  if (before.verb === 'route' && after.verb === 'route') return pairLines(old, now, nameOf)
  const named = new Map(old.map(exit => [exit.name, exit]))
  const taken = new Set(now.map(exit => exit.name))
  return [
    ...now.map(exit => { const was = named.get(exit.name); return was === undefined ? { after: exit } : { before: was, after: exit } }),
    ...old.filter(exit => !taken.has(exit.name)).map(exit => ({ before: exit })),
  ]
}

/** Lines are known by what they ask, in their order: a line that is put in between moves those behind it, and changes none of them. */
function pairLines(old: readonly Exit[], now: readonly Exit[], nameOf: NameOf): ExitPair[] {
  const oldKeys = old.map(exit => testKey(exit.test, index => nameOf('before', index)))
  const nowKeys = now.map(exit => testKey(exit.test, index => nameOf('after', index)))
  const pairs: ExitPair[] = []
  let [o, n] = [0, 0]
  for (const [nextOld, nextNow] of [...commonOf(oldKeys, nowKeys), [old.length, now.length] as const]) {
    // between two that are equal, lines stand for each other in their order
    for (; o < nextOld && n < nextNow; o++, n++) pairs.push({ before: old[o], after: now[n], otherTest: true })
    for (; o < nextOld; o++) pairs.push({ before: old[o] })
    for (; n < nextNow; n++) pairs.push({ after: now[n] })
    if (o < old.length && n < now.length) pairs.push({ before: old[o++], after: now[n++] })
  }
  return pairs
}

/** The places of a longest common subsequence; of very long lists only what is equal at their beginning and end. */
function commonOf(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++
  const found = Array.from({ length: start }, (_, i) => [i, i] as const)
  const [rows, columns] = [a.length - start - end, b.length - start - end]
  if (rows * columns <= MOST_COMPARED) {
    const length = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1))
    const at = (i: number, j: number): number => (length[i] as Uint16Array)[j] as number
    for (let i = rows - 1; i >= 0; i--) for (let j = columns - 1; j >= 0; j--) (length[i] as Uint16Array)[j] = a[start + i] === b[start + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    for (let i = 0, j = 0; i < rows && j < columns;) {
      if (a[start + i] === b[start + j]) found.push([start + i++, start + j++])
      else if (at(i + 1, j) >= at(i, j + 1)) i++
      else j++
    }
  }
  for (let i = end; i > 0; i--) found.push([a.length - i, b.length - i])
  return found
}

/** Comparisons of one state's lines with each other. */
const MOST_COMPARED = 250_000

/** Whether an index is that of a state of its own, and not an address that takes calls over, or the end. */
export function isOwn(flow: Flow, index: number): boolean {
  const state = flow.states[index]
  return state !== undefined && state.verb !== 'handover'
}
