/** FlowDocument and what surrounds it → Flow: states found, linked by index, their actions prepared. */
import type { Problem, Report } from '../problem/problem.ts'
import type { FlowData, FlowDocument, TargetData } from '../validate/document.ts'
import { quoted } from '../validate/words.ts'
import { nothingDeclared, tell } from './context.ts'
import type { BesideFile, Context, Found, Offsets, Plan, SoundFile, Surroundings } from './context.ts'
import { checkDeclared, columnsRead, linkDeclared, readDeclared } from './declared.ts'
import { unreadNames, unreadWords, writtenNames, writtenPrompts } from './written-names.ts'
import { END } from './flow.ts'
import type { ConnectState, Flow, Section, State } from './flow.ts'
import { checkHead, checkNames, readVars } from './head.ts'
import { answersCalls, checkInterface } from './interface.ts'
import { checkMessages, compileSends, OF_ENDED, OF_RECORDING, reads } from './items.ts'
import { checkLanguages, checkMisplaced, firstSpoken, languagesOf } from './languages.ts'
import { checkMemory } from './memory.ts'
import { tellMissing } from './missing-names.ts'
import { checkCircle, deepest, placeValues, planSections, reachedBy } from './sections.ts'
import { compilePrompts } from './prompt.ts'
import type { Recipe } from './recipe.ts'
import { silence } from './silence.ts'
import { compileTarget } from './target.ts'
import { compileSchedules } from './schedule/compile-schedules.ts'
import type { Calendar } from './schedule/holidays.ts'
import { verbIn } from './verbs/list.ts'

const MOST_STATES = 10_000
const MOST_GUESSES = 200_000

export interface Compiled {
  readonly flow: Flow
  readonly problems: readonly Problem[]
  /** The sound files that the flow plays, by path below the folder of flows. Like `holidays` and `files` with those of the flows that it uses. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** What has to be made before it can answer calls, by name. */
  readonly recipes: ReadonlyMap<string, Recipe>
  /** Names of `prompts:` that the flow plays. */
  readonly promptsUsed: ReadonlySet<string>
  /** The flows that it can come to, which are linked into it. */
  readonly uses: readonly string[]
  /** Whether those, too, are without an error. */
  readonly usesSound: boolean
  /** The calendars of holidays that its schedules go by, by country. */
  readonly holidays: ReadonlyMap<string, Calendar>
  /** Lists and tables that the flow asks for, and the files beside it that hold some, by path below the folder of flows. */
  readonly listsUsed: ReadonlySet<string>
  readonly tablesUsed: ReadonlySet<string>
  readonly files: ReadonlyMap<string, BesideFile>
}

