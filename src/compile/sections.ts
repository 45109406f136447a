/** Which flows are linked into one: the flow itself, then each that can be reached from it, and where their values stand. */
import { placeOf } from '../parse/tree.ts'
import type { Path } from '../parse/tree.ts'
import type { Related } from '../problem/problem.ts'
import type { FlowDocument, StateData } from '../validate/document.ts'
import { collect } from './collect.ts'
import { tell } from './context.ts'
import type { Context, Found, Plan } from './context.ts'

/** The flows that a document's calls can come to, by name, itself first. Those that do not exist are left out. */
export function planSections(document: FlowDocument, flows: ReadonlyMap<string, FlowDocument> = new Map()): ReadonlyMap<string, Plan> {
  const plans = new Map<string, Plan>()
  const names = new Set([document.name])
  for (const name of names) {
    const one = name === document.name ? document : flows.get(name)
    if (one === undefined) continue
    const found = collect(one.data, one.stateNames)
    plans.set(name, { section: plans.size, document: one, found, values: new Map(), taken: new Set(), unsure: new Set() })
    for (const { runs } of usesOf(found)) names.add(runs)
  }
  for (const { found } of plans.values()) {
    for (const { runs, keeps } of usesOf(found)) for (const name of keeps) plans.get(runs)?.taken.add(name)
  }
  return plans
}

/** The names of the flows that a document names itself: those that it runs, and those that calls of it begin in. */
export function flowsIn({ data, stateNames }: FlowDocument): string[] {
  const found = collect(data, stateNames)
  const sent = [data.messages, data.recordcall, data.on_hangup, ...found.flatMap(({ data: state }) => [state?.['send'], state?.['deliver']])]
  return [...new Set([...usesOf(found).map(use => use.runs), ...sent.flatMap(callsIn)])]
}

/** The flows that calls begin in which are placed by items: those that are answered, and those that run where nobody answers. */
function callsIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return []
  const { call, ...others } = data as Readonly<Record<string, unknown>>
  const { flow, unanswered } = (typeof call === 'object' && call !== null ? call : {}) as { readonly flow?: unknown; readonly unanswered?: { readonly flow?: unknown } }
  return [...[flow, unanswered?.flow].filter(name => typeof name === 'string'), ...Object.values(others).flatMap(callsIn)]
}

/** All flows that a document reaches, by running them or by calls that it places, but itself. Those that do not exist are left out. */
export function reachedBy(document: FlowDocument, flows: ReadonlyMap<string, FlowDocument> = new Map()): string[] {
  const names = new Set(flowsIn(document))
  for (const name of names) for (const next of flowsOf(name)) names.add(next)
  names.delete(document.name)
  return [...names].filter(name => flows.has(name))

  function flowsOf(name: string): string[] {
    const one = flows.get(name)
    return one === undefined ? [] : flowsIn(one)
  }
}

/** Gives each value its place: tokens of calls in progress hold values by it, so the order must never change. `columns`: those of tables, by flow. */
export function placeValues(plans: ReadonlyMap<string, Plan>, columns: (plan: Plan) => ReadonlySet<string>): void {
  let place = 0
  for (const plan of plans.values()) {
    for (const name of new Set([...valueNames(plan.document, plan.found), ...columns(plan)])) plan.values.set(name, place++)
  }
}

/** Whether a state with `flow` goes on there for good. */
export function isJump(data: StateData): boolean {
  return data['on'] === undefined && data['next'] === undefined
}

/** A place where a flow runs another, or goes on in it. */
interface Use {
  readonly runs: string
  readonly jump: boolean
  /** Names of values that are kept of it. */
  readonly keeps: readonly string[]
  readonly path: Path
}

function usesOf(found: readonly Found[]): Use[] {
  return found.flatMap(({ data, path }) => (typeof data?.['flow'] === 'string' ? [{ runs: data['flow'], jump: isJump(data), keeps: Object.values((data['save'] ?? {}) as Record<string, string>), path: [...path, 'flow'] }] : []))
}

/** Names of `inputs`, then those that `set` and `save` give values, in the order of the file. */
function valueNames({ data }: FlowDocument, found: readonly Found[]): string[] {
  const names = new Set<string>(Object.keys(data.inputs ?? {}))
  for (const { data: state } of found) {
    if (state === undefined) continue
    if (typeof state['save'] === 'string') names.add(state['save'])
    else for (const name of Object.keys(state['save'] ?? {})) names.add(name)
    for (const name of Object.keys((state['set'] ?? {}))) if (name !== 'language') names.add(name)
  }
  return [...names]
}

/** The place of another flow that a mistake between two is about. */
export function inOther({ document: { tree } }: Plan, path: Path, message: string): { related: Related[] } {
  const place = placeOf(tree, path)
  return { related: [{ file: tree.file, span: place.key ?? place.value, message }] }
}

/** How many flows wait for each other at most; undefined where they run each other in a circle. Jumps leave nobody waiting. */
export function deepest(plans: ReadonlyMap<string, Plan>): number | undefined {
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // in a circle a flow is met again before it is measured
    depths.set(name, NaN)
    const depth = Math.max(0, ...called(plans, name).map(one => 1 + depthOf(one)))
    depths.set(name, depth)
    return depth
  }
  const depth = Math.max(...[...plans.keys()].map(depthOf))
  return Number.isNaN(depth) ? undefined : depth
}

function called(plans: ReadonlyMap<string, Plan>, name: string): string[] {
  const plan = plans.get(name)
  return plan === undefined ? [] : [...new Set(usesOf(plan.found).filter(use => !use.jump && plans.has(use.runs)).map(use => use.runs))]
}

/** Flows that run each other never come back. A circle is told once, in the flow whose name comes first. */
export function checkCircle(context: Context): void {
  const { plans, document: { name } } = context
  const came = new Map<string, string>()
  const queue = [name]
  for (let at = 0; at < queue.length && !came.has(name); at++) {
    for (const next of called(plans, queue[at] as string)) {
      if (came.has(next)) continue
      came.set(next, queue[at] as string)
      queue.push(next)
    }
  }
  if (!came.has(name)) return
  const circle = [name]
  for (let one = came.get(name) as string; one !== name; one = came.get(one) as string) circle.unshift(one)
  if (circle.some(one => one < name)) return
  const second = circle.at(0) as string
  const use = usesOf(context.found).find(one => !one.jump && one.runs === second)
  const back = circle.at(-2) ?? name
  const plan = plans.get(back) as Plan
  const other = usesOf(plan.found).find(one => !one.jump && one.runs === name)
  const round = [name, ...circle].map(one => `\`${one}\``).join(' runs ')
  tell(context, use?.path ?? ['states'], {
    code: 'circular-flows', message: `${round}: a flow that runs itself never comes back`,
    effect: 'the call would go deeper with every round', help: 'leave out `on` and `next` where the call is to go on there for good',
    ...(back === name || other === undefined ? {} : { related: [{ file: plan.document.tree.file, span: placeOf(plan.document.tree, other.path).value, message: 'it is run from here' }] }),
  })
}
