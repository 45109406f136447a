/** Where the cursor stands in a half-typed file: a mark is written in its place, and found again in what can be read of the text. */
import { readAnyway } from '../parse/parse.ts'
import type { Mapping, Path, Tree } from '../parse/tree.ts'
import type { Span } from '../problem/problem.ts'
import { callsSchema, flowSchema } from '../validate/schema.ts'
import type { Schema } from '../validate/schema.ts'
import type { FileKind } from './occurrences.ts'
import { mapsOf, ownerOf, walkDocument } from './walk-document.ts'
import type { Owner } from './walk-document.ts'

/** Nobody writes this word; small letters, so that it may stand wherever a name may. */
const MARK = 'qqtonvalcursorqq'

/** Inside `{{ }}`: the name, or the filter behind `|`. */
export interface InValue {
  readonly at: 'value-name' | 'filter'
  readonly word: Span
  /** Whether `}}` follows. */
  readonly closed: boolean
  /** Where a bare `{{` needs its quotes. */
  readonly tree: Tree | undefined
}

/** In a comment, behind `tonval-ignore`. */
export interface InComment {
  readonly at: 'ignored-rule'
  readonly word: Span
}

/** Where a key, a value or both can stand. */
export interface InTree {
  readonly at: 'tree'
  /** What is replaced. */
  readonly word: Span
  readonly quote: '' | '"' | "'"
  /** The map whose key is typed, with what else stands in it. */
  readonly keys: Owner | undefined
  readonly keysPath: Path
  /** What may stand here as a value. */
  readonly value: Schema | undefined
  readonly label: string
  readonly path: Path
  /** The map that the value stands in. */
  readonly owner: Owner | undefined
  /** Whether a colon stands behind the word. */
  readonly hasColon: boolean
  readonly inBraces: boolean
  readonly tree: Tree
}

export type Cursor = InValue | InComment | InTree | undefined

/** What can be typed at an offset of a text. */
export function cursorAt(text: string, offset: number, kind: FileKind): Cursor {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const newline = text.indexOf('\n', offset)
  const lineEnd = newline < 0 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline
  const before = text.slice(lineStart, offset)
  const after = text.slice(offset, Math.max(offset, lineEnd))

  const open = before.lastIndexOf('{{')
  if (open >= 0 && !before.slice(open).includes('}}')) return inValue(text, offset, before.slice(open + 2), after)
  const { comment, quote } = quoteAt(before)
  if (comment !== undefined) {
    const rule = /^#\s*tonval-ignore\s+([a-z-]*)$/.exec(before.slice(comment))
    return rule === null ? undefined : { at: 'ignored-rule', word: { start: offset - (rule[1] as string).length, end: offset + (/^[a-z-]*/.exec(after)?.[0].length ?? 0) } }
  }
  const word = { start: offset - wordBefore(before, quote).length, end: offset + wordAfter(after, quote).length }
  const rest = text.slice(word.end, Math.max(word.end, lineEnd))
  const closes = quote !== '' && !rest.startsWith(quote)
  const hasColon = /^\s*:(\s|$)/.test(quote === '' ? rest : rest.replace(quote, ''))
  const startsLine = /^\s*(?:-\s+)*["']?$/.test(text.slice(lineStart, word.start))
  // a word alone on its line would run into the key on the next one
  const mark = MARK + (closes ? quote : '') + (startsLine && !hasColon && rest.trim().replace(quote || '\0', '') === '' && !closes && quote === '' ? ':' : '')
  const marked = (tail: string): Tree | undefined => readAnyway('', text.slice(0, word.start) + mark + tail)
  const whole = text.slice(word.end)
  const here = { word, quote, hasColon, startsLine }
  return find(marked(whole), kind, here) ?? find(marked(''), kind, here) ?? (before.trim() === before && /^\S*$/.test(before) ? atTop(kind, here) : undefined)
}

interface Here {
  readonly word: Span
  readonly quote: InTree['quote']
  readonly hasColon: boolean
  readonly startsLine: boolean
}

function inValue(text: string, offset: number, inside: string, after: string): InValue {
  const bar = inside.lastIndexOf('|')
  const typed = /[a-z0-9_.-]*$/i.exec(bar < 0 ? inside : inside.slice(bar + 1))?.[0] ?? ''
  const more = /^[a-z0-9_.-]*/i.exec(after)?.[0] ?? ''
  const closed = /^\s*(\|[^{}]*)?\}\}/.test(after.slice(more.length))
  return { at: bar < 0 ? 'value-name' : 'filter', word: { start: offset - typed.length, end: offset + more.length }, closed, tree: readAnyway('', text) }
}