/** The flow that a document says, and what in it cannot be linked. With errors among the problems the flow must not answer calls. */
export function compile(document: FlowDocument, surroundings: Surroundings): Compiled {
  const { data } = document
  const problems: Problem[] = []
  const ofOthers: Problem[] = []
  const plans = planSections(document, surroundings.flows)
  const shared: Shared = { surroundings, plans, reads: new Set(), given: [], soundsUsed: new Map(), recipes: new Map(), holidaysUsed: new Map(), filesUsed: new Map(), spoken: { languages: spokenIn(data, plans), used: false, forCalls: new Map() } }
  const report = onceEach(problems)
  const opened = new Map([...plans.values()].map(plan => [plan, openPart(shared, plan, plan.section === 0 ? report : problem => ofOthers.push(problem))]))
  placeValues(plans, plan => columnsRead(opened.get(plan) as Context, plan))
  const parts: Part[] = []
  for (const [plan, context] of opened) parts.push(compilePart(context, plan, parts.at(-1)))
  const [first] = parts as [Part, ...Part[]]
  const deep = deepest(plans)
  const visits = parts.flatMap(part => part.visits)
  checkLinked(first.context, parts, deep ?? 0)
  const sections = parts.map(part => part.section) as [Section, ...Section[]]
  return {
    problems,
    sounds: shared.soundsUsed,
    recipes: shared.recipes,
    promptsUsed: first.context.promptsUsed,
    uses: reachedBy(document, surroundings.flows),
    usesSound: deep !== undefined && [...plans.values()].every(plan => plan.document.whole || plan.section === 0) && !ofOthers.some(problem => problem.severity === 'error'),
    holidays: shared.holidaysUsed,
    listsUsed: first.context.declared.listsUsed,
    tablesUsed: first.context.declared.tablesUsed,
    files: shared.filesUsed,
    flow: {
      name: document.name, version: '', title: data.title ?? document.name, file: document.tree.file, numbers: data.numbers ?? [],
      language: firstSpoken(data), languages: shared.spoken.used ? shared.spoken.languages : shared.spoken.languages.slice(0, 1), timezone: data.timezone ?? 'UTC', country: data.country ?? '',
      start: first.section.start, onError: first.section.onError ?? END, states: parts.flatMap(part => part.states), sections, given: shared.given, ...(shared.spoken.forCalls.size > 0 ? { speaks: [...shared.spoken.forCalls.values()] } : {}), answers: answersCalls(data), inputs: data.inputs ?? {},
      schedules: parts.flatMap(part => part.context.schedules), ...(first.longest === undefined ? {} : { longest: { ...first.longest, taken: visits.length } }),
      values: [...plans.values()].flatMap(plan => [...plan.values.keys()]), visits: first.longest === undefined ? visits : [...visits, 1], heardBits: sum(parts.map(part => part.context.heard.size)),
      answeredBits: sum(parts.map(part => part.context.answered.size)), reads: [...shared.reads].sort(), ...linkDeclared(parts.map(part => part.context)), onHangup: first.onHangup, ...(first.recordcall === undefined ? {} : { recordcall: first.recordcall }), atEnd: first.onHangup.length > 0 || reads(first.recordcall ?? [], OF_ENDED), hosts: surroundings.hosts, silence: silence(first.context),
    },
  }
}

/** The languages of all flows, that in which calls begin first. */
function spokenIn(data: FlowData, plans: ReadonlyMap<string, Plan>): readonly string[] {
  return [...new Set([firstSpoken(data), ...[...plans.values()].flatMap(plan => languagesOf(plan.document.data))])]
}

/** What the flows that are linked together share. */
type Shared = Pick<Context, 'surroundings' | 'plans' | 'reads' | 'given' | 'soundsUsed' | 'recipes' | 'holidaysUsed' | 'filesUsed' | 'spoken'>

/** One flow's part of the tables. */
interface Part {
  readonly context: Context
  readonly section: Section
  readonly states: readonly State[]
  readonly visits: readonly number[]
  /** What counts only of the flow that answers the call. */
  readonly longest: { readonly seconds: number; readonly to: number } | undefined
  readonly onHangup: Flow['onHangup']
  readonly recordcall?: Flow['onHangup']
}

const NOWHERE: Offsets = { states: 0, schedules: 0, visits: 0, heard: 0, answered: 0 }

function after({ context: { from, schedules, heard, answered }, states, visits }: Part): Offsets {
  return {
    states: from.states + states.length, schedules: from.schedules + schedules.length, visits: from.visits + visits.length,
    heard: from.heard + heard.size, answered: from.answered + answered.size,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0)
}

