/** What the readers of one file share: where they are, and how they tell. */
import type { Problem, Report, Span } from '../problem/problem.ts'
import { pointAt } from '../parse/tree.ts'
import type { Node, Path, Scalar, Tree } from '../parse/tree.ts'
import type { Resolved, RootSchema, Schema } from './schema.ts'
import { asKind } from './mends.ts'
import { quoted } from './words.ts'

/** Nothing usable was read; a problem has said why. */
export const UNREADABLE = Symbol('unreadable')

export interface Reader {
  readonly tree: Tree
  readonly root: RootSchema
  readonly report: Report
  /** The key whose value is being read, for messages. */
  readonly key: Scalar | undefined
  readonly path: Path
  /** The state that the place stands in. */
  readonly context: { readonly span: Span; readonly label: string } | undefined
  /** Reads what stands below: the readers of maps and lists are handed it, so that none needs to know the others. */
  readonly read: (reader: Reader, node: Node, schema: Schema, definition?: string) => unknown
}

/** The reader for what stands below one key or list position. */
export function below(reader: Reader, part: string | number, key: Scalar | undefined): Reader {
  const context = key !== undefined && isState(reader.path) ? { span: key.span, label: 'in this state' } : reader.context
  return { ...reader, key: key ?? reader.key, path: [...reader.path, part], context }
}

function isState(path: Path): boolean {
  return path.length === 1 && path[0] === 'states'
}

/** Whether what stands directly below is named as states are. */
export function isStateName({ path, root }: Reader): boolean {
  return isState(path) && root.properties?.['states'] !== undefined
}

/** Reports a problem of the reader's file, with the state that it stands in. */
export function tell(reader: Reader, problem: Omit<Problem, 'file' | 'severity'>): void {
  const inside = reader.context !== undefined && reader.context.span.start !== problem.span.start ? { context: reader.context } : {}
  reader.report({ severity: 'error', file: reader.tree.file, ...inside, ...problem })
}

/** Whether a part that could not be read stands in what belongs to the present key, or right behind it: what is missing there may be in it. */
export function holdsUnread({ tree, key, path }: Reader, node: Node): boolean {
  const start = typeof path.at(-1) === 'number' ? node.span.start : (key?.span.end ?? node.span.start)
  return tree.unread.some(part => part.start >= start && (part.start < node.span.end || isBlank(tree.text.slice(node.span.end, part.start))))
}

function isBlank(text: string): boolean {
  return text.length < 2000 && /^:?\s*$/.test(text.replace(/#.*/g, ''))
}

/** Says that a map, list or text stands where another kind belongs. */
export function wrongKind(reader: Reader, node: Node, all: readonly Resolved[], word?: string): typeof UNREADABLE {
  if (node.kind !== 'scalar' && holdsUnread(reader, node)) return UNREADABLE
  const read = node.kind === 'map' ? 'a map of keys' : node.kind === 'list' ? 'a list' : `the text \`${node.text}\``
  if (node.kind === 'scalar' && !node.quoted && /^[^[]*\]$/.test(node.text) && all.some(one => one.schema.type === 'array')) {
    tell(reader, {
      code: 'yaml-syntax', span: pointSpan(reader, node), message: `the list under ${nameOf(reader)} ends with \`]\` and does not begin`, help: 'write `[` before it',
      fix: { safe: false, edits: [{ span: { start: node.span.start, end: node.span.start }, text: '[' }] },
    })
    return UNREADABLE
  }
  const wants = [...new Set(all.map(one => kindOf(one.schema, all)))]
  const mend = asKind(reader.tree.text, node, all)
  tell(reader, {
    code: 'wrong-type', span: pointSpan(reader, node),
    message: `${nameOf(reader)} is ${read}, and here belongs ${wants.join(' or ')}`,
    ...(word !== undefined ? { help: `did you mean \`${word}\`?`, fix: { safe: false, edits: [{ span: node.span, text: word }] } }
      : mend.fix === undefined ? {} : { ...mend, help: `write \`${mend.fix.edits[0]?.text}\`` }),
  })
  return UNREADABLE
}

function kindOf(schema: Schema, all: readonly Resolved[]): string {
  // beside a number a text can only be a value that holds one
  if (schema.type === 'string' && schema.pattern?.includes('{') === true && all.some(one => one.schema.type === 'integer')) return 'a `{{value}}`'
  if (schema.enum !== undefined) return `one of ${quoted(schema.enum.map(String))}`
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  switch (schema.type) {
    case 'object': return 'a map of keys'
    case 'array': return 'a list'
    case 'integer': return 'a whole number'
    case 'number': return 'a number'
    case 'boolean': return '`true` or `false`'
    default: return 'a text'
  }
}

/** What a message calls the thing being read: its key. */
export function nameOf(reader: Reader): string {
  const last = reader.path.at(-1)
  if (reader.path.length === 0) return 'this file'
  if (typeof last === 'number') return reader.key === undefined ? `line ${last + 1}` : `number ${last + 1} under \`${reader.key.text}\``
  return `\`${last}\``
}

/** Where to point for something that a map lacks: at its key, or at its first line where it stands in a list. */
export function ownSpan(reader: Reader, node: Node): Span {
  return typeof reader.path.at(-1) === 'number' ? pointSpan(reader, node) : (reader.key?.span ?? node.span)
}

/** Where to point for a node: at its text on one line, at its key if it is a map or a list. */
export function pointSpan(reader: Reader, node: Node): Span {
  const span = pointAt({ key: typeof reader.path.at(-1) === 'number' ? undefined : reader.key?.span, value: node.span, node })
  const newline = reader.tree.text.indexOf('\n', span.start)
  return newline >= 0 && newline < span.end ? { start: span.start, end: newline } : span
}
