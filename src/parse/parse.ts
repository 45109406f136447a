/** text → Tree, with every mistake of YAML's own grammar as a problem. */
import { isAlias, isMap, isScalar, isSeq, Parser } from 'yaml'
import type { Problem, Report, Span } from '../problem/problem.ts'
import type { Entry, List, Mapping, Node, Scalar, Tree } from './tree.ts'
import { checkText, MAX_DEPTH, MAX_LENGTH } from './check-text.ts'
import { blockAt, compose, composer, isOption } from './compose.ts'
import { lineAt, partAt } from './text-lines.ts'
import { look } from './look.ts'

/** An alias may stand for at most this many nodes in all: a bomb of aliases would eat the server's memory. */
const MAX_NODES_FROM_ALIASES = 10_000

export interface Parsed {
  /** What could be read; undefined where there is nothing that a flow could be made of. */
  readonly tree: Tree | undefined
  readonly problems: readonly Problem[]
}

/** What a file says. Any text is accepted: mistakes are problems, nothing is thrown. */
export function parse(file: string, text: string): Parsed {
  const problems: Problem[] = []
  const report: Report = problem => problems.push(problem)
  if (!checkText(file, text, report)) return { tree: undefined, problems }

  const composed = compose(file, text, report)
  if (composed === undefined) return { tree: undefined, problems }
  const { documents, unread } = composed
  const document = documents[0]
  const second = documents[1]
  if (second !== undefined && problems.length === 0) {
    const start = text.lastIndexOf('---', second.range[0])
    const at = start >= 0 ? start : second.range[0]
    report({
      code: 'several-documents', severity: 'error', file, span: { start: at, end: Math.min(at + 3, text.length) },
      message: 'a second document begins here',
      label: 'everything below this line would be ignored',
      help: 'one file is one flow: delete the `---`, or move what follows into a file of its own',
    })
  }
  const contents = document?.contents
  if (second !== undefined && unread.length === 0) return { tree: undefined, problems }
  if (document === undefined || contents === null || contents === undefined || (isScalar(contents) && contents.source === '')) {
    if (unread.length === 0) report({
      code: 'empty-file', severity: 'error', file, span: { start: 0, end: 0 },
      message: 'this file says nothing', help: 'a flow has at least `start:` and `states:`; `tonval lint --help` shows where to begin',
    })
    return { tree: undefined, problems }
  }
  const told = problems.length
  const context: Context = { file, text: composed.text, source: text, unread, report, anchors: new Map(), targets: new Map(), fromAliases: 0, astray: [...composed.astray] }
  const root = convert(context, contents, 0)
  // what is said of a part that was not read follows from that
  const inUnread = ({ span }: Problem): boolean => unread.some(part => span.start >= part.start && span.start < part.end)
  const kept = problems.filter((problem, index) => index < told || problem.code === 'yaml-syntax' || !inUnread(problem))
  problems.splice(0, problems.length, ...kept)
  // what the bomb left out must not be taken for unwritten
  if (context.fromAliases > MAX_NODES_FROM_ALIASES) return { tree: undefined, problems }
  if (root.kind !== 'map') {
    if (unread.length === 0) report({
      code: 'wrong-type', severity: 'error', file, span: firstLine(text, root.span),
      message: `a flow is a map of keys such as \`start:\` and \`states:\`, and this is ${root.kind === 'list' ? 'a list' : 'one piece of text'}`,
    })
    return { tree: undefined, problems }
  }
  return { tree: { file, text, root, whole: problems.length === 0, unread, astray: context.astray }, problems }
}

/** What can be read of a text whatever mistakes it has, for editors, where a line is half typed: nothing is reported. Undefined where nothing is a map. */
export function readAnyway(file: string, text: string): Tree | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const tokens = [...new Parser().parse(text)]
  if (look(tokens).tooDeep !== undefined) return undefined
  const [document] = [...composer().compose(tokens, true, text.length)]
  const context: Context = { file, text, source: text, unread: [], report: () => undefined, anchors: new Map(), targets: new Map(), fromAliases: 0, astray: [] }
  const root = convert(context, document?.contents, 0)
  return root.kind === 'map' ? { file, text, root, whole: false, unread: [], astray: [] } : undefined
}

