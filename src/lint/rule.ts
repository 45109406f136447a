/** A rule: looks at a compiled flow, or at a file as it is written, and tells what a caller would meet. One file each. */
import type { Problem, Report, Severity, Span } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import type { Sound } from '../compile/sound.ts'
import type { FlowData } from '../validate/document.ts'
import type { Comment } from '../parse/comments.ts'
import { placeOf, pointAt } from '../parse/tree.ts'
import type { Path, Tree } from '../parse/tree.ts'
import type { HeardFile } from './heard-in.ts'
import type { Walk } from './walk/walk.ts'

/** What `tonval explain` prints of a code that problems have. */
export interface Page {
  readonly name: string
  readonly severity: Severity
  /** In one sentence: what it costs a caller or the operator. */
  readonly why: string
  /** A flow without the problem, and one with exactly this one. */
  readonly valid: string
  readonly invalid: string
  /** Another flow, named `another`, that stands beside both. */
  readonly another?: string
  /** What has to stand beside the invalid flow for the problem to show. */
  readonly beside?: Beside
}

export interface Beside {
  /** Another flow, named `another`. */
  readonly other?: string
  /** A flow that answered calls, named `another`, whose file has just been deleted. */
  readonly gone?: string
  /** Scripted calls, and the flow whose name they carry. */
  readonly calls?: { readonly name: string; readonly text: string }
  /** Other files, by name. */
  readonly files?: readonly string[]
  /** Lists and tables, by name. */
  readonly texts?: Readonly<Record<string, string>>
  /** No scripted calls stand beside the flow. */
  readonly noCalls?: true
  /** The file cannot be read. */
  readonly unreadable?: true
}

export interface Rule extends Page {
  /** Rules of whose problems this one would only tell what follows from them. */
  readonly givesWayTo?: readonly string[]
  /** It looks at each state by itself, and holds also where others could not be read. */
  readonly ofOneState?: true
  check(linted: Linted): void
}

/** A rule of the file as it is written: it may say what the reader of the flow could only misunderstand. */
export interface FileRule extends Page {
  checkFile(file: LintedFile): void
}

/** What a rule says of a place. */
export type Told = Omit<Problem, 'file' | 'span' | 'code' | 'severity'> & { readonly span?: Span }

/** A flow, the file that it comes from, what surrounds it, and where problems go. */
export interface Linted {
  /** As its file has it; the indexes of states are those of `linked`. */
  readonly flow: Flow
  /** With the states of the flows that it runs behind its own. */
  readonly linked: Flow
  readonly tree: Tree
  /** What the file writes, by the same paths as in the tree. */
  readonly data: FlowData
  readonly outside: Outside
  /** What calls can do in the flow. */
  readonly walk: Walk
  /** Reports a problem at the value of a path, or at its key. */
  readonly tell: (path: Path, problem: Told, at?: 'value' | 'key') => void
}

/** What of the other files decides. */
export interface Outside {
  /** The lines that any flow of the folder answers. */
  readonly numbers: ReadonlySet<string>
  /** Whether scripted calls stand beside the flow; undefined where nobody looked. */
  readonly hasCalls: boolean | undefined
  /** Prompts of `prompts:` that the flow plays. */
  readonly promptsUsed: ReadonlySet<string>
  /** Whether another flow runs it, or goes on in it. */
  readonly isUsed: boolean
  /** Its values that others keep. */
  readonly taken: ReadonlySet<string>
  /** Milliseconds since 1970; undefined where nobody said. */
  readonly now: number | undefined
  /** Beginnings of numbers that the server may ring, where its settings say so. */
  readonly dial?: readonly string[] | undefined
  /** Lists and tables that its states ask for. */
  readonly listsUsed: ReadonlySet<string>
  readonly tablesUsed: ReadonlySet<string>
  /** The length of a sound in seconds; undefined where it is not known. */
  readonly seconds: (sound: Sound) => number | undefined
  /** What was heard in a file, by the hash of its bytes and what the flow writes there. */
  readonly heard: (hash: string, written: unknown) => HeardFile | undefined
}

export interface LintedFile {
  readonly tree: Tree
  readonly comments: readonly Comment[]
  /** Reports a problem. `covers`: what a reader of the flow would say of these places is the same mistake. */
  readonly tell: (span: Span, problem: Omit<Told, 'span'>, covers?: readonly Span[]) => void
  /** What a reader of the flow would say of this place belongs to a problem that is told. */
  readonly cover: (span: Span) => void
}

/** Runs one rule over a flow. */
export function runRule(rule: Rule, linted: Omit<Linted, 'tell'>, report: Report): void {
  const { tree } = linted
  // what many states share, such as `defaults`, is one place: a mistake there is one problem
  const told = new Set<string>()
  rule.check({
    ...linted,
    tell(path, problem, at = 'value') {
      const place = placeOf(tree, path)
      const span = problem.span ?? (at === 'key' ? (place.key ?? place.value) : pointAt(place))
      const where = `${span.start} ${span.end}`
      if (told.has(where)) return
      told.add(where)
      const state = path[0] === 'states' && path.length > 2 ? placeOf(tree, path.slice(0, 2)).key : undefined
      const context = state === undefined || state.start === span.start ? {} : { context: { span: state, label: 'in this state' } }
      report({ code: rule.name, severity: rule.severity, file: tree.file, ...context, ...problem, span: onOneLine(tree.text, span) })
    },
  })
}

/** Runs one rule over a file. */
export function runFileRule(rule: FileRule, file: Omit<LintedFile, 'tell'>, report: Report): void {
  rule.checkFile({
    ...file,
    tell(span, problem, covers = []) {
      covers.forEach(file.cover)
      report({ code: rule.name, severity: rule.severity, file: file.tree.file, span, ...problem })
    },
  })
}

function onOneLine(text: string, span: Span): Span {
  const newline = text.indexOf('\n', span.start)
  return newline >= 0 && newline < span.end ? { start: span.start, end: newline } : span
}
