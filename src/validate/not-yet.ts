/**
 * What the language page has and this version does not: refused by name, never ignored. An entry is a definition of the
 * schema, a key of it (`definition.key`), or a word of it (`definition=word`).
 */
import type { Span } from '../problem/problem.ts'
import { tell, UNREADABLE } from './reader.ts'
import type { Reader } from './reader.ts'

export const NOT_YET: readonly string[] = []

const notYet: ReadonlySet<string> = new Set(NOT_YET)

export function isNotYet(name: string): boolean {
  return notYet.has(name)
}

/** Says that a part of the language is not built yet. */
export function reportNotYet(reader: Reader, span: Span, name: string): typeof UNREADABLE {
  const word = /[.=](.*)$/.exec(name)?.[1] ?? name.replace(/^[a-z]+_/, '')
  tell(reader, {
    code: 'not-yet', span, message: `\`${word}\` is not yet in this version of tonval`,
    help: 'the README lists what this version does; leave it out for now',
  })
  return UNREADABLE
}
