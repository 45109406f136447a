/** The world of a scripted call: what of it the flow is made anew with, and what it meets. */
import type { Answer } from '../compile/asking.ts'
import { compile } from '../compile/compile.ts'
import type { Flow } from '../compile/flow.ts'
import type { Problem } from '../problem/problem.ts'
import type { Path } from '../parse/tree.ts'
import type { World } from '../run/world.ts'
import { nearest } from '../validate/nearest.ts'
import type { GivenData } from '../validate/validate-calls.ts'
import { quoted } from '../validate/words.ts'
import type { Around } from './around.ts'

type Tell = (at: Path, problem: Omit<Problem, 'file' | 'severity' | 'span'>) => void

/** How the world stands in a call. What the flow does not have is told. */
export function givenWorld(given: GivenData, path: Path, { flow, document, surroundings }: Around, tell: Tell): World {
  for (const [name, value] of Object.entries(given.switches ?? {})) {
    const one = Object.hasOwn(flow.switches, name) ? flow.switches[name] : undefined
    if (one === undefined) tellName(tell, [...path, 'switches', name], 'unknown-switch', `there is no switch \`${name}\` in \`${flow.name}\``, name, Object.keys(flow.switches))
    else if (!one.choices.includes(value)) tellName(tell, [...path, 'switches', name], 'bad-value', `the switch \`${name}\` never stands at \`${value}\``, value, one.choices)
  }
  const drawn = new Map(flow.states.flatMap(state => (state.verb === 'set' ? state.values : [])).flatMap(value => ('random' in value ? [[flow.values[value.index] ?? '', value.random] as const] : [])))
  for (const [name, digits] of Object.entries(given.random ?? {})) {
    const count = drawn.get(name)
    if (count === undefined) tellName(tell, [...path, 'random', name], 'undefined-value', `\`${flow.name}\` draws no digits for \`${name}\``, name, [...drawn.keys()])
    else if (count !== digits.length) tell([...path, 'random', name], { code: 'bad-value', message: `\`${name}\` is drawn with ${count} digits, and here ${digits.length === 1 ? 'is one' : `are ${digits.length}`}`, help: 'write as many as the flow draws' })
  }
  const asking = flow.states.filter(state => state.verb === 'fetch').map(state => state.name)
  for (const name of Object.keys(given.fetch ?? {})) {
    if (!asking.includes(name)) tellName(tell, [...path, 'fetch', name], 'unknown-target', `\`${flow.name}\` has no \`fetch\` called \`${name}\``, name, asking)
  }
  const inputs = Object.keys(document.data.inputs ?? {})
  for (const name of Object.keys(given.inputs ?? {})) {
    if (!inputs.includes(name)) tellName(tell, [...path, 'inputs', name], 'undefined-value', `\`${flow.name}\` has no input \`${name}\``, name, inputs)
  }
  return {
    ...(given.inputs === undefined ? {} : { inputs: given.inputs }),
    ...(given.fetch === undefined ? {} : { fetch: Object.fromEntries(Object.entries(given.fetch).map(([name, reply]) => [name, answerOf(reply)])) }),
    switches: new Map(Object.entries(given.switches ?? {}).map(([name, value]) => [name, { value }])),
    ...(surroundings.dial === undefined ? {} : { dial: { allow: surroundings.dial, spent: false } }),
    ...(given.chance === undefined ? {} : { chance: given.chance }), ...(given.random === undefined ? {} : { random: given.random }),
  }
}

function answerOf(reply: NonNullable<GivenData['fetch']>[string]): Answer {
  if (reply === 'failed') return { failed: 'given' }
  const { status = 200, json } = reply
  return json === undefined ? { status, body: 'nothing' } : { status, body: 'json', json }
}

function tellName(tell: Tell, path: Path, code: string, message: string, written: string, names: readonly string[]): void {
  const word = nearest(written, names)
  tell(path, { code, message, help: word !== undefined ? `did you mean \`${word}\`?` : names.length === 0 ? 'this flow has none' : `there ${names.length === 1 ? 'is' : 'are'} ${quoted(names)}` })
}

/** The flow with other `vars` and `lists`, which stand in it as they are: it is compiled anew. `mistake`: why it cannot be used so. */
export function flowGiven({ flow, document, surroundings }: Around, { vars, lists }: GivenData): { readonly flow: Flow; readonly mistake?: string } {
  if (vars === undefined && lists === undefined) return { flow }
  const { data } = document
  const changed = compile({ ...document, data: { ...data, vars: { ...data.vars, ...vars }, lists: { ...data.lists, ...lists } } }, surroundings)
  const mistake = changed.problems.find(problem => problem.severity === 'error')?.message
  return { flow: { ...changed.flow, version: flow.version }, ...(mistake === undefined ? {} : { mistake }) }
}

/** Lists that the flow does not have. */
export function checkGivenLists({ lists }: GivenData, path: Path, { document, flow }: Around, tell: Tell): void {
  const known = Object.keys(document.data.lists ?? {})
  for (const name of Object.keys(lists ?? {})) if (!known.includes(name)) tellName(tell, [...path, 'lists', name], 'unknown-list', `there is no list \`${name}\` in \`${flow.name}\``, name, known)
}
