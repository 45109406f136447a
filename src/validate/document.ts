/** A flow file that fits the schema, as far as it fits. */
import type { Tree } from '../parse/tree.ts'

/** A verb's options as the schema reads them; each verb knows its own. */
export type StateData = Readonly<Record<string, unknown>>
/** A state's name, `end`, an address, or a state written in place. */
export type TargetData = string | StateData
/** A name, file, address, carrier sound, or an object. */
export type PromptData = string | Readonly<Record<string, unknown>> | readonly PromptData[]
export type TestData = Readonly<Record<string, unknown>>

/** A name of `messages`, an item, or a list of items. */
export type SendsData = string | Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[]

export interface ScheduleData {
  readonly timezone?: string
  /** Spans by days of the week. */
  readonly open: Readonly<Record<string, string>>
  /** A country's two letters. */
  readonly holidays?: string
  /** Spans, or `closed`, by date or range of dates. */
  readonly except?: Readonly<Record<string, string>>
}

export type InputType = 'number' | 'prompt' | 'seconds' | 'text'

export interface FlowData {
  readonly title?: string
  readonly start?: string
  readonly numbers?: readonly string[]
  readonly language?: string
  readonly languages?: readonly string[]
  readonly timezone?: string
  readonly country?: string
  readonly defaults?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly keys?: Readonly<Record<string, TargetData>>
  readonly vars?: Readonly<Record<string, string | { readonly env: string; readonly default?: string }>>
  readonly prompts?: Readonly<Record<string, PromptData>>
  readonly schedules?: Readonly<Record<string, ScheduleData>>
  readonly longest?: { readonly seconds: number; readonly goto: TargetData }
  readonly lists?: Readonly<Record<string, readonly string[] | { readonly file: string }>>
  /** Rows by key, or `file`. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly switches?: Readonly<Record<string, { readonly label?: string; readonly choices?: readonly string[]; readonly default: string; readonly turns_off_after?: number }>>
  readonly messages?: Readonly<Record<string, Exclude<SendsData, string>>>
  readonly recordcall?: { readonly deliver: SendsData }
  readonly on_hangup?: SendsData
  readonly on_error?: TargetData
  /** What a flow that others run is given, each with its type. */
  readonly inputs?: Readonly<Record<string, InputType>>
  /** By which ways it comes back. */
  readonly exits?: readonly string[]
  readonly states?: Readonly<Record<string, StateData>>
}

export interface FlowDocument {
  /** The file's name without `.yaml`. */
  readonly name: string
  readonly tree: Tree
  readonly data: FlowData
  /** Names of all states that the file writes, those that could not be read included: they exist for whoever leads there. */
  readonly stateNames: readonly string[]
  /** Those of them in which something could not be read. */
  readonly partly: ReadonlySet<string>
  /** Whether all of the file was read; if not, what is missing must not be taken for unwritten. */
  readonly whole: boolean
  /** How many names may be lost: with keys that are missing above what belongs to them, or all with the end of the file. */
  readonly lost: { readonly states: number; readonly prompts: number; readonly values: number }
  /** Keys that stand where none of theirs may: definitions, perhaps, that were meant for another place. */
  readonly stray: readonly string[]
}
