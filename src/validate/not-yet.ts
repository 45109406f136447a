/**
 * What the language page has and this version does not: refused by name, never ignored. An entry is a definition of the
 * schema, a key of it (`definition.key`), a word of it (`definition=word`), or a list of it (`definition[]`); beside it
 * what a message calls it.
 */
import type { Span } from '../problem/problem.ts'
import { tell, UNREADABLE } from './reader.ts'
import type { Reader } from './reader.ts'

export const NOT_YET: Readonly<Record<string, string>> = {
  'flow.must': '`must`',
}

export function isNotYet(name: string): boolean {
  return Object.hasOwn(NOT_YET, name)
}

/** Says that a part of the language is not built yet. */
export function reportNotYet(reader: Reader, span: Span, name: string): typeof UNREADABLE {
  tell(reader, {
    code: 'not-yet', span, message: `${NOT_YET[name]} is not yet in this version of tonval`,
    help: 'the README lists what this version does; leave it out for now',
  })
  return UNREADABLE
}
