/** What of a graph is drawn: boxes and links with their sizes, before anybody knows where they stand. */
import { shownAddress } from '../diff/heard.ts'
import type { Graph, GraphEdge, GraphState } from './shape.ts'
import { fitted, textWidth } from './text-width.ts'

export interface Box {
  readonly kind: 'state' | 'end' | 'address' | 'anywhere'
  /** Of a state its name, of an address the address, without what may be a key. */
  readonly name: string
  readonly verb: string
  /** Lines of text, cut to what the box holds. */
  readonly title: string
  readonly line: string
  readonly isStart: boolean
  /** All that leaves the state ends the call: no link says so. */
  readonly ends: boolean
  readonly width: number
  readonly height: number
}

export interface Link {
  /** Indexes in `boxes`. */
  readonly from: number
  readonly to: number
  /** As in the graph: which edges this link stands for. `anywhere` where it stands for those of many states. */
  readonly source: string
  readonly target: string
  /** The keys and words, in lines. */
  readonly label: readonly string[]
  /** Of the label with room for a number beside it; 0 where there is nothing to be said. */
  readonly width: number
  readonly height: number
  /** `key`: a caller's choice. `quiet`: what goes on by itself, or stands for all states. */
  readonly tone: 'key' | 'report' | 'quiet'
  /** Ranks between both boxes at least: leaves of a wide menu stand in several rows. */
  readonly rows: number
}

export interface Plan {
  readonly graph: Graph
  readonly boxes: readonly Box[]
  readonly links: readonly Link[]
}

export const TITLE_SIZE = 13
export const LINE_SIZE = 11
export const LABEL_SIZE = 11
const LABEL_HEIGHT = 14
/** Pixels beside a label for the number of callers who went there. */
const NUMBER_ROOM = 30
/** Pixels left of a box's text: the sign of its verb. */
export const SIGN_ROOM = 34
const MOST_TEXT = 176
const LEAST_TEXT = 70
const MOST_LABEL = 150
const MOST_LABEL_LINES = 3
/** Edges written once for the file are drawn as such where at least so many states have them. */
const MANY = 4
/** Leaves beside each other before they go into more rows. */
const MOST_BESIDE = 6
const MOST_ROWS = 5

/** The boxes and links of a graph. */
export function planOf(graph: Graph): Plan {
  const boxes: Box[] = []
  const index = new Map<string, number>()
  const add = (key: string, box: Box): number => {
    const at = boxes.push(box) - 1
    index.set(key, at)
    return at
  }
  const { groups, shared } = grouped(graph)
  const bySource = new Map<string, Group[]>()
  for (const group of groups) bySource.set(group.from, [...(bySource.get(group.from) ?? []), group])
  for (const state of graph.states) {
    const out = bySource.get(state.name) ?? []
    add(`state ${state.name}`, stateBox(state, state.name === graph.start, out.length > 0 && out.every(group => group.to === 'end')))
  }
  const links: Omit<Link, 'rows'>[] = []
  const target = (to: string, from: number): number => {
    if (to === 'end') return add(`end ${from} ${boxes.length}`, small('end'))
    return index.get(`state ${to}`) ?? index.get(`address ${to}`) ?? add(`address ${to}`, addressBox(to))
  }
  for (const [source, out] of bySource) {
    const from = index.get(`state ${source}`)
    if (from === undefined || boxes[from]?.ends === true) continue
    for (const { to, edges } of out) links.push({ from, to: target(to, from), source, target: shownAddress(to), ...labelOf(edges), tone: toneOf(edges) })
  }
  for (const { to, words } of [...shared, ...graph.anywhere.map(({ why, seconds, to }) => ({ to, words: [why === 'longest' ? `after ${seconds ?? 0} s` : 'on_error'] }))]) {
    const from = add(`anywhere ${boxes.length}`, anywhereBox(words))
    links.push({ from, to: target(to, from), source: 'anywhere', target: shownAddress(to), label: [], width: 0, height: 0, tone: 'quiet' })
  }
  return { graph, boxes, links: inRows(boxes.length, links) }
}

interface Group {
  readonly from: string
  readonly to: string
  readonly edges: readonly GraphEdge[]
}

