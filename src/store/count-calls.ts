/** Calls on record, added up. */
import type { CallEnd, CallFigures, MenuFigures } from './call-record.ts'
import { readMoves } from './call-lines.ts'

export interface CountedCall {
  readonly begun: number
  readonly ended: CallEnd | null
  /** Who answered, as it was told at the end. */
  readonly answered: string
  /** The entries of its steps. */
  readonly trace: string
}

const QUARTER = 900_000

/** The figures of calls. */
export function countCalls(calls: readonly CountedCall[]): Omit<CallFigures, 'next'> {
  const quarters = new Map<number, number>()
  const ends = new Map<CallEnd, number>()
  const edges = new Map<string, number>()
  const menus = new Map<string, { asked: number; silence: number; wrong: number; keys: Map<string, number> }>()
  const human: number[] = []
  let live = 0
  for (const { begun, ended, answered, trace } of calls) {
    count(quarters, Math.floor(begun / QUARTER))
    if (ended === null) live++
    else count(ends, ended)
    let rung: number | undefined
    let isAnswered = false
    for (const entry of trace.split('\n')) {
      const { at, moves, met, pressed } = readMoves(entry)
      for (const { from, event, to } of moves) count(edges, `${from}\n${event}\n${to}`)
      const first = moves[0]
      if (first !== undefined && !isAnswered && rung !== undefined && first.event === 'success') isAnswered = true
      if (!isAnswered) rung = met === 'connect' ? at : undefined
      const to = moves.at(-1)?.to
      if (met === 'ivr' && to !== undefined) menuOf(to).asked++
      if (first?.event === 'noinput' || first?.event === 'silent') menuOf(first.from).silence++
      if (first?.event !== 'nomatch' && first?.event !== 'sorry') continue
      const menu = menuOf(first.from)
      menu.wrong++
      if (pressed !== undefined) count(menu.keys, pressed)
    }
    if (rung !== undefined && (isAnswered || answered !== '')) human.push(rung - begun)
  }

  function menuOf(state: string) {
    const known = menus.get(state) ?? { asked: 0, silence: 0, wrong: 0, keys: new Map<string, number>() }
    menus.set(state, known)
    return known
  }

  return {
    calls: calls.length, live, quarters: [...quarters], ends: [...ends], human,
    edges: [...edges].map(([key, times]) => {
      const [from = '', event = '', to = ''] = key.split('\n')
      return { from, event, to, count: times }
    }),
    menus: [...menus].map(([state, menu]): MenuFigures => ({ state, ...menu, keys: [...menu.keys] })),
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
