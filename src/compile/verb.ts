/** A verb: its words, how it compiles, and how it steps. One file each in verbs/. */
import type { StateData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import type { Reply } from './action.ts'
import type { Answer, Ask } from './asking.ts'
import type { Flow, FlowState, State, Template } from './flow.ts'
import type { Context } from './context.ts'
import type { Outgoing } from './outgoing.ts'

/** What the carrier told us: the result of the action that it has done. */
export type Event =
  | { readonly kind: 'digits'; readonly digits: string }
  | { readonly kind: 'success' | 'busy' | 'missing' | 'other' }
  | { readonly kind: 'failed'; readonly why: 'noinput' | 'other' }

/**
 * What comes of an arrival or a report: an answer for the carrier, or a move. `why` is the outcome in the language's
 * words; `digits` stands for a key, so that a log can leave it out where it is sensitive.
 */
export type Move =
  | { readonly reply: Reply }
  /** Nothing yet: another program has to be asked, and the step is made once more with its answer. */
  | { readonly ask: Ask }
  | {
      readonly to: number
      readonly why: string
      /** A state that the call comes back to on the way. */
      readonly via?: string
      /** The public holiday that a schedule said it is. */
      readonly holiday?: string
      /** Of a `failed`: why, in a word for the log. */
      readonly reason?: string
    }

/** The part of a call that a verb may look at and change, while one request is answered. */
export interface Turn {
  readonly flow: Flow
  /** When the request came, in milliseconds since 1970. */
  readonly now: number
  /** The public holiday that a schedule was closed for, where one was asked; empty otherwise. */
  holiday: string
  /** Whether the carrier has already been asked for something in this call. */
  readonly begun: boolean
  /** How often the present state has asked, from 1. */
  attempt: number
  /** Which number of a list is being rung, from 0. */
  place: number
  /** Fills in a template's values. */
  fill(template: Template): string
  /** Fills in a template that is an address: values after its beginning are percent-encoded. Undefined where it is none that may be used. */
  fillAddress(template: Template): string | undefined
  keep(index: number, text: string): void
  keepDigits(digits: string): void
  /** Goes on in a language; in the first one, where it is none of the flow's. */
  speak(language: string): void
  heard(bit: number): boolean
  hear(bit: number): void
  answered(bit: number): boolean
  answer(bit: number): void
  visits(index: number): number
  /** Goes on in another flow with its inputs; where that begins. */
  enter(state: FlowState): number
  /** Comes back to the state that runs the present flow. */
  leave(exit: string): Move
  readonly caller: string
  readonly called: string
  readonly direction: string
  /** How a switch of the flow stands. */
  switchAt(name: string): string
  /** A number from 0 up to 1, drawn for a place in the flow: the same whenever this arrival asks. */
  chance(place: string): number
  /** Digits drawn for a place, for the value of a name. */
  digitsFor(place: string, name: string, count: number): string
  /** What another program answers; undefined where it has to be asked first. */
  ask(ask: Ask): Answer | undefined
  /** A name for what this arrival does at a place: the same whenever it does it, and another for every other. */
  keyOf(place: string): string
  /** Sends items: filled in now, stored before the answer leaves. */
  send(items: readonly Outgoing[]): void
  /** Whether all of these numbers, with commas between them, are of countries that may be rung. */
  mayRing(numbers: string): boolean
  /** Asks to ring numbers that come from a value: false where so much has gone out that nothing more may. It is counted. */
  ringsValue(): boolean
  /** Things in an order drawn for a place. */
  inDrawnOrder<T>(place: string, things: readonly T[]): readonly T[]
}

export interface Verb<S extends State> {
  readonly name: S['verb']
  /** Keys of a state with this verb, beside the verb itself. */
  readonly keys: readonly string[]
  /** Words that `on` may hold; empty where the verb has no `on`. */
  readonly outcomes: readonly string[]
  /** A flow that uses the verb; a test compiles it. */
  readonly example: string
  /** Another flow that the example uses, named `another`. */
  readonly beside?: string
  compile(context: Context, name: string, path: Path, data: StateData): S
  arrive(turn: Turn, state: S): Move
  /** Undefined for a verb that asks the carrier for nothing. */
  report?(turn: Turn, state: S, event: Event): Move
}
