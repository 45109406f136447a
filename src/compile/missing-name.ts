/** What is known of a name that is used and not there, before the whole file is. */
import type { Problem, Span } from '../problem/problem.ts'
import type { Path } from '../parse/tree.ts'

export type NameKind = 'state' | 'prompt' | 'sound' | 'value' | 'language'

/** One place that uses a name which is not there. */
export interface MissingName {
  readonly kind: NameKind
  readonly name: string
  readonly path: Path
  /** Where the name stands, if not the whole value. */
  readonly span?: Span
  readonly told: Pick<Problem, 'code' | 'message' | 'label' | 'effect'>
  /** Words that could be meant. */
  readonly known: () => readonly string[]
  /** What to do where none of them is near. */
  readonly help: string
  /** What to write for a word, in place of `span` or of the value; nothing where no edit can be made. */
  readonly write?: (word: string) => string
}
