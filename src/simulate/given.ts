/** The world of a scripted call: what of it the flow is made anew with, and what it meets. */
import type { Answer } from '../compile/asking.ts'
import { compile } from '../compile/compile.ts'
import type { Flow } from '../compile/flow.ts'
import type { Problem } from '../problem/problem.ts'
import type { Path } from '../parse/tree.ts'
import type { World } from '../run/world.ts'
import { nearest } from '../validate/nearest.ts'
import type { FlowDocument } from '../validate/document.ts'
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
  const drawn = flow.states.flatMap(state => (state.verb === 'set' ? state.values : [])).flatMap(value => ('random' in value ? [{ name: flow.values[value.index] ?? '', count: value.random }] : []))
  for (const [name, digits] of Object.entries(given.random ?? {})) {
    const counts = drawn.filter(one => one.name === name).map(one => one.count)
    const [count] = counts
    if (count === undefined) tellName(tell, [...path, 'random', name], 'undefined-value', `\`${flow.name}\` draws no digits for \`${name}\``, name, [...new Set(drawn.map(one => one.name))])
    else if (!counts.includes(digits.length)) tell([...path, 'random', name], { code: 'bad-value', message: `\`${name}\` is drawn with ${count} digits, and here ${digits.length === 1 ? 'is one' : `are ${digits.length}`}`, help: 'write as many as the flow draws' })
  }
  const asking = flow.states.filter(state => state.verb === 'fetch').map(state => state.name)
  for (const name of Object.keys(given.fetch ?? {})) {
    if (!asking.includes(name)) tellName(tell, [...path, 'fetch', name], 'unknown-target', `\`${flow.name}\` has no \`fetch\` called \`${name}\``, name, asking)
  }
  const inputs = Object.keys(document.data.inputs ?? {})
  for (const name of Object.keys(given.inputs ?? {})) {
    if (!inputs.includes(name)) tellName(tell, [...path, 'inputs', name], 'undefined-value', `\`${flow.name}\` has no input \`${name}\``, name, inputs)
  }
  // a flow of one language never asks in which it is
  const languages = flow.sections[0].languages
  if (given.language !== undefined && !languages.includes(given.language)) tellName(tell, [...path, 'language'], 'unknown-language', `\`${given.language}\` is none of the languages of \`${flow.name}\``, given.language, languages)
  return {
    ...(given.language === undefined ? {} : { language: given.language }),
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

/** The flow with other `vars` and `lists`, which stand in it, or in flows that it runs, as they are: it is compiled anew. `mistake`: why it cannot be used so. */
export function flowGiven(around: Around, { vars = {}, lists = {} }: GivenData): { readonly flow: Flow; readonly mistake?: string } {
  if (Object.keys(vars).length === 0 && Object.keys(lists).length === 0) return { flow: around.flow }
  const { flow, document, surroundings } = around
  const changed = documentsAround(around).map(one => {
    const { data } = one
    const own = <T>(key: 'vars' | 'lists', given: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(given).filter(([name]) => ownerOf(around, key, name) === one.name))
    return { ...one, data: { ...data, vars: { ...data.vars, ...own('vars', vars) }, lists: { ...data.lists, ...own('lists', lists) } } }
  })
  const flows = new Map([...(surroundings.flows ?? []), ...changed.map(one => [one.name, one] as const)])
  const { flow: made, problems, usesSound } = compile(flows.get(document.name) ?? document, { ...surroundings, flows })
  const mistake = problems.find(problem => problem.severity === 'error')?.message ?? (usesSound ? undefined : 'one that it runs has errors then')
  return { flow: { ...made, version: flow.version }, ...(mistake === undefined ? {} : { mistake }) }
}

/** `vars` and `lists` that neither the flow has nor one that it runs. */
export function checkGivenNames(given: GivenData, path: Path, around: Around, tell: Tell): void {
  const check = (key: 'vars' | 'lists', code: string, message: (name: string) => string): void => {
    const known = [...new Set(documentsAround(around).flatMap(({ data }) => Object.keys(data[key] ?? {})))]
    for (const name of Object.keys(given[key] ?? {})) if (!known.includes(name)) tellName(tell, [...path, key, name], code, message(name), name, known)
  }
  check('vars', 'undefined-value', name => `\`${name}\` is none of the \`vars\` of \`${around.flow.name}\``)
  check('lists', 'unknown-list', name => `there is no list \`${name}\` in \`${around.flow.name}\``)
}

/** The flow's document, then those of the flows that it runs. */
function documentsAround({ flow, document, surroundings: { flows } }: Around): FlowDocument[] {
  return [document, ...flow.sections.slice(1).flatMap(({ name }) => flows?.get(name) ?? [])]
}

/** The flow whose thing a name is: a flow's own come before those of the flows that it runs. */
function ownerOf(around: Around, key: 'vars' | 'lists', name: string): string | undefined {
  return documentsAround(around).find(({ data }) => Object.hasOwn(data[key] ?? {}, name))?.name
}