interface Context {
  readonly file: string
  /** As it was read at last, and as it stands in the file. */
  readonly text: string
  readonly source: string
  readonly unread: Span[]
  readonly report: Report
  /** The latest node of each anchor: an alias means the last one above it. */
  readonly anchors: Map<string, unknown>
  /** What each alias means, found once: the library searches the whole document for every one. */
  readonly targets: Map<unknown, unknown>
  fromAliases: number
  readonly astray: string[]
}

function convert(context: Context, node: unknown, depth: number, alias?: Span): Node {
  if (alias !== undefined && ++context.fromAliases > MAX_NODES_FROM_ALIASES) {
    if (context.fromAliases === MAX_NODES_FROM_ALIASES + 1) {
      context.report({
        code: 'alias-bomb', severity: 'error', file: context.file, span: alias,
        message: `the aliases of this file stand for more than ${MAX_NODES_FROM_ALIASES} parts`,
        help: 'write the parts out, or give a state a name and lead to it',
      })
    }
    return { kind: 'scalar', text: '', quoted: false, span: alias }
  }
  if (isAlias(node)) {
    const span = spanOf(context.text, node.range)
    if (!context.targets.has(node)) context.targets.set(node, context.anchors.get(node.source))
    const target = context.targets.get(node)
    if (target === undefined) {
      reportNoAnchor(context, node.source, span)
      return { kind: 'scalar', text: `*${node.source}`, quoted: true, broken: true, span }
    }
    if (depth > MAX_DEPTH) return { kind: 'scalar', text: '', quoted: false, span }
    return convert(context, target, depth + 1, alias ?? span)
  }
  if (alias === undefined && (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) context.anchors.set(node.anchor, node)
  if (isMap(node)) return convertMap(context, node, depth, alias)
  if (isSeq(node)) {
    const items = node.items.map(item => convert(context, item, depth + 1, alias))
    return { kind: 'list', items, span: alias ?? spanOf(context.text, node.range) } satisfies List
  }
  return convertScalar(context, node, alias)
}

function convertMap(context: Context, node: { items: { key: unknown; value: unknown }[]; range?: unknown }, depth: number, alias: Span | undefined): Mapping | Scalar {
  const span = alias ?? spanOf(context.text, node.range)
  const entries: Entry[] = []
  const seen = new Map<string, Scalar>()
  let double: string | undefined
  let isRun = false
  for (const item of node.items) {
    const key = convert(context, item.key, depth + 1, alias)
    if (key.kind === 'scalar' && key.text === '' && !key.quoted) {
      reportNoKey(context, item, span)
      continue
    }
    if (key.kind !== 'scalar') {
      const braces = reportKeyThatIsNoWord(context, key, span)
      // read as what it was meant to be, so that one mistake is one problem
      if (braces !== undefined) return { kind: 'scalar', text: braces, quoted: true, span }
      continue
    }
    const value = item.value === null ? { kind: 'scalar' as const, text: '', quoted: false, span: { start: key.span.end, end: key.span.end } } : convert(context, item.value, depth + 1, alias)
    const first = seen.get(key.text)
    // another one right after the first: the key that both belong to is missing above them
    if (first !== undefined && double !== undefined && double !== key.text) {
      if (!isRun) context.astray.push(partAt(context.source, span.start))
      isRun = true
      continue
    }
    double = first === undefined ? undefined : key.text
    if (first !== undefined && alias === undefined) {
      context.report({
        code: 'duplicate-key', severity: 'error', file: context.file, span: key.span,
        message: `\`${key.text}\` stands here a second time`,
        label: 'only the last one would count',
        help: 'keep one of the two, or rename one',
        related: [{ file: context.file, span: first.span, message: 'the first one is here' }],
      })
      continue
    }
    if (key.text === '<<' && !key.quoted && value.kind === 'map') {
      context.report({
        code: 'merge-key', severity: 'error', file: context.file, span: key.span,
        message: '`<<` does not merge anything: YAML 1.2 has no merge keys',
        help: 'write the keys out, or put what several states share under `defaults:`',
      })
      continue
    }
    seen.set(key.text, key)
    entries.push({ key, value })
  }
  return { kind: 'map', entries, span }
}

/** Reports a colon without a key; what it belonged to cannot be known. */
function reportNoKey(context: Context, item: { key: unknown; value: unknown }, map: Span): void {
  const value = (item.value as { range?: [number, number, number] } | null)?.range?.[0]
  const before = context.text.lastIndexOf(':', (value ?? map.end) - 1)
  const start = before < map.start ? map.start : before
  context.report({
    code: 'yaml-syntax', severity: 'error', file: context.file, span: { start, end: start + 1 },
    message: 'a key is missing before this colon', help: 'write `key: value`',
  })
  const line = lineAt(context.source, start)
  context.unread.push(isOption(context.source, line) ? line : blockAt(context.source, line))
}

function reportNoAnchor(context: Context, name: string, span: Span): void {
  context.report({
    code: 'yaml-syntax', severity: 'error', file: context.file, span,
    message: `\`*${name}\` is read as an alias, and there is no anchor of that name`, help: `write "*${name}" with quotes`,
    fix: { safe: true, edits: [{ span, text: `"*${name}"` }] },
  })
}

/** Reports a map or list that stands as a key; gives back `{{value}}` where only its quotes are missing. */
function reportKeyThatIsNoWord(context: Context, key: Node, map: Span): string | undefined {
  const written = context.text.slice(map.start, map.end)
  const braces = /^\{\{\s*[^{}]*\}\}/.exec(written)
  if (braces !== null) {
    context.report({
      code: 'unquoted-value', severity: 'error', file: context.file, span: { start: map.start, end: map.start + braces[0].length },
      message: `\`${braces[0]}\` needs quotes: without them YAML reads the braces as a map`,
      help: `write "${braces[0]}"`,
      fix: { safe: true, edits: [{ span: { start: map.start, end: map.start + braces[0].length }, text: `"${braces[0]}"` }] },
    })
    return braces[0]
  }
  context.report({
    code: 'yaml-syntax', severity: 'error', file: context.file, span: firstLine(context.text, key.span),
    message: `a key must be a word, and this is a ${key.kind}`, help: 'if it is meant as text, put it in quotes',
  })
  return undefined
}

function convertScalar(context: Context, node: unknown, alias: Span | undefined): Scalar {
  if (!isScalar(node)) return { kind: 'scalar', text: '', quoted: false, span: alias ?? { start: 0, end: 0 } }
  const plain = node.type === 'PLAIN' || node.type === undefined || node.type === null
  const value: unknown = node.value
  // with the failsafe schema a plain scalar's value is its text; a tag such as !!int could make it something else
  const text = plain && node.source !== undefined ? node.source : typeof value === 'string' ? value : (node.source ?? '')
  return { kind: 'scalar', text, quoted: !plain, span: alias ?? spanOf(context.text, node.range) }
}

/** The range of a node up to its last visible character: a block map's own range ends at the start of the next line. */
function spanOf(text: string, range: unknown): Span {
  if (!Array.isArray(range)) return { start: 0, end: 0 }
  const start = range[0] as number
  let end = range[1] as number
  while (end > start && /\s/.test(text[end - 1] as string)) end--
  return { start, end }
}

/** The part of a span on its first line, so that a frame shows one line. */
function firstLine(text: string, span: Span): Span {
  const newline = text.indexOf('\n', span.start)
  return newline >= 0 && newline < span.end ? { start: span.start, end: newline } : span
}
