/** FlowDocument and what surrounds it → Flow: states found, linked by index, their actions prepared. */
import type { Problem } from '../problem/problem.ts'
import type { FlowData, FlowDocument, TargetData } from '../validate/document.ts'
import { quoted } from '../validate/words.ts'
import { alsoAt, nothingDeclared, tell } from './context.ts'
import type { BesideFile, Context, Found, SoundFile, Surroundings } from './context.ts'
import { collect } from './collect.ts'
import { checkDeclared, linkDeclared, readDeclared } from './declared.ts'
import { isE164 } from './e164.ts'
import { unreadWords, writtenNames, writtenPrompts } from './written-names.ts'
import { END } from './flow.ts'
import type { ConnectState, Flow, State } from './flow.ts'
import { checkLanguages, firstSpoken, languagesOf } from './languages.ts'
import { checkMemory } from './memory.ts'
import { tellMissing } from './missing-names.ts'
import { compilePrompts } from './prompt.ts'
import type { Recipe } from './recipe.ts'
import { silence } from './silence.ts'
import { compileTarget } from './target.ts'
import { BUILT_IN } from './template.ts'
import { checkTimezone, compileSchedules } from './schedule/compile-schedules.ts'
import type { Calendar } from './schedule/holidays.ts'
import { verbIn } from './verbs/list.ts'

const MOST_STATES = 10_000
const MOST_GUESSES = 200_000

export interface Compiled {
  readonly flow: Flow
  readonly problems: readonly Problem[]
  /** The sound files that the flow plays, by path below the folder of flows. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** What has to be made before it can answer calls, by name. */
  readonly recipes: ReadonlyMap<string, Recipe>
  /** Names of `prompts:` that the flow plays. */
  readonly promptsUsed: ReadonlySet<string>
  /** The calendars of holidays that its schedules go by, by country. */
  readonly holidays: ReadonlyMap<string, Calendar>
  /** Lists and tables that the flow asks for, and the files beside it that hold some, by path below the folder of flows. */
  readonly listsUsed: ReadonlySet<string>
  readonly tablesUsed: ReadonlySet<string>
  readonly files: ReadonlyMap<string, BesideFile>
}

/** The flow that a document says, and what in it cannot be linked. With errors among the problems the flow must not answer calls. */
export function compile(document: FlowDocument, surroundings: Surroundings): Compiled {
  const problems: Problem[] = []
  const { data } = document
  const found = collect(data, document.stateNames)
  const context: Context = {
    document, surroundings, found, report: onceEach(problems), spoken: { languages: [...new Set([firstSpoken(data), ...languagesOf(data)])], used: false },
    indexes: new Map(found.map((one, index) => [one.name, index])),
    inPlace: new Map(found.map((one, index) => [one.path.join('\n'), index])),
    handovers: new Map(), values: new Map(valueNames(found).map((name, index) => [name, index])), vars: new Map(), reads: new Set(), visits: new Map(), answered: new Set(), heard: new Map(), missing: [], used: new Set(),
    unreadWords: unreadWords(document), unread: document.whole ? new Set() : writtenNames(document), unreadPrompts: document.whole ? new Set() : writtenPrompts(document),
    guesses: { left: MOST_GUESSES }, promptsUsed: new Set(), soundsUsed: new Map(), recipes: new Map(), schedules: [], holidaysUsed: new Map(), declared: nothingDeclared(),
  }
  context.schedules.push(...compileSchedules(context))
  readVars(context, data, context.vars as Map<string, string>)
  readDeclared(context, data)
  checkNames(context)
  checkHead(context, data)
  checkLanguages(context)
  if (found.length > MOST_STATES) tell(context, ['states'], { code: 'too-large', message: `this flow has ${found.length} states, and ${MOST_STATES} are possible`, help: 'split it into several flows' }, 'key')

  const start = data.start === undefined ? END : compileTarget(context, ['start'], data.start)
  if (data.start === 'end') tell(context, ['start'], { code: 'unknown-target', message: '`start` names the state that answers the call, and `end` is none', effect: 'a caller would be answered with nothing', help: document.stateNames.length === 0 ? 'add it under `states:`' : `the states are ${quoted(document.stateNames)}` })
  const onError = data.on_error === undefined ? END : compileTarget(context, ['on_error'], data.on_error)
  const longest = data.longest === undefined ? undefined : { seconds: data.longest.seconds, to: compileTarget(context, ['longest', 'goto'], data.longest.goto) }
  checkShared(context, data)
  const states = found.map(one => compileState(context, one))
  const handovers: State[] = [...context.handovers.keys()].map(address => ({ name: address, path: [], verb: 'handover', address }))
  // a state that could not be read may play any of them
  if (!document.whole) compilePrompts(context)
  tellMissing(context)
  checkMemory(context)
  checkDeclared(context, states)
  const linked = link(context, [...states, ...handovers])
  return {
    problems,
    sounds: context.soundsUsed,
    recipes: context.recipes,
    promptsUsed: context.promptsUsed,
    holidays: context.holidaysUsed,
    listsUsed: context.declared.listsUsed,
    tablesUsed: context.declared.tablesUsed,
    files: context.declared.filesUsed,
    flow: {
      name: document.name, version: '', title: data.title ?? document.name, file: document.tree.file, numbers: data.numbers ?? [],
      language: firstSpoken(data), languages: spokenIn(context), declared: languagesOf(data), timezone: data.timezone ?? 'UTC', country: data.country ?? '',
      start, onError, states: linked.states, schedules: context.schedules, ...(longest === undefined ? {} : { longest: { ...longest, taken: linked.visits.length } }),
      values: [...context.values.keys()], visits: longest === undefined ? linked.visits : [...linked.visits, 1], heardBits: context.heard.size,
      answeredBits: context.answered.size, reads: [...context.reads].sort(), ...linkDeclared(context), hosts: surroundings.hosts, silence: silence(context),
    },
  }
}

