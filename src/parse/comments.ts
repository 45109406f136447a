/** The comments of a file: YAML throws them away, and rules that silence others, or look for lost lines, need them. */
import { Lexer } from 'yaml'
import type { Span } from '../problem/problem.ts'

export interface Comment {
  /** From the `#` on. */
  readonly text: string
  readonly span: Span
}

/** Before a scalar's text the lexer says that one follows: a text in quotes may begin with `#` too. */
const SCALAR = '\x1f'
const NO_TEXT = new Set(['\x02', '\x18', SCALAR])

/** Every comment of a text, in order. */
export function commentsIn(text: string): Comment[] {
  const found: Comment[] = []
  let offset = 0
  let scalar = false
  for (const lexeme of new Lexer().lex(text)) {
    if (!NO_TEXT.has(lexeme)) {
      if (!scalar && lexeme.startsWith('#')) found.push({ text: lexeme, span: { start: offset, end: offset + lexeme.length } })
      offset += lexeme.length
    }
    scalar = lexeme === SCALAR
  }
  return found
}
