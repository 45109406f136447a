/** A graph → its picture. Pure: time limits are kept by whoever lets it draw in a worker (console/draughtsman.ts). */
import type { Care } from './care.ts'
import { placeInRows } from './columns.ts'
import type { Graph } from './shape.ts'
import { placeWithGraphviz } from './place.ts'
import { planOf } from './plan.ts'
import { svgOf } from './svg.ts'

/** Boxes for which Graphviz takes longer than anybody waits: 1,000 take it a second, 10,000 more than ten. */
const MOST_LAID_OUT = 3000

/** The picture as SVG. Rejects where Graphviz gives up, which `rows` does not ask. */
export async function draw(graph: Graph, care: Care = 'fine'): Promise<string> {
  const plan = planOf(graph)
  return svgOf(plan, care === 'rows' || plan.boxes.length > MOST_LAID_OUT ? placeInRows(plan) : await placeWithGraphviz(plan, care === 'plain'))
}
