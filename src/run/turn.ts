/** A call while one request is answered: what verbs see and change of it. */
import type { Flow, Template } from '../compile/flow.ts'
import type { ChosenSound } from '../compile/sound.ts'
import type { Turn } from '../compile/verb.ts'
import { addressProblem } from '../compile/address.ts'
import { draw, drawDigits, shuffle } from '../compile/draw.ts'
import { standing } from '../compile/switch.ts'
import type { Call } from './call.ts'
import { fillRef } from './fill.ts'
import type { Readable } from './fill.ts'
import type { World } from './world.ts'

/** Bytes that all values of a call hold at most: they travel in its addresses. */
export const MOST_VALUE_BYTES = 1024
const BITS = 30

/** Something of ours broke; the call goes to `on_error`. */
export class Broken extends Error {}

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
  readonly #call: Call
  readonly #world: World
  // copied only when changed: most requests change none of them
  #values: string[] | undefined
  #visits: number[] | undefined
  #heard: number[] | undefined
  #answered: number[] | undefined

  constructor(flow: Flow, call: Call, now: number, world: World) {
    this.flow = flow
    this.now = now
    this.#call = call
    this.#world = world
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
    const { declared, languages } = this.flow
    const spoken = languages[this.spoken]
    return spoken !== undefined && declared.includes(spoken) ? spoken : declared[0]
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

  inDrawnOrder<T>(place: string, things: readonly T[]): readonly T[] {
    return shuffle(this, `${place}.order`, things)
  }

  value(index: number): string {
    return (this.#values ?? this.#call.values)[index] ?? ''
  }

  keep(index: number, text: string): void {
    const values = [...(this.#values ?? this.#call.values)]
    while (values.length <= index) values.push('')
    // control characters separate the fields of a token, and no lone surrogate survives UTF-8
    values[index] = text.replace(/[\u0000-\u001f\u007f]/g, ' ').toWellFormed()
    let bytes = 0
    for (const value of values) bytes += Buffer.byteLength(value)
    if (bytes > MOST_VALUE_BYTES) throw new Broken(`the values of this call would hold ${bytes} bytes, ${MOST_VALUE_BYTES} are possible`)
    this.#values = values
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
    let text = ''
    let begins = true
    let fromValue = false
    for (const part of template) {
      if (typeof part === 'string') text += part
      else {
        // a value inside the host chooses the host just as one that begins the address does
        fromValue ||= begins || !/^https?:\/\/[^/?#]+[/?#]/i.test(text)
        const value = fillRef(this, part)
        text += begins ? value : encodeURIComponent(value.toWellFormed())
      }
      begins = begins && text === ''
    }
    if (/^sound\/(beep|dtmf\/[0-9*#pPA-D]+)$/.test(text)) return text
    if (addressProblem(text) !== undefined) return undefined
    if (fromValue && !this.flow.hosts.includes(new URL(text).hostname)) return undefined
    return text
  }

  /** The call as it stands after this request. */
  end(): Call {
    const call = this.#call
    return {
      id: call.id, version: call.version, start: call.start, step: call.step + 1, moves: this.moves, state: this.state,
      attempt: this.attempt, place: this.place, language: this.spoken, caller: call.caller, called: call.called, direction: call.direction, digits: this.digits,
      values: this.#values ?? call.values, visits: this.#visits ?? call.visits, heard: this.#heard ?? call.heard, answered: this.#answered ?? call.answered,
    }
  }
}

function has(words: readonly number[], bit: number): boolean {
  return (((words[Math.floor(bit / BITS)] ?? 0) >> (bit % BITS)) & 1) === 1
}

function withBit(words: readonly number[], bit: number): number[] {
  const result = [...words]
  const word = Math.floor(bit / BITS)
  while (result.length <= word) result.push(0)
  result[word] = (result[word] as number) | (1 << (bit % BITS))
  return result
}
