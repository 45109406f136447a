/** FlowDocument and what surrounds it → Flow: states found, linked by index, their actions prepared. */
import type { Problem, Report } from '../problem/problem.ts'
import type { FlowData, FlowDocument, TargetData } from '../validate/document.ts'
import { nearest } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'
import { alsoAt, placeIn, tell } from './context.ts'
import type { Context, Found, Offsets, Plan, SoundFile, Surroundings } from './context.ts'
import { isE164 } from './e164.ts'
import { writtenNames } from './written-names.ts'
import { END } from './flow.ts'
import type { ConnectState, Flow, Section, State } from './flow.ts'
import { answersCalls, checkInterface, isInput } from './interface.ts'
import { checkMemory } from './memory.ts'
import { checkCircle, deepest, planSections } from './sections.ts'
import { silence } from './prompt.ts'
import { compileTarget } from './target.ts'
import { BUILT_IN } from './template.ts'
import { verbIn } from './verbs/list.ts'

const MOST_STATES = 10_000
const MOST_GUESSES = 200_000

export interface Compiled {
  readonly flow: Flow
  readonly problems: readonly Problem[]
  /** The sound files that the flow plays, by path below the folder of flows. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** Names of `prompts:` that the flow plays. */
  readonly promptsUsed: ReadonlySet<string>
  /** The flows that it can come to, which are linked into it. */
  readonly uses: readonly string[]
  /** Whether those, too, are without an error. */
  readonly usesSound: boolean
}

/** The flow that a document says, and what in it cannot be linked. With errors among the problems the flow must not answer calls. */
export function compile(document: FlowDocument, surroundings: Surroundings): Compiled {
  const problems: Problem[] = []
  const ofOthers: Problem[] = []
  const plans = planSections(document, surroundings.flows)
  const shared: Shared = { surroundings, plans, reads: new Set(), given: [], soundsUsed: new Map() }
  const report = onceEach(problems)
  const first = compilePart(shared, plans.get(document.name) as Plan, NOWHERE, report)
  const parts = [first]
  for (const plan of [...plans.values()].slice(1)) parts.push(compilePart(shared, plan, after(parts.at(-1) as Part), problem => ofOthers.push(problem)))
  const deep = deepest(plans)
  checkLinked(first.context, parts, deep ?? 0)
  const sections = parts.map(part => part.section) as [Section, ...Section[]]
  const { data } = document
  return {
    problems,
    sounds: shared.soundsUsed,
    promptsUsed: first.context.promptsUsed,
    uses: [...plans.keys()].slice(1),
    usesSound: deep !== undefined && [...plans.values()].every(plan => plan.document.whole || plan.section === 0) && !ofOthers.some(problem => problem.severity === 'error'),
    flow: {
      name: document.name, version: '', title: data.title ?? document.name, file: document.tree.file, numbers: data.numbers ?? [],
      language: data.language ?? 'en', timezone: data.timezone ?? 'UTC', country: data.country ?? '',
      start: first.section.start, onError: first.section.onError ?? END, states: parts.flatMap(part => part.states), sections, given: shared.given, answers: answersCalls(data),
      values: parts.flatMap(part => part.plan.names), visits: parts.flatMap(part => part.visits), heardBits: sum(parts.map(part => part.context.heard.size)),
      answeredBits: sum(parts.map(part => part.context.answered.size)), reads: [...shared.reads].sort(), hosts: surroundings.hosts, silence: silence(first.context),
    },
  }
}

/** What the flows that are linked together share. */
type Shared = Pick<Context, 'surroundings' | 'plans' | 'reads' | 'given' | 'soundsUsed'>

/** One flow's part of the tables. */
interface Part {
  readonly context: Context
  readonly plan: Plan
  readonly section: Section
  readonly states: readonly State[]
  readonly visits: readonly number[]
}

const NOWHERE: Offsets = { states: 0, visits: 0, heard: 0, answered: 0 }

