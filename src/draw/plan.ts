/** What of a graph is drawn: boxes and links with their sizes, before anybody knows where they stand. */
import { shownAddress } from '../diff/heard.ts'
import { bySourceOf, groupsOf } from './groups.ts'
import type { Group } from './groups.ts'
import { inRows } from './rows.ts'
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
  /** Ways to states that so many lead to that arrows would hide everything else: said in the box. */
  readonly notes: readonly { readonly target: string; readonly text: string }[]
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
  /** The label stands beside the head, and takes no room of its own. */
  readonly atHead: boolean
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
export const NOTE_HEIGHT = 14
/** Ways to much-used states that a box names. */
const MOST_NOTES = 4
/** States from which on room is short: leaves stand below each other, and short labels beside the head of their arrow. */
const LARGE = 40
/** Pixels of a label that is short. */
const SHORT_LABEL = 36

/** The boxes and links of a graph. */
export function planOf(graph: Graph): Plan {
  const isLarge = graph.states.length > LARGE
  const { groups, notes, anywhere } = groupsOf(graph, isLarge)
  const boxes: Box[] = []
  const index = new Map<string, number>()
  const add = (key: string, box: Box): number => {
    const at = boxes.push(box) - 1
    index.set(key, at)
    return at
  }
  const bySource = bySourceOf(groups)
  for (const state of graph.states) {
    const out = bySource.get(state.name) ?? []
    const own = (notes.get(state.name) ?? []).map(group => ({ target: shownAddress(group.to), text: noteText(group) }))
    add(`state ${state.name}`, stateBox(state, state.name === graph.start, own.length === 0 && out.length > 0 && out.every(group => group.to === 'end'), own))
  }
  const links: Omit<Link, 'rows'>[] = []
  const target = (to: string): number => {
    if (to === 'end') return add(`end ${boxes.length}`, plainBox('end', 'end', '', 14, 14))
    return index.get(`state ${to}`) ?? index.get(`address ${to}`) ?? add(`address ${to}`, addressBox(to))
  }
  for (const [source, out] of bySource) {
    const from = index.get(`state ${source}`)
    if (from === undefined || boxes[from]?.ends === true) continue
    for (const { to, edges } of out) {
      const label = labelOf(edges)
      const atHead = isLarge && label.width - NUMBER_ROOM < SHORT_LABEL
      links.push({ from, to: target(to), source, target: shownAddress(to), ...label, tone: toneOf(edges, boxes[from]?.verb), atHead })
    }
  }
  for (const { to, words } of anywhere) {
    const from = add(`anywhere ${boxes.length}`, anywhereBox(words))
    links.push({ from, to: target(to), source: 'anywhere', target: shownAddress(to), label: [], width: 0, height: 0, tone: 'quiet', atHead: false })
  }
  return { graph, boxes, links: inRows(boxes.length, links, boxes.findIndex(box => box.isStart), isLarge) }
}

function noteText({ to, edges }: Group): string {
  const words = wordsOf(edges).join(', ')
  return `${words === '' ? '' : `${words} `}→ ${shownAddress(to)}`
}

function isKey({ edge }: GraphEdge): boolean {
  return /^[0-9x*#]+$|^any$/.test(edge)
}

function toneOf(edges: readonly GraphEdge[], verb: string | undefined): Link['tone'] {
  if (edges.every(edge => edge.edge === 'next' || edge.shared !== undefined)) return 'quiet'
  return edges.some(edge => (verb === 'ivr' && isKey(edge)) || edge.asks !== undefined) ? 'key' : 'report'
}

/** What stands at an arrow; `next` by itself needs no word. */
function wordsOf(edges: readonly GraphEdge[]): string[] {
  return edges.every(edge => edge.edge === 'next') ? [] : edges.map(edge => edge.asks ?? edge.edge)
}

function labelOf(edges: readonly GraphEdge[]): Pick<Link, 'label' | 'width' | 'height'> {
  const words = wordsOf(edges)
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

function stateBox(state: GraphState, isStart: boolean, ends: boolean, ways: Box['notes']): Box {
  const title = fitted(state.name, TITLE_SIZE, MOST_TEXT)
  const line = fitted(state.does.replaceAll(/\s+/g, ' '), LINE_SIZE, MOST_TEXT)
  const notes = ways.slice(0, MOST_NOTES).map(({ target, text }) => ({ target, text: fitted(text, LINE_SIZE, MOST_TEXT - NUMBER_ROOM) }))
  const text = Math.max(LEAST_TEXT, textWidth(title, TITLE_SIZE) * 1.06, textWidth(line, LINE_SIZE), ...notes.map(note => textWidth(note.text, LINE_SIZE) + NUMBER_ROOM))
  const height = (line === '' ? 34 : 46) + (notes.length === 0 ? 0 : notes.length * NOTE_HEIGHT + 6)
  return { kind: 'state', name: state.name, verb: state.verb, title, line, isStart, ends, notes, width: Math.ceil(text) + SIGN_ROOM + 14 + (ends ? 12 : 0), height }
}

function plainBox(kind: Box['kind'], name: string, title: string, width: number, height: number): Box {
  return { kind, name, verb: kind === 'address' ? 'handover' : '', title, line: '', isStart: false, ends: false, notes: [], width, height }
}

function addressBox(address: string): Box {
  const name = shownAddress(address)
  const shown = fitted(name, LINE_SIZE, MOST_TEXT)
  return plainBox('address', name, shown, textWidth(shown, LINE_SIZE) + SIGN_ROOM + 14, 30)
}

function anywhereBox(words: readonly string[]): Box {
  const shown = fitted(words.join(', '), LINE_SIZE, MOST_TEXT)
  return plainBox('anywhere', words.join(', '), shown, textWidth(shown, LINE_SIZE) + SIGN_ROOM + 6, 26)
}
