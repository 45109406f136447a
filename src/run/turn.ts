/** A call while one request is answered: what verbs see and change of it. */
import { END } from '../compile/flow.ts'
import type { Flow, FlowState, Given, Section, Sound, Template } from '../compile/flow.ts'
import type { ChosenSound } from '../compile/sound.ts'
import type { Move, Turn } from '../compile/verb.ts'
import type { Answer, Ask } from '../compile/asking.ts'
import { isAllowed } from '../compile/dialable.ts'
import type { Outgoing } from '../compile/outgoing.ts'
import { draw, drawDigits, drawName, shuffle } from '../compile/draw.ts'
import { standing } from '../compile/switch.ts'
import { has, sectionOf, withBit } from './bits.ts'
import type { Aside } from './bits.ts'
import type { Call } from './call.ts'
import type { Item } from './effect.ts'
import { fillAddress } from './fill-address.ts'
import { fillRef } from './fill.ts'
import type { Readable } from './fill.ts'
import { fillItems } from './items.ts'
import { kept, without } from './values.ts'
import type { Kept } from './values.ts'
import type { World } from './world.ts'

export class CallTurn implements Turn, Readable {
  readonly flow: Flow
  readonly now: number
  readonly id: string
  readonly start: number
  readonly begun: boolean
  readonly caller: string
  readonly called: string
  readonly direction: string
  state: number
  moves: number
  attempt: number
  place: number
  digits: string
  /** The language, as the call holds it. */
  spoken: number
  holiday = ''
  readonly told: Readonly<Record<string, string>> | undefined
  /** Whether a number was rung that comes from a value. */
  rings = false
  readonly #call: Call
  readonly #world: World
  readonly #ofFirst: boolean
  #answersHeard = 0
  #effects: Item[] | undefined
  // copied only when changed: most requests change none of them
  #values: readonly string[] | undefined
  #visits: number[] | undefined
  #heard: number[] | undefined
  #answered: number[] | undefined
  #stack: readonly number[] | undefined

  constructor(flow: Flow, call: Call, now: number, world: World, aside?: Aside) {
    this.flow = flow
    this.now = now
    this.#call = call
    this.#world = world
    this.told = aside?.told
    this.#ofFirst = aside?.ofFirst === true
    this.id = call.id
    this.start = call.start
    this.begun = call.step > 0
    this.caller = call.caller
    this.called = call.called
    this.direction = call.direction
    this.state = call.state
    this.moves = call.moves
    this.attempt = call.attempt
    this.place = call.place
    this.digits = call.digits
    this.spoken = call.language
  }

  get stateName(): string {
    return this.flow.states[this.state]?.name ?? ''
  }

  get language(): string {
    const { languages } = this.section
    const spoken = this.flow.languages[this.spoken]
    return spoken !== undefined && languages.includes(spoken) ? spoken : languages[0]
  }

  speak(language: string): void {
    const { languages } = this.flow
    const at = languages.indexOf(language)
    // where nothing depends on the language, none is kept
    if (languages.length > 1) this.spoken = at < 0 ? languages.length : at
  }

  /** Which of its sounds a call hears. */
  choose(sound: ChosenSound): number {
    const last = sound.sounds.length - 1
    if (sound.kind === 'translated') return Math.min(this.spoken, last)
    const text = this.fill(sound.value)
    return Object.hasOwn(sound.from, text) ? (sound.from[text] as number) : last
  }