function after({ context: { from, heard, answered }, states, visits }: Part): Offsets {
  return { states: from.states + states.length, visits: from.visits + visits.length, heard: from.heard + heard.size, answered: from.answered + answered.size }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

function compilePart(shared: Shared, plan: Plan, from: Offsets, report: Report): Part {
  const { document, found } = plan
  const { data } = document
  const context: Context = {
    ...shared, document, found, report, from,
    indexes: new Map(found.map((one, index) => [one.name, index])),
    inPlace: new Map(found.map((one, index) => [one.path.join('\n'), index])),
    handovers: new Map(), values: new Map(plan.names.map((name, index) => [name, plan.valuesFrom + index])), vars: new Map(), visits: new Map(), answered: new Set(), heard: new Map(), unread: document.whole ? new Set() : writtenNames(document.tree.root),
    guesses: { left: MOST_GUESSES }, promptsUsed: new Set(),
  }
  readVars(context, data, context.vars as Map<string, string>)
  checkNames(context)
  checkHead(context, data)
  checkInterface(context)
  if (found.length > MOST_STATES) tell(context, ['states'], { code: 'too-large', message: `this flow has ${found.length} states, and ${MOST_STATES} are possible`, help: 'split it into several flows' }, 'key')

  const start = data.start === undefined ? END : compileTarget(context, ['start'], data.start)
  if (data.start === 'end') tell(context, ['start'], { code: 'unknown-target', message: '`start` names the state that answers the call, and `end` is none', effect: 'a caller would be answered with nothing', help: document.stateNames.length === 0 ? 'add it under `states:`' : `the states are ${quoted(document.stateNames)}` })
  const onError = data.on_error === undefined ? undefined : compileTarget(context, ['on_error'], data.on_error)
  checkShared(context, data)
  const prefix = plan.section === 0 ? '' : `${document.name}/`
  const states = found.map(one => compileState(context, one, prefix))
  const handovers: State[] = [...context.handovers.keys()].map(address => ({ name: address, path: [], verb: 'handover', address }))
  const section: Section = {
    name: document.name, from: from.states, start, onError, values: { from: plan.valuesFrom, count: plan.names.length },
    language: data.language ?? 'en', timezone: data.timezone ?? 'UTC', country: data.country ?? '',
  }
  return { context, plan, section, ...link(context, [...states, ...handovers]) }
}

/** What can be said only when all flows are there: no circle, and not too much to be remembered. */
function checkLinked(context: Context, parts: readonly Part[], deep: number): void {
  checkCircle(context)
  const count = sum(parts.map(part => part.states.length))
  if (parts.length > 1 && count > MOST_STATES) tell(context, ['states'], { code: 'too-large', message: `this flow and those that it uses have ${count} states, and ${MOST_STATES} are possible`, help: 'let other lines answer some of them' }, 'key')
  checkMemory(context, {
    values: sum(parts.map(part => part.plan.names.length)), visits: parts.flatMap(part => part.visits), heard: sum(parts.map(part => part.context.heard.size)),
    answered: sum(parts.map(part => part.context.answered.size)), deep,
  })
}

/** What many states share, such as `defaults`, is compiled for each of them: a mistake there is still one. */
function onceEach(problems: Problem[]): (problem: Problem) => void {
  const seen = new Set<string>()
  return problem => {
    const key = `${problem.span.start} ${problem.code} ${problem.message}`
    if (seen.has(key)) return
    seen.add(key)
    problems.push(problem)
  }
}

/** Targets that stand outside the states are looked at even where no state takes them. */
function checkShared(context: Context, data: FlowData): void {
  for (const [key, target] of Object.entries(data.keys ?? {})) compileTarget(context, ['keys', key], target)
  for (const [verb, defaults] of Object.entries(data.defaults ?? {})) {
    for (const [word, target] of Object.entries((defaults['on'] ?? {}) as Record<string, TargetData>)) {
      if (word !== 'note') compileTarget(context, ['defaults', verb, 'on', word], target)
    }
  }
}

/** Stands for a state that could not be read; a flow with one never answers a call. */
function unreadable(one: Found): State {
  return { name: one.name, path: one.path, verb: 'hangup', action: { do: 'hangup', cause: 'reject' } }
}

/** `prefix`: what stands before the names of states of a flow that another one runs. */
function compileState(context: Context, one: Found, prefix: string): State {
  if (one.data === undefined) return unreadable(one)
  const verb = verbIn(one.data)
  return verb === undefined ? unreadable(one) : verb.compile(context, prefix + one.name, one.path, one.data)
}

/** What can be said only when all states are compiled: what tests count, and which plays go out together. */
function link(context: Context, states: readonly State[]): { states: State[]; visits: number[] } {
  const { from } = context
  const visits: number[] = []
  const slots = new Map<number, number>()
  for (const [index, times] of [...context.visits].sort((a, b) => a[0] - b[0])) {
    slots.set(index, from.visits + visits.length)
    visits.push(times)
  }
  const answered = [...context.answered].sort((a, b) => a - b)
  const linked = states.map((state, index) => {
    const visit = slots.get(from.states + index)
    const bit = answered.indexOf(from.states + index)
    const counted = visit === undefined ? state : { ...state, visit }
    return bit < 0 ? counted : ({ ...counted, answeredBit: from.answered + bit } as ConnectState)
  })
  return { states: linked.map(state => joinPlays(linked, from.states, state)), visits }
}

/** Success and failure of a play that lead to the same play or ivr: nothing has to be decided in between. */
function joinPlays(states: readonly State[], from: number, state: State): State {
  if (state.verb !== 'play' || state.edges.success.to !== state.edges.failed.to) return state
  const next = states[state.edges.success.to - from]
  return next?.verb === 'play' || next?.verb === 'ivr' ? { ...state, joins: state.edges.success.to } : state
}

function readVars(context: Context, data: FlowData, vars: Map<string, string>): void {
  for (const [name, value] of Object.entries(data.vars ?? {})) {
    if (typeof value === 'string') {
      vars.set(name, value)
      continue
    }
    const set = Object.hasOwn(context.surroundings.env, value.env) ? context.surroundings.env[value.env] : undefined
    const text = set ?? value.default
    vars.set(name, text ?? '')
    if (text === undefined) {
      tell(context, ['vars', name, 'env'], {
        code: 'unset-variable', message: `the environment variable ${value.env} is not set`, help: `start the server with ${value.env}=…, or give \`${name}\` a \`default\``,
      })
    }
  }
}

/** `vars` and `inputs` are fixed, and built-in values are tonval's: nothing may be kept under their names. */
function checkNames(context: Context): void {
  for (const { data, path } of context.found) {
    if (data === undefined) continue
    const written = Object.keys((data['set'] ?? {}) as Record<string, unknown>).map(name => ({ name, at: [...path, 'set', name] }))
    if (typeof data['save'] === 'string') written.push({ name: data['save'], at: [...path, 'save'] })
    else for (const name of Object.keys(data['save'] ?? {})) written.push({ name, at: [...path, 'save', name] })
    for (const { name, at } of written) {
      const side = at.at(-1) === 'save' ? 'value' : 'key'
      if (name === 'language') tell(context, at, { code: 'not-yet', message: 'setting `language` is not yet in this version of tonval', help: 'leave it out for now' }, side)
      else if (context.vars.has(name)) tell(context, at, { code: 'bad-name', message: `\`${name}\` is fixed under \`vars:\` and cannot be set`, help: 'choose another name', related: [alsoAt(context, ['vars', name], 'it is fixed here')] }, side)
      else if (isInput(context, name)) tell(context, at, { code: 'bad-name', message: `\`${name}\` is given to this flow under \`inputs:\` and cannot be set`, help: 'choose another name', related: [alsoAt(context, ['inputs', name], 'it is an input here')] }, side)
      else if (Object.hasOwn(BUILT_IN, name)) tell(context, at, { code: 'reserved-name', message: `\`${name}\` is a value of tonval's own and cannot be set`, help: 'choose another name' }, side)
    }
  }
}

/** The lines that the flow answers, and its time zone. */
function checkHead(context: Context, data: FlowData): void {
  data.numbers?.forEach((number, index) => {
    if (isE164(number)) return
    tell(context, ['numbers', index], { code: 'bad-number', message: `\`${number}\` is no telephone number`, effect: 'no call would ever come to this flow by it', help: 'write the line with a plus sign and the country, as in "+46766861004"' })
  })
  if (data.timezone === undefined) return
  try {
    new Intl.DateTimeFormat('en', { timeZone: data.timezone })
  } catch {
    const word = nearest(data.timezone, Intl.supportedValuesOf('timeZone'))
    tell(context, ['timezone'], { code: 'unknown-timezone', message: `there is no time zone \`${data.timezone}\``, help: word === undefined ? 'write it as a continent and a city, as in Europe/Stockholm' : `did you mean \`${word}\`?`, ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, ['timezone']).value, text: word }] } }) })
  }
}
