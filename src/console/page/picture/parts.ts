/** The parts of a picture, taken out of its text. A very large one is taken apart in small pieces of time, in which the page goes on answering. */

export interface Parts {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly edges: readonly SVGGElement[]
  /** Cards, of states and of what else is led to. */
  readonly cards: readonly SVGGElement[]
}

/** Letters from which on a picture takes longer than a blink: a thousand states and more. */
const LARGE = 1_000_000
/** Milliseconds at a time, and parts that are read at once. */
const [SLICE, AT_ONCE] = [12, 50]

export function isLarge(text: string): boolean {
  return text.length > LARGE
}

/** All parts at once. */
export function partsOf(text: string): Parts {
  // its own style and paper are left out: the page has them
  const svg = parsed(text.replace(/<style>[^]*?<\/style>/, ''))
  const [edges, cards] = ['edges', 'states'].map(name => [...svg.querySelectorAll<SVGGElement>(`:scope > .${name} > g`)]) as [SVGGElement[], SVGGElement[]]
  return { ...boxOf(text), edges, cards }
}

/** The parts, a few at a time. `told`: how far it is, from 0 to 1. Undefined once `signal` is aborted. */
export async function partsInPieces(text: string, told: (share: number) => void, signal: AbortSignal): Promise<Parts | undefined> {
  // a part stands on a line of its own; what a flow says holds no sign that could be taken for one
  const pieces = text.slice(text.indexOf('<g class="edges">')).split(/\n(?=<g )/)
  const border = pieces.findIndex(piece => piece.startsWith('<g class="states">'))
  const all: { readonly [name in 'edges' | 'cards']: SVGGElement[] } = { edges: [], cards: [] }
  let began = performance.now()
  // each list begins with the group that is around it
  for (const [name, first, end] of [['edges', 1, border], ['cards', border + 1, pieces.length]] as const) {
    for (let at = first; at < end; at += AT_ONCE) {
      const some = pieces.slice(at, Math.min(end, at + AT_ONCE)).join('').replace(/\n<\/g>(?:\n<\/svg>\s*)?$/, '')
      all[name].push(...parsed(`<svg xmlns="http://www.w3.org/2000/svg">${some}</svg>`).children as Iterable<SVGGElement>)
      if (performance.now() - began <= SLICE) continue
      told(at / pieces.length)
      await new Promise(resolve => setTimeout(resolve))
      if (signal.aborted) return undefined
      began = performance.now()
    }
  }
  return { ...boxOf(text), ...all }
}

function parsed(text: string): Element {
  const document = new DOMParser().parseFromString(text, 'image/svg+xml')
  if (document.querySelector('parsererror') !== null) throw new Error('the picture cannot be read')
  return document.documentElement
}

function boxOf(text: string): Pick<Parts, 'x' | 'y' | 'width' | 'height'> {
  const [x = 0, y = 0, width = 1, height = 1] = (/viewBox="([^"]*)"/.exec(text)?.[1] ?? '').split(' ').map(Number)
  return { x, y, width, height }
}
