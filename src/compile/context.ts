/** What the parts of a compilation share: the file, its names, its sounds, and where problems go. */
import type { Problem, Related, Report, Span } from '../problem/problem.ts'
import type { Path, Place } from '../parse/tree.ts'
import { placeOf, pointAt } from '../parse/tree.ts'
import { nearest } from '../validate/nearest.ts'
import type { FlowDocument, StateData } from '../validate/document.ts'
import type { Sound } from './sound.ts'

/** A sound file beside the flow, as far as a flow needs to know it. */
export interface SoundFile {
  /** Hash of its bytes. */
  readonly hash: string
  /** What its bytes are, whatever its name says; undefined for what the carrier cannot play. */
  readonly format: 'wav' | 'mp3' | 'ogg' | undefined
}

/** What is outside the file and decides how it compiles. */
export interface Surroundings {
  /** Sound files by their path below the folder of flows. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  readonly silence: SoundFile
  /** Settings that `vars: { x: { env: NAME } }` names. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Hosts that an address beginning with a value may lead to. */
  readonly hosts: readonly string[]
  /** All flows of the folder, by name: those that others may run. */
  readonly flows?: ReadonlyMap<string, FlowDocument>
}

/** A state found in the file, named or written in place, before it is compiled. */
export interface Found {
  readonly name: string
  readonly path: Path
  /** Undefined where the reader could not read it. */
  readonly data: StateData | undefined
}

/** How much of each table stands before a flow's own part. */
export interface Offsets {
  readonly states: number
  readonly visits: number
  readonly heard: number
  readonly answered: number
}

/** One flow among those that are linked together. */
export interface Plan {
  /** Its place in `Flow.sections`. */
  readonly section: number
  readonly document: FlowDocument
  readonly found: readonly Found[]
  /** Names of its values, inputs first: tokens of calls in progress hold values by their place here. */
  readonly names: readonly string[]
  readonly valuesFrom: number
}

export interface Context {
  readonly document: FlowDocument
  readonly surroundings: Surroundings
  readonly report: Report
  /** All states, in the order of their indexes. */
  readonly found: readonly Found[]
  /** Where this flow's part of the tables begins. */
  readonly from: Offsets
  /** The flows that are linked together, by name. */
  readonly plans: ReadonlyMap<string, Plan>
  /** Sounds that are given to inputs of other flows. */
  readonly given: Sound[]
  /** Index in the file by name; `from.states` is to be added. */
  readonly indexes: ReadonlyMap<string, number>
  /** The same of a state written in place, by its path joined with line ends. */
  readonly inPlace: ReadonlyMap<string, number>
  /** Addresses that take calls over, each with the index of its state in the tables. */
  readonly handovers: Map<string, number>
  /** Names of `inputs`, and those that the flow can set, each with its place. */
  readonly values: ReadonlyMap<string, number>
  /** Text of `vars`. */
  readonly vars: ReadonlyMap<string, string>
  /** Built-in values that are read anywhere in the flow. */
  readonly reads: Set<string>
  /** States counted for `visited`, and the most that is asked for, by their index in the tables. */
  readonly visits: Map<number, number>
  /** Connect states that `answered` asks for. */
  readonly answered: Set<number>
  /** States with `again`, each with its bit. */
  readonly heard: Map<string, number>
  /** Names that the file writes under `vars`, `prompts`, `set` and `save` where it could not be read whole: they are not unknown. */
  readonly unread: ReadonlySet<string>
  /** Comparisons that are left for did-you-mean: a generated file with ten thousand mistakes must not take minutes. */
  readonly guesses: { left: number }
  /** Prompts of `prompts:` that were used. */
  readonly promptsUsed: Set<string>
  /** Sound files that were used, by path. */
  readonly soundsUsed: Map<string, SoundFile>
}

/** The word nearest to what was written, as long as this file's comparisons last. */
export function guess(context: Context, written: string, allowed: readonly string[]): string | undefined {
  if (context.guesses.left <= 0) return undefined
  context.guesses.left -= allowed.length
  return nearest(written, allowed)
}

/** The place of a path in the flow's file. */
export function placeIn(context: Context, path: Path): Place {
  return placeOf(context.document.tree, path)
}

/** Reports a problem at the value of a path, or at its key where `at` says so. */
export function tell(context: Context, path: Path, problem: Omit<Problem, 'file' | 'severity' | 'span'> & { severity?: Problem['severity']; span?: Span }, at: 'value' | 'key' = 'value'): void {
  const place = placeIn(context, path)
  const span = problem.span ?? (at === 'key' ? (place.key ?? place.value) : pointAt(place))
  const state = path[0] === 'states' && path.length > 2 ? placeIn(context, path.slice(0, 2)).key : undefined
  context.report({
    severity: 'error', file: context.document.tree.file, ...problem, span,
    ...(state !== undefined && state.start !== span.start ? { context: { span: state, label: 'in this state' } } : {}),
  })
}

/** A second place of a problem. */
export function alsoAt(context: Context, path: Path, message: string): Related {
  const place = placeIn(context, path)
  return { file: context.document.tree.file, span: place.key ?? place.value, message }
}
