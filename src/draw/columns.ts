/** A plainer way to place a plan, for flows that Graphviz takes too long for: rows by the distance from the start, straight lines. */
import type { Plan } from './plan.ts'
import { middleOf, nearHead } from './place.ts'
import type { Placed, Point } from './place.ts'

const BESIDE = 24
const BETWEEN = 70
/** Pixels of a row before it is broken. */
const MOST_WIDTH = 4000

/** Where everything stands. Its time grows with what is drawn, and with nothing else. */
export function placeInRows(plan: Plan): Placed {
  const rows = rowsOf(plan)
  const places: Point[] = new Array<Point>(plan.boxes.length).fill({ x: 0, y: 0 })
  let top = 0
  let widest = 0
  for (const row of rows) {
    const height = Math.max(...row.map(at => plan.boxes[at]?.height ?? 0))
    let left = 0
    for (const at of row) {
      const width = plan.boxes[at]?.width ?? 0
      places[at] = { x: left + width / 2, y: top + height / 2 }
      left += width + BESIDE
    }
    widest = Math.max(widest, left - BESIDE)
    top += height + BETWEEN
  }
  return {
    width: Math.max(1, widest), height: Math.max(1, top - BETWEEN), boxes: places,
    links: plan.links.map(link => {
      const path = straight(places[link.from] as Point, places[link.to] as Point, (plan.boxes[link.from]?.height ?? 0) / 2, (plan.boxes[link.to]?.height ?? 0) / 2)
      return { path, label: link.atHead ? nearHead(path, link.width) : middleOf(path) }
    }),
  }
}

function rowsOf({ boxes, links }: Plan): number[][] {
  const out = boxes.map((): number[] => [])
  const comes = new Array<boolean>(boxes.length).fill(false)
  for (const { from, to } of links) {
    out[from]?.push(to)
    if (from !== to) comes[to] = true
  }
  const level = new Array<number>(boxes.length).fill(-1)
  const visit = (first: readonly number[]): void => {
    let now = first.filter(at => level[at] === -1)
    for (let depth = 0; now.length > 0; depth++) {
      for (const at of now) level[at] = depth
      now = [...new Set(now.flatMap(at => out[at] as number[]))].filter(at => level[at] === -1)
    }
  }
  visit(boxes.flatMap((box, at) => (box.isStart ? [at] : [])))
  visit(boxes.flatMap((box, at) => (comes[at] === true || box.isStart ? [] : [at])))
  visit(boxes.map((_box, at) => at))
  const levels: number[][] = []
  level.forEach((depth, at) => { (levels[depth] ??= []).push(at) })
  return levels.flatMap(row => broken(row, at => boxes[at]?.width ?? 0))
}

function broken(row: readonly number[], widthOf: (at: number) => number): number[][] {
  const rows: number[][] = [[]]
  let width = 0
  for (const at of row) {
    if (width > 0 && width + widthOf(at) > MOST_WIDTH) {
      rows.push([])
      width = 0
    }
    rows.at(-1)?.push(at)
    width += widthOf(at) + BESIDE
  }
  return rows
}

function straight(from: Point, to: Point, halfFrom: number, halfTo: number): Point[] {
  const down = to.y >= from.y
  const a = { x: from.x, y: from.y + (down ? halfFrom : -halfFrom) }
  const b = { x: to.x, y: to.y - (down ? halfTo : -halfTo) }
  const part = (share: number): Point => ({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share })
  return [a, part(1 / 3), part(2 / 3), b]
}