/** Whether the end of a piece of a line stands in a comment (from which column on) or in quotes. */
function quoteAt(before: string): { readonly comment: number | undefined; readonly quote: InTree['quote'] } {
  let quote: InTree['quote'] = ''
  for (let i = 0; i < before.length; i++) {
    const letter = before[i] as string
    if (quote === '"' && letter === '\\') i++
    else if (quote !== '') quote = letter === quote ? '' : quote
    else if ((letter === '"' || letter === "'") && /(^|[\s{[,:-])$/.test(before.slice(0, i))) quote = letter
    else if (letter === '#' && /(^|\s)$/.test(before.slice(0, i))) return { comment: i, quote: '' }
  }
  return { comment: undefined, quote }
}

function wordBefore(before: string, quote: InTree['quote']): string {
  if (quote !== '') return before.slice(before.lastIndexOf(quote) + 1)
  // a colon followed by a space ends a key; in an address it does not
  return /(?:[^\s{}[\],:"'#]|:(?!\s|$)|(?<=\S)#)*$/.exec(before)?.[0] ?? ''
}

function wordAfter(after: string, quote: InTree['quote']): string {
  if (quote !== '') return after.includes(quote) ? after.slice(0, after.indexOf(quote)) : ''
  return /^(?:[^\s{}[\],:"'#]|:(?!\s|$))*/.exec(after)?.[0] ?? ''
}

function find(tree: Tree | undefined, kind: FileKind, here: Here): InTree | undefined {
  if (tree === undefined || !tree.text.includes(MARK)) return undefined
  let found: InTree | undefined
  const inTree = (keys: Owner | undefined, keysPath: Path, value: Schema | undefined, label: string, path: Path, owner: Owner | undefined): InTree =>
    ({ at: 'tree', ...here, keys, keysPath, value, label, path, owner, inBraces: isInBraces(tree, keys?.map ?? owner?.map), tree })
  const root = kind === 'flow' ? flowSchema : callsSchema
  walkDocument(tree, root, kind, place => {
    if (found !== undefined) return
    const { node, path, schema, label, owner } = place
    if (node.kind === 'map' && node.entries.length === 1 && node.entries[0]?.key.text === MARK && here.startsLine && path.length > 0) {
      // the only word: what stands here can still be a text, or a map with this key
      found = inTree(ownerOf(without(node), mapsOf(root, schema)), path, schema, label, path, owner)
    } else if (node.kind === 'scalar' && node.text === MARK) {
      if (place.isKey && owner !== undefined) found = inTree(ownerOf(without(owner.map), owner.all), path.slice(0, -1), undefined, label.slice(0, -MARK.length - 1), path, owner)
      else if (!place.isKey) found = inTree(here.startsLine ? ownerOf(EMPTY, mapsOf(root, schema)) : undefined, path, schema, label, path, owner)
    }
  })
  return found
}

const EMPTY: Mapping = { kind: 'map', entries: [], span: { start: 0, end: 0 } }

function without(map: Mapping): Mapping {
  return { ...map, entries: map.entries.filter(entry => entry.key.text !== MARK) }
}

function atTop(kind: FileKind, here: Here): InTree {
  const tree: Tree = { file: '', text: '', root: EMPTY, whole: false, unread: [], astray: [] }
  const root = kind === 'flow' ? flowSchema : callsSchema
  return { at: 'tree', ...here, keys: ownerOf(EMPTY, mapsOf(root, root)), keysPath: [], value: undefined, label: kind, path: [], owner: undefined, inBraces: false, tree }
}

function isInBraces(tree: Tree, map: Mapping | undefined): boolean {
  return map !== undefined && tree.text[map.span.start] === '{'
}
