/** Looks at the tokens of a text before they are composed: how deep they go, and what is never closed. */
import type { CST } from 'yaml'
import type { Span } from '../problem/problem.ts'
import { MAX_DEPTH } from './check-text.ts'

/** A quote or bracket that opens and does not close. */
export interface Unclosed {
  readonly quote: boolean
  readonly span: Span
  readonly message: string
  readonly help: string
}

export interface Looked {
  /** The offset of a token deeper than MAX_DEPTH. */
  readonly tooDeep?: number
  /** The first one in the text. */
  readonly unclosed?: Unclosed
}

/** Walked with an own stack: composing a file of some thousand levels can abort the process. */
export function look(tokens: readonly CST.Token[]): Looked {
  const stack: { token: CST.Token; depth: number }[] = tokens.map(token => ({ token, depth: 0 }))
  let unclosed: Unclosed | undefined
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { token, depth } = top
    if (depth > MAX_DEPTH) return { tooDeep: token.offset }
    const open = unclosedToken(token)
    if (open !== undefined && (unclosed === undefined || comesFirst(open, unclosed))) unclosed = open
    if (token.type === 'document' && token.value) stack.push({ token: token.value, depth })
    if ('items' in token) {
      for (const item of token.items) {
        if (item.key) stack.push({ token: item.key, depth: depth + 1 })
        if (item.value) stack.push({ token: item.value, depth: depth + 1 })
      }
    }
  }
  return unclosed === undefined ? {} : { unclosed }
}

/** A quote that is never closed swallows the brackets that would have closed: it comes before them, wherever it stands. */
function comesFirst(one: Unclosed, other: Unclosed): boolean {
  return one.quote === other.quote ? one.span.start < other.span.start : one.quote
}

function unclosedToken(token: CST.Token): Unclosed | undefined {
  const span = { start: token.offset, end: token.offset + 1 }
  if (token.type === 'flow-collection') {
    if (token.end.some(one => one.type === 'flow-map-end' || one.type === 'flow-seq-end')) return undefined
    const [open, close] = token.start.type === 'flow-map-start' ? ['{', '}'] : ['[', ']']
    return { quote: false, span: { start: token.start.offset, end: token.start.offset + 1 }, message: `this \`${open}\` is never closed: a \`${close}\` is missing`, help: `add the \`${close}\`` }
  }
  if (token.type !== 'double-quoted-scalar' && token.type !== 'single-quoted-scalar') return undefined
  const quote = token.type === 'double-quoted-scalar' ? '"' : "'"
  const closed = token.source.length > 1 && token.source.endsWith(quote) && (quote === "'" || !/(^|[^\\])(\\\\)*\\"$/.test(token.source))
  return closed ? undefined : { quote: true, span, message: 'a text in quotes is not closed', help: `add the closing ${quote}` }
}