/** The languages that calls can be in, as far as anything depends on them. */
function spokenIn({ spoken: { languages, used } }: Context): readonly string[] {
  return used ? languages : languages.slice(0, 1)
}

/** What many states share, such as `defaults`, is compiled for each of them: a mistake there is still one. */
function onceEach(problems: Problem[]): (problem: Problem) => void {
  const seen = new Set<string>()
  return problem => {
    const key = `${problem.file} ${problem.span.start} ${problem.code} ${problem.message}`
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

function compileState(context: Context, one: Found): State {
  if (one.data === undefined) return unreadable(one)
  const verb = verbIn(one.data)
  return verb === undefined ? unreadable(one) : verb.compile(context, one.name, one.path, one.data)
}

/** What can be said only when all states are compiled: what tests count, and which plays go out together. */
function link(context: Context, states: readonly State[]): { states: State[]; visits: number[] } {
  const visits: number[] = []
  const slots = new Map<number, number>()
  for (const [index, times] of [...context.visits].sort((a, b) => a[0] - b[0])) {
    slots.set(index, visits.length)
    visits.push(times)
  }
  const answered = [...context.answered].sort((a, b) => a - b)
  const linked = states.map((state, index) => {
    const visit = slots.get(index)
    const bit = answered.indexOf(index)
    const counted = visit === undefined ? state : { ...state, visit }
    return bit < 0 ? counted : ({ ...counted, answeredBit: bit } as ConnectState)
  })
  return { states: linked.map(state => joinPlays(linked, state)), visits }
}

/** Success and failure of a play that lead to the same play or ivr: nothing has to be decided in between. */
function joinPlays(states: readonly State[], state: State): State {
  if (state.verb !== 'play' || state.edges.success.to !== state.edges.failed.to) return state
  const next = states[state.edges.success.to]
  return next?.verb === 'play' || next?.verb === 'ivr' ? { ...state, joins: state.edges.success.to } : state
}

/** Names that `set` and `save` give values, in the order of the file; tokens of calls in progress hold values by their place here. */
function valueNames(found: readonly Found[]): string[] {
  const names = new Set<string>()
  for (const { data } of found) {
    if (data === undefined) continue
    if (typeof data['save'] === 'string') names.add(data['save'])
    for (const name of Object.keys((data['set'] ?? {}))) if (name !== 'language') names.add(name)
  }
  return [...names]
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

/** `vars` are fixed, and built-in values are tonval's: nothing may be kept under their names. */
function checkNames(context: Context): void {
  for (const { data, path } of context.found) {
    if (data === undefined) continue
    const written = Object.keys((data['set'] ?? {}) as Record<string, unknown>).map(name => ({ name, at: [...path, 'set', name] }))
    if (typeof data['save'] === 'string') written.push({ name: data['save'], at: [...path, 'save'] })
    for (const { name, at } of written) {
      const side = at.at(-2) === 'set' ? 'key' : 'value'
      // the language of the call is set as values are
      if (name === 'language' && side === 'key') continue
      if (context.vars.has(name)) tell(context, at, { code: 'bad-name', message: `\`${name}\` is fixed under \`vars:\` and cannot be set`, help: 'choose another name', related: [alsoAt(context, ['vars', name], 'it is fixed here')] }, side)
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
  checkTimezone(context, ['timezone'], data.timezone)
}
