/** What the parts of a compilation share: the file, its names, its sounds, and where problems go. */
import type { Problem, Related, Report, Span } from '../problem/problem.ts'
import type { Path, Place } from '../parse/tree.ts'
import { placeOf, pointAt } from '../parse/tree.ts'
import type { Listened } from './listened.ts'
import type { MissingName } from './missing-name.ts'
import { nearest } from '../validate/nearest.ts'
import type { FlowDocument, StateData } from '../validate/document.ts'
import type { Recipe, Voice } from './recipe.ts'
import type { Schedule } from './schedule/schedule.ts'
import type { Calendar } from './schedule/holidays.ts'
import type { Sound } from './sound.ts'
import type { Switch } from './switch.ts'
import type { Table } from './table.ts'

/** A sound file beside the flow, as far as a flow needs to know it. */
export interface SoundFile {
  /** Hash of its bytes. */
  readonly hash: string
  /** What its bytes are, whatever its name says; undefined for what the carrier cannot play. */
  readonly format: 'wav' | 'mp3' | 'ogg' | undefined
  /** Its length; absent where nobody measured it, or its bytes do not tell. No answer to the carrier depends on it. */
  readonly seconds?: number
  /** Why the carrier cannot play it, as words that follow its name; present where that is seen without listening. */
  readonly trouble?: string
}

/** A sound that was made when a version was, or why it could not be. */
export type MadeSound = SoundFile | { readonly trouble: string }

/** A file that a flow may name beside sounds: a list or a table. */
export interface BesideFile {
  /** As problems name it. */
  readonly path: string
  readonly text: string
  /** Why it could not be read, in words. */
  readonly unreadable?: string
}

/** What is outside the file and decides how it compiles. */
export interface Surroundings {
  /** Sound files by their path below the folder of flows. */
  readonly sounds: ReadonlyMap<string, SoundFile>
  /** Lists and tables by their path below the folder. */
  readonly files?: ReadonlyMap<string, BesideFile>
  readonly silence: SoundFile
  /** What was heard in sound files, by their hash; one that is not there counts as good. */
  readonly heard?: ReadonlyMap<string, Listened>
  /** What became of recipes, by their name; one that is not there has not been made yet. */
  readonly made?: ReadonlyMap<string, MadeSound>
  /** Languages that the speech engine speaks; undefined where only it can tell. */
  readonly speaks?: readonly string[]
  /** Settings that `vars: { x: { env: NAME } }` names. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Hosts that an address beginning with a value may lead to. */
  readonly hosts: readonly string[]
  /** Beginnings of numbers that the server would ring, for scripted calls. */
  readonly dial?: readonly string[]
  /** Calendars of holidays by country, of a version that was made before: they hold where newer ones say otherwise. */
  readonly holidays?: ReadonlyMap<string, Calendar>
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

/** Reports a problem at a cell of a table. */
export type TellCell = (problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>) => void

/** A table as it was read: what a flow keeps of it, and where each cell stands. */
export interface ReadTable extends Table {
  /** Tells of the cell of a row and a column; of its key for -1. */
  readonly tellAt: (key: string, column: number) => TellCell
}

/** Lists, tables and switches of the file. */
export interface Declared {
  /** Entries of `lists`. */
  readonly lists: Map<string, readonly string[]>
  readonly tables: Map<string, ReadTable>
  readonly switches: Map<string, Switch>
  /** What states ask for. */
  readonly listsUsed: Set<string>
  readonly tablesUsed: Set<string>
  /** Tables that are asked for the number of the caller or of the line. */
  readonly numberKeys: Set<string>
}

export function nothingDeclared(): Declared {
  return { lists: new Map(), tables: new Map(), switches: new Map(), listsUsed: new Set(), tablesUsed: new Set(), numberKeys: new Set() }
}

/** How much of each table stands before a flow's own part. */
export interface Offsets {
  readonly states: number
  readonly schedules: number
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
  /** Its values, each with its place in `Flow.values`; filled in when its tables have been read. */
  readonly values: Map<string, number>
  /** Names that those who run it keep of it. */
  readonly taken: Set<string>
  /** Of these the ones that may be columns of a table that could not be read: they are not unknown. */
  readonly unsure: Set<string>
}

export interface Context {
  readonly document: FlowDocument
  readonly surroundings: Surroundings
  readonly report: Report
  /** All states, in the order of their indexes. */
  readonly found: readonly Found[]
  /** Where this flow's part of the tables begins. */
  readonly from: Offsets
  /** What stands before its names in the tables: nothing, or the name of a flow that another one runs and a slash. */
  readonly prefix: string
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
  /** Names of `inputs`, and those that the flow can set, each with its place in `Flow.values`. */
  readonly values: ReadonlyMap<string, number>
  /** Text of `vars`. */
  readonly vars: ReadonlyMap<string, string>
  /** Built-in values that are read anywhere in the flow. */
  readonly reads: Set<string>
  /** States counted for `visited`, and the most that is asked for, by their index in the tables. */
  readonly visits: Map<number, number>
  /** The languages of all flows that are linked together, that in which calls begin first, and whether anything heard or read depends on which a call is in. */
  readonly spoken: { readonly languages: readonly string[]; used: boolean; /** The voices in which words are spoken that only a call knows, each once. */ readonly forCalls: Map<string, Voice> }
  /** Connect and record states that `answered` and `recorded` ask for, the same way. */
  readonly answered: Set<number>
  /** States with `again`, each with its bit. */
  readonly heard: Map<string, number>
  /** Names that are used and not there: told when the whole file is known. */
  readonly missing: MissingName[]
  /** States and values that are used, as `state menu`. */
  readonly used: Set<string>
  /** Words that stand in parts which YAML could not read: whatever is named so may be there. Of those, the ones that may be names of states. */
  readonly unreadWords: ReadonlySet<string>
  readonly unreadStates: ReadonlySet<string>
  /** Schedules, in the order of the file. */
  readonly schedules: Schedule[]
  /** Calendars that they use, by country. */
  readonly holidaysUsed: Map<string, Calendar>
  /** Names that the file writes under `vars`, `prompts`, `inputs`, `schedules`, `set` and `save` where it could not be read whole: they are not unknown. */
  readonly unread: ReadonlySet<string>
  /** The same for names of prompts alone, with the words that may be such in what YAML could not read. */
  readonly unreadPrompts: ReadonlySet<string>
  /** Comparisons that are left for did-you-mean: a generated file with ten thousand mistakes must not take minutes. */
  readonly guesses: { left: number }
  /** Values that are known where the present text stands, and nowhere else. */
  readonly besides: readonly string[]
  /** Prompts of `prompts:` that were used. */
  readonly promptsUsed: Set<string>
  /** Sound files that were used, by path; and lists and tables. */
  readonly soundsUsed: Map<string, SoundFile>
  /** What has to be made before the flow can answer calls, by name. */
  readonly recipes: Map<string, Recipe>
  readonly filesUsed: Map<string, BesideFile>
  readonly declared: Declared
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

/** Whether something of the state at a path could not be read: what is missing in it must not be taken for unwritten. */
export function isPartly({ document: { partly } }: Context, path: Path): boolean {
  return path[0] === 'states' && partly.has(String(path[1]))
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