/** Edges with the same ends stand together; those that the file writes for many states stand once. */
function grouped({ edges }: Graph): { groups: Group[]; shared: { to: string; words: string[] }[] } {
  const keyOf = ({ shared, edge, to }: GraphEdge): string => `${shared} ${edge} ${to}`
  const counts = new Map<string, number>()
  for (const edge of edges) if (edge.shared !== undefined) counts.set(keyOf(edge), (counts.get(keyOf(edge)) ?? 0) + 1)
  const isOnce = (edge: GraphEdge): boolean => edge.shared !== undefined && (counts.get(keyOf(edge)) ?? 0) >= MANY
  const shared = new Map<string, Set<string>>()
  const groups = new Map<string, { from: string; to: string; edges: GraphEdge[] }>()
  for (const edge of edges) {
    // asking again is no way to somewhere else
    if (edge.edge === 'sorry' || edge.edge === 'silent') continue
    if (isOnce(edge)) {
      shared.set(edge.to, (shared.get(edge.to) ?? new Set()).add(edge.edge))
      continue
    }
    const key = `${edge.from} ${edge.to}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { from: edge.from, to: edge.to, edges: [edge] })
    else group.edges.push(edge)
  }
  return { groups: [...groups.values()], shared: [...shared].map(([to, words]) => ({ to, words: [...words] })) }
}

function isKey({ edge }: GraphEdge): boolean {
  return /^[0-9x*#]+$|^any$/.test(edge)
}

function toneOf(edges: readonly GraphEdge[]): Link['tone'] {
  if (edges.every(edge => edge.edge === 'next' || edge.shared !== undefined)) return 'quiet'
  return edges.some(edge => isKey(edge) || edge.asks !== undefined) ? 'key' : 'report'
}

function labelOf(edges: readonly GraphEdge[]): Pick<Link, 'label' | 'width' | 'height'> {
  const words = edges.filter(edge => edge.edge !== 'next').map(edge => edge.asks ?? edge.edge)
  if (words.length === 0) return { label: [], width: 12, height: LABEL_HEIGHT }
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    const joined = last === undefined ? word : `${last}, ${word}`
    if (last !== undefined && textWidth(joined, LABEL_SIZE) <= MOST_LABEL * 0.7) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  const shown = lines.length <= MOST_LABEL_LINES ? lines : [...lines.slice(0, MOST_LABEL_LINES - 1), `${lines.slice(MOST_LABEL_LINES - 1).join(', ')}`]
  const label = shown.map(line => fitted(line, LABEL_SIZE, MOST_LABEL))
  return { label, width: Math.max(...label.map(line => textWidth(line, LABEL_SIZE))) + 8 + NUMBER_ROOM, height: label.length * LABEL_HEIGHT + 4 }
}

function stateBox(state: GraphState, isStart: boolean, ends: boolean): Box {
  const title = fitted(state.name, TITLE_SIZE, MOST_TEXT)
  const line = fitted(state.does.replaceAll(/\s+/g, ' '), LINE_SIZE, MOST_TEXT)
  const text = Math.max(LEAST_TEXT, textWidth(title, TITLE_SIZE) * 1.06, textWidth(line, LINE_SIZE))
  return { kind: 'state', name: state.name, verb: state.verb, title, line, isStart, ends, width: Math.ceil(text) + SIGN_ROOM + 14 + (ends ? 12 : 0), height: line === '' ? 34 : 46 }
}

function small(kind: 'end'): Box {
  return { kind, name: 'end', verb: '', title: '', line: '', isStart: false, ends: false, width: 14, height: 14 }
}

function addressBox(address: string): Box {
  const name = shownAddress(address)
  const shown = fitted(name, LINE_SIZE, MOST_TEXT)
  return { kind: 'address', name, verb: 'handover', title: shown, line: '', isStart: false, ends: false, width: textWidth(shown, LINE_SIZE) + SIGN_ROOM + 14, height: 30 }
}

function anywhereBox(words: readonly string[]): Box {
  const shown = fitted(words.join(', '), LINE_SIZE, MOST_TEXT)
  return { kind: 'anywhere', name: words.join(', '), verb: '', title: shown, line: '', isStart: false, ends: false, width: textWidth(shown, LINE_SIZE) + SIGN_ROOM, height: 26 }
}

/** Many leaves of one state stand in several rows below it. */
function inRows(count: number, links: readonly Omit<Link, 'rows'>[]): Link[] {
  const [leaves, out] = [new Array<boolean>(count).fill(true), new Array<number>(count).fill(0)]
  for (const link of links) leaves[link.from] = false
  for (const link of links) if (leaves[link.to] === true) out[link.from] = (out[link.from] ?? 0) + 1
  const placed = new Array<number>(count).fill(0)
  return links.map(link => {
    const many = out[link.from] ?? 0
    if (leaves[link.to] !== true || many <= MOST_BESIDE) return { ...link, rows: 1 }
    const rows = Math.min(MOST_ROWS, Math.ceil(many / MOST_BESIDE))
    const at = placed[link.from] ?? 0
    placed[link.from] = at + 1
    return { ...link, rows: 1 + at % rows }
  })
}
