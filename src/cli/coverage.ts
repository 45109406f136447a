/** Which states and edges of flows no scripted call walks. */
import type { Flow } from '../compile/flow.ts'
import { edgesOf } from '../simulate/edges.ts'
import type { FlowEdge } from '../simulate/edges.ts'
import type { Held } from '../simulate/simulate.ts'

export interface FlowCoverage {
  readonly flow: string
  readonly states: { readonly total: number; readonly missing: readonly string[] }
  readonly edges: { readonly total: number; readonly missing: readonly FlowEdge[] }
}

/** What the calls walk of each flow, those of other flows that run it included. Calls that fail count as far as they go. */
export function coverageOf(flows: readonly Flow[], held: readonly Held[]): FlowCoverage[] {
  return flows.map(flow => {
    const walked = new Set(held.flatMap(one => namesIn(flow, one, one.walked)))
    const visited = new Set(held.flatMap(one => namesIn(flow, one, one.visited)))
    const states = flow.states.slice(0, flow.sections[1]?.from).filter(state => state.verb !== 'handover').map(state => state.name)
    const edges = edgesOf(flow)
    return {
      flow: flow.name,
      states: { total: states.length, missing: states.filter(name => !visited.has(name)) },
      edges: { total: edges.length, missing: edges.filter(({ state, edge }) => !walked.has(`${state}\t${edge}`)) },
    }
  })
}

/** Names of a flow's own states among those of a call: in a call of another flow they begin with the flow's name. */
function namesIn(flow: Flow, held: Held, names: ReadonlySet<string>): string[] {
  if (held.flow.name === flow.name) return [...names]
  const prefix = `${flow.name}/`
  return [...names].filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
}

/** Percent of all edges, rounded down so that 100 means all. */
export function percent(coverage: readonly FlowCoverage[]): number {
  const total = coverage.reduce((sum, one) => sum + one.edges.total, 0)
  const missing = coverage.reduce((sum, one) => sum + one.edges.missing.length, 0)
  return total === 0 ? 100 : Math.floor(((total - missing) * 100) / total)
}

/** A table for people: a row a flow, below it what is missing. */
export function coverageTable(coverage: readonly FlowCoverage[]): string {
  const cell = ({ total, missing }: { total: number; missing: readonly unknown[] }): string => `${total - missing.length} of ${total}`
  const rows = [['flow', 'states', 'edges', ''], ...coverage.map(one => [one.flow, cell(one.states), cell(one.edges), `${percent([one])} %`])]
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => (row[column] as string).length)))
  const written = rows.map(row => row.map((text, column) => (column === 3 ? text.padStart(widths[3] as number) : text.padEnd(widths[column] as number))).join('  ').trimEnd())
  const lines = written.flatMap((line, index) => [line, ...missingOf(coverage[index - 1])])
  return [...lines, `${percent(coverage)} % of the edges are walked`].join('\n') + '\n'
}

function missingOf(one: FlowCoverage | undefined): string[] {
  if (one === undefined) return []
  const states = one.states.missing.map(name => `  no call comes to ${name}`)
  return [...states, ...one.edges.missing.map(({ state, edge, to }) => `  no call walks ${state}: ${edge} → ${to}`)]
}
