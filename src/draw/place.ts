/** Where everything stands: by Graphviz, and in plain columns where that takes too long. Pixels, from the top left. */
import { instance } from '@viz-js/viz'
import type { Box, Link, Plan } from './plan.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Placed {
  readonly width: number
  readonly height: number
  /** The middle of each box. */
  readonly boxes: readonly Point[]
  readonly links: readonly PlacedLink[]
}

export interface PlacedLink {
  /** A first point, then three for each curve (two that pull, one to come to); of straight lines the same. */
  readonly path: readonly Point[]
  /** The middle of its label. */
  readonly label: Point
}

/** Pixels of an inch as Graphviz counts. */
const INCH = 72
/** Pixels between boxes beside each other, and between rows. */
const BESIDE = 26
const BETWEEN = 42

/** What Graphviz is asked. Nothing of a flow's own text stands in it. `plain`: in less time, with straight lines. */
export function dotOf({ boxes, links }: Plan, plain = false): string {
  const inches = (pixels: number): string => (pixels / INCH).toFixed(4)
  return [
    'digraph {',
    `graph [rankdir=TB, nodesep=${inches(BESIDE)}, ranksep=${inches(BETWEEN)}, splines=${plain ? 'polyline' : 'spline'}${plain ? ', nslimit=2, nslimit1=2, mclimit=0.2' : ''}]`,
    'node [shape=box, fixedsize=true, label=""]',
    'edge [arrowhead=none, arrowtail=none, dir=none]',
    ...boxes.map((box, at) => `n${at} [width=${inches(box.width)}, height=${inches(box.height)}${box.isStart ? ', group=start' : ''}]`),
    ...links.map((link, at) => `n${link.from} -> n${link.to} [id=e${at}, weight=${link.tone === 'quiet' ? 1 : 2}${link.rows > 1 ? `, minlen=${link.rows}` : ''}${labelBox(link)}]`),
    ...startFirst(boxes),
    '}',
  ].join('\n')
}

function startFirst(boxes: readonly Box[]): string[] {
  const start = boxes.findIndex(box => box.isStart)
  return start < 0 ? [] : [`{ rank=min; n${start} }`]
}

/** A table without borders is exactly as large as it says. */
function labelBox({ width, height, atHead }: Link): string {
  if (width === 0 || atHead) return ''
  return `, label=<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR><TD FIXEDSIZE="TRUE" WIDTH="${Math.ceil(width)}" HEIGHT="${Math.ceil(height)}"></TD></TR></TABLE>>`
}

interface Answered {
  readonly bb: string
  readonly objects?: readonly { readonly name: string; readonly pos?: string }[]
  readonly edges?: readonly { readonly id?: string; readonly pos?: string; readonly lp?: string }[]
}

/** Where Graphviz puts a plan. Rejects where it gives up. */
export async function placeWithGraphviz(plan: Plan, plain = false): Promise<Placed> {
  const viz = await instance()
  const answer = viz.renderJSON(dotOf(plan, plain), { engine: 'dot', yInvert: true }) as Answered
  const [, , width, height] = answer.bb.split(',').map(Number).map(Math.abs) as [number, number, number, number]
  const top = Math.abs(Number(answer.bb.split(',')[1]))
  const places = new Map((answer.objects ?? []).flatMap(one => (one.pos === undefined ? [] : [[one.name, pointOf(one.pos)] as const])))
  const ways = new Map((answer.edges ?? []).map(one => [one.id, one] as const))
  return {
    width, height: Math.max(height, top),
    boxes: plan.boxes.map((_box, at) => places.get(`n${at}`) ?? { x: 0, y: 0 }),
    links: plan.links.map((link, at) => {
      const { pos = '', lp } = ways.get(`e${at}`) ?? {}
      const path = pos.split(' ').filter(part => part !== '' && !/^[es],/.test(part)).map(pointOf)
      return { path, label: lp !== undefined ? pointOf(lp) : link.atHead ? nearHead(path, link.width) : middleOf(path) }
    }),
  }
}

function pointOf(text: string): Point {
  const [x, y] = text.replace('!', '').split(',').map(Number)
  return { x: x ?? 0, y: y ?? 0 }
}

/** Beside the last stretch of a path, above what it comes to. */
export function nearHead(path: readonly Point[], width: number): Point {
  const end = path.at(-1) ?? { x: 0, y: 0 }
  const before = path.at(-2) ?? end
  return { x: end.x + width / 2 + (before.x < end.x ? -2 : 4), y: end.y - 16 }
}

/** The point half-way on a path of curves. */
export function middleOf(path: readonly Point[]): Point {
  const curves = Math.floor((path.length - 1) / 3)
  if (curves < 1) return path[0] ?? { x: 0, y: 0 }
  if (curves % 2 === 0) return path[curves / 2 * 3] as Point
  const [a, b, c, d] = path.slice((curves - 1) / 2 * 3, (curves - 1) / 2 * 3 + 4) as [Point, Point, Point, Point]
  return { x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8, y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8 }
}