  switchAt(name: string): string {
    const one = Object.hasOwn(this.flow.switches, name) ? this.flow.switches[name] : undefined
    return one === undefined ? '' : standing(one, this.#world.switches.get(name), this.now)
  }

  chance(place: string): number {
    return this.#world.chance ?? draw(this, place)
  }

  digitsFor(place: string, name: string, count: number): string {
    return this.#world.random?.[name] ?? drawDigits(this, `${place}.set.${name}`, count)
  }

  ask({ state }: Ask): Answer | undefined {
    const given = this.#world.fetch
    return given !== undefined && Object.hasOwn(given, state) ? given[state] : this.#world.answers?.[this.#answersHeard++]
  }

  send(items: readonly Outgoing[]): void {
    const place = { key: `${this.#call.step}.${this.moves} ${this.stateName}`, call: this.id, flow: this.section.name, state: this.stateName }
    this.#effects = [...(this.#effects ?? []), ...fillItems(this, items, place)]
  }

  /** What was sent so far; undefined for nothing. */
  get effects(): readonly Item[] | undefined {
    return this.#effects
  }

  keyOf(place: string): string {
    return drawName(this, place)
  }

  mayRing(numbers: string): boolean {
    const allow = this.#world.dial?.allow
    return allow === undefined || allow.length === 0 || (numbers.includes(',') ? numbers.split(',') : [numbers]).every(number => isAllowed(number, allow))
  }

  ringsValue(): boolean {
    if (this.#world.dial?.spent === true) return false
    this.rings = true
    return true
  }

  inDrawnOrder<T>(place: string, things: readonly T[]): readonly T[] {
    return shuffle(this, `${place}.order`, things)
  }

  value(index: number): string {
    return (this.#values ?? this.#call.values)[index] ?? ''
  }

  keep(index: number, text: string): void {
    this.#values = kept(this.#values ?? this.#call.values, [[index, text]])
  }

  get section(): Section {
    const { sections } = this.flow
    return sections.length === 1 || this.#ofFirst ? sections[0] : sectionOf(this.flow, this.state)
  }

  enter(state: FlowState): number {
    const section = this.flow.sections[state.section] as Section
    // filled in before anything is dropped: an input may be made of values of the flow that is left
    const given = state.inputs.map((input): Kept => [input.index, this.#given(input)])
    const values = this.#values ?? this.#call.values
    if (state.jump) {
      // what is left for good is forgotten, but for the flow that answered: its messages go out when the call is over
      this.#values = kept(this.flow.sections.slice(1).reduce(without, section === this.flow.sections[0] ? without(values, section) : values), given)
      this.#stack = []
    } else {
      this.#values = kept(without(values, section), given)
      this.#stack = [...(this.#stack ?? this.#call.stack), this.state]
    }
    return section.start
  }

  leave(exit: string): Move {
    const values = this.#values ?? this.#call.values
    const gate = this.#comeBack()
    // what runs when nobody answers a call has nothing to come back to
    if (gate === undefined) return { to: END, why: exit }
    if (gate.saves.length > 0) this.#values = kept(this.#values ?? [], gate.saves.map(({ index, from }) => [index, values[from] ?? '']))
    return { to: gate.edges[exit]?.to ?? END, why: exit, via: gate.name }
  }

  /** Leaves all flows for the one that answered, whose values were kept. */
  leaveAll(): void {
    this.#values = this.flow.sections.slice(1).reduce(without, this.#values ?? this.#call.values)
    this.#stack = []
  }

  /** Where a call goes when something of ours breaks: the way out that the flow names, or `failed` where it is run, and so on from there. */
  wayOut(): number {
    for (;;) {
      const own = this.section.onError
      if (own !== undefined) return own
      const gate = this.#comeBack()
      if (gate === undefined) return END
      const failed = gate.edges['failed']
      if (failed?.word !== undefined) return failed.to
    }
  }

  /** Forgets the values of the flow that is run, and stands again where it is run. */
  #comeBack(): FlowState | undefined {
    const stack = this.#stack ?? this.#call.stack
    const index = stack.at(-1)
    const gate = index === undefined ? undefined : this.flow.states[index]
    if (index === undefined || gate?.verb !== 'flow') return undefined
    this.#values = without(this.#values ?? this.#call.values, this.flow.sections[gate.section] as Section)
    this.#stack = stack.slice(0, -1)
    this.state = index
    return gate
  }

  #given(input: Given): string {
    if ('text' in input) return this.fill(input.text)
    if ('sound' in input) return String(input.sound)
    const [part] = input.address
    if (typeof part === 'object' && part.from === 'prompt') return this.value(part.index)
    return this.fillAddress(input.address) ?? ''
  }

  /** The sound of a prompt with values in it; undefined where it is none that may be used. */
  fillSound(template: Template): Sound | undefined {
    const [part] = template
    if (typeof part !== 'object' || part.from !== 'prompt') {
      const address = this.fillAddress(template)
      return address === undefined ? undefined : { kind: 'given', address, filled: true }
    }
    // an input of type `prompt` holds what #given wrote and nothing else
    const given = this.value(part.index)
    if (/^\d+$/.test(given)) return this.flow.given[Number(given)]
    return given === '' ? undefined : { kind: 'given', address: given, filled: true }
  }

  keepDigits(digits: string): void {
    if (this.flow.reads.includes('digits')) this.digits = digits.slice(0, 20)
  }

  heard(bit: number): boolean {
    return has(this.#heard ?? this.#call.heard, bit)
  }

  hear(bit: number): void {
    this.#heard = withBit(this.#heard ?? this.#call.heard, bit)
  }

  answered(bit: number): boolean {
    return has(this.#answered ?? this.#call.answered, bit)
  }

  answer(bit: number): void {
    this.#answered = withBit(this.#answered ?? this.#call.answered, bit)
  }

  visits(index: number): number {
    return (this.#visits ?? this.#call.visits)[index] ?? 0
  }

  visit(index: number): void {
    const before = this.visits(index)
    if (before >= (this.flow.visits[index] ?? 0)) return
    const visits = [...(this.#visits ?? this.#call.visits)]
    while (visits.length < this.flow.visits.length) visits.push(0)
    visits[index] = before + 1
    this.#visits = visits
  }

  fill(template: Template): string {
    let text = ''
    for (const part of template) text += typeof part === 'string' ? part : fillRef(this, part)
    return text
  }

  fillAddress(template: Template): string | undefined {
    return fillAddress(this, template)
  }

  /** The call as it stands after this request. */
  end(): Call {
    const call = this.#call
    return {
      id: call.id, version: call.version, start: call.start, step: call.step + 1, moves: this.moves, state: this.state,
      attempt: this.attempt, place: this.place, language: this.spoken, caller: call.caller, called: call.called, direction: call.direction, digits: this.digits,
      values: this.#values ?? call.values, visits: this.#visits ?? call.visits, heard: this.#heard ?? call.heard, answered: this.#answered ?? call.answered,
      stack: this.#stack ?? call.stack,
    }
  }
}
