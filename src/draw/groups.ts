/** Edges of a graph, put together as they are drawn: those with the same ends, those of many states, and those to states that many lead to. */
import type { Graph, GraphEdge } from './shape.ts'

/** Edges that leave the same state for the same target. */
export interface Group {
  readonly from: string
  readonly to: string
  readonly edges: readonly GraphEdge[]
}

export interface Groups {
  /** Drawn as arrows. */
  readonly groups: readonly Group[]
  /** Said in the box of their state, by its name. */
  readonly notes: ReadonlyMap<string, readonly Group[]>
  /** What comes from many states, once for each target: in words. */
  readonly anywhere: readonly { readonly to: string; readonly words: readonly string[] }[]
}

/** Edges that the file writes once are drawn once where at least so many states have them. */
const MANY = 4
/** States from which arrows to one state hide everything else; in a large flow they would be longer, too. */
const MOST_ARROWS = { small: 12, large: 6 }

/** What becomes of each edge. `isLarge`: whether the flow has so many states that room is short. */
export function groupsOf(graph: Graph, isLarge: boolean): Groups {
  const { groups, shared } = grouped(graph)
  const arrows = new Map<string, number>()
  for (const { to, from } of groups) if (to !== 'end' && to !== from) arrows.set(to, (arrows.get(to) ?? 0) + 1)
  const isHub = ({ to }: Group): boolean => (arrows.get(to) ?? 0) > MOST_ARROWS[isLarge ? 'large' : 'small']
  const words = new Map<string, string[]>(shared)
  for (const [to, count] of arrows) if (to !== graph.start && isHub({ from: '', to, edges: [] })) words.set(to, [...(words.get(to) ?? []), `${count} states`])
  for (const { why, seconds, to } of graph.anywhere) words.set(to, [...(words.get(to) ?? []), why === 'longest' ? `after ${seconds ?? 0} s` : 'on_error'])
  return { groups: groups.filter(group => !isHub(group)), notes: bySourceOf(groups.filter(isHub)), anywhere: [...words].map(([to, all]) => ({ to, words: all })) }
}

/** The groups by the state that they leave. */
export function bySourceOf(groups: readonly Group[]): Map<string, Group[]> {
  const found = new Map<string, Group[]>()
  for (const group of groups) {
    const known = found.get(group.from)
    if (known === undefined) found.set(group.from, [group])
    else known.push(group)
  }
  return found
}

function grouped({ edges }: Graph): { groups: Group[]; shared: [to: string, words: string[]][] } {
  const keyOf = ({ shared, edge, to }: GraphEdge): string => `${shared} ${edge} ${to}`
  const counts = new Map<string, number>()
  for (const edge of edges) if (edge.shared !== undefined) counts.set(keyOf(edge), (counts.get(keyOf(edge)) ?? 0) + 1)
  const shared = new Map<string, Set<string>>()
  const groups = new Map<string, { from: string; to: string; edges: GraphEdge[] }>()
  for (const edge of edges) {
    // asking again is no way to somewhere else
    if (edge.edge === 'sorry' || edge.edge === 'silent') continue
    if (edge.shared !== undefined && (counts.get(keyOf(edge)) ?? 0) >= MANY) {
      shared.set(edge.to, (shared.get(edge.to) ?? new Set()).add(edge.edge))
      continue
    }
    const key = `${edge.from} ${edge.to}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { from: edge.from, to: edge.to, edges: [edge] })
    else group.edges.push(edge)
  }
  return { groups: [...groups.values()], shared: [...shared].map(([to, words]) => [to, [...words]]) }
}