/** A flow's names, and what it declares: all that its states can ask for. */
function openPart(shared: Shared, { section, document, found, values }: Plan, report: Report): Context {
  const { data } = document
  const context: Context = {
    ...shared, document, found, values, report, from: NOWHERE, prefix: section === 0 ? '' : `${document.name}/`,
    indexes: new Map(found.map((one, index) => [one.name, index])),
    inPlace: new Map(found.map((one, index) => [one.path.join('\n'), index])),
    handovers: new Map(), vars: new Map(), visits: new Map(), answered: new Set(), heard: new Map(), missing: [], used: new Set(),
    unreadWords: unreadWords(document), unreadStates: unreadNames(document, 'states'), unread: document.whole ? new Set() : writtenNames(document), unreadPrompts: document.whole ? new Set() : writtenPrompts(document),
    guesses: { left: MOST_GUESSES }, besides: [], promptsUsed: new Set(), schedules: [], declared: nothingDeclared(),
  }
  context.schedules.push(...compileSchedules(context))
  readVars(context, data, context.vars as Map<string, string>)
  readDeclared(context)
  checkNames(context)
  checkHead(context, data)
  checkInterface(context)
  checkLanguages(context)
  if (found.length > MOST_STATES) tell(context, ['states'], { code: 'too-large', message: `this flow has ${found.length} states, and ${MOST_STATES} are possible`, help: 'split it into several flows' }, 'key')
  return context
}

/** `before`: the part that stands before this one in the tables. */
function compilePart(opened: Context, plan: Plan, before: Part | undefined): Part {
  const context: Context = { ...opened, from: before === undefined ? NOWHERE : after(before) }
  const { document: { name, data, stateNames }, found, prefix } = context
  const start = data.start === undefined ? END : compileTarget(context, ['start'], data.start)
  if (data.start === 'end') tell(context, ['start'], { code: 'unknown-target', message: '`start` names the state that answers the call, and `end` is none', effect: 'a caller would be answered with nothing', help: stateNames.length === 0 ? 'add it under `states:`' : `the states are ${quoted(stateNames)}` })
  const onError = data.on_error === undefined ? undefined : compileTarget(context, ['on_error'], data.on_error)
  const longest = data.longest === undefined ? undefined : { seconds: data.longest.seconds, to: compileTarget(context, ['longest', 'goto'], data.longest.goto) }
  checkShared(context, data)
  const states = found.map(one => compileState(context, one, prefix))
  const handovers: State[] = [...context.handovers.keys()].map(address => ({ name: address, path: [], verb: 'handover', address }))
  const onHangup = data.on_hangup === undefined ? [] : compileSends(context, ['on_hangup'], data.on_hangup, [...OF_ENDED, ...OF_RECORDING])
  const recordcall = data.recordcall === undefined ? undefined : compileSends(context, ['recordcall', 'deliver'], data.recordcall.deliver, [...OF_RECORDING, ...OF_ENDED])
  checkMessages(context)
  checkMisplaced(context)
  // a state that could not be read may play any of them, and so may one that names none there is
  if (!context.document.whole || context.missing.some(one => one.kind === 'prompt')) compilePrompts(context)
  tellMissing(context)
  checkDeclared(context, states)
  const section: Section = {
    name, from: context.from.states, start, onError, values: { from: before === undefined ? 0 : before.section.values.from + before.section.values.count, count: plan.values.size },
    schedules: context.from.schedules, languages: languagesOf(data), timezone: data.timezone ?? 'UTC', country: data.country ?? '',
  }
  return { context, section, longest, onHangup, ...(recordcall === undefined ? {} : { recordcall }), ...link(context, [...states, ...handovers]) }
}

/** What can be said only when all flows are there: no circle, and not too much to be remembered. */
function checkLinked(context: Context, parts: readonly Part[], deep: number): void {
  checkCircle(context)
  const count = sum(parts.map(part => part.states.length))
  if (parts.length > 1 && count > MOST_STATES) tell(context, ['states'], { code: 'too-large', message: `this flow and those that it uses have ${count} states, and ${MOST_STATES} are possible`, help: 'let other lines answer some of them' }, 'key')
  checkMemory(context, {
    values: sum(parts.map(part => part.section.values.count)), visits: parts.flatMap(part => part.visits), heard: sum(parts.map(part => part.context.heard.size)),
    answered: sum(parts.map(part => part.context.answered.size)), deep,
  })
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
