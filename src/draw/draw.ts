/** A graph → its picture. Pure: time limits are kept by whoever lets it draw in a worker (console/draughtsman.ts). */
import type { Care } from './care.ts'
import { placeInRows } from './columns.ts'
import type { Graph } from './shape.ts'
import { placeWithGraphviz } from './place.ts'
import { planOf } from './plan.ts'
import { svgOf } from './svg.ts'

/** The picture as SVG. Rejects where Graphviz gives up, which `rows` does not ask. */
export async function draw(graph: Graph, care: Care = 'fine'): Promise<string> {
  const plan = planOf(graph)
  return svgOf(plan, care === 'rows' ? placeInRows(plan) : await placeWithGraphviz(plan, care === 'plain'))
}
