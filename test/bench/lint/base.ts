/** A valid flow that mistakes are made in, looked through. */
import { parse } from '../../../src/parse/parse.ts'
import type { Scalar, Tree } from '../../../src/parse/tree.ts'
import type { Span } from '../../../src/problem/problem.ts'
import { editDistance } from '../../../src/validate/nearest.ts'
import { namesOf } from './names.ts'
import type { NameKind, Names } from './names.ts'
import { sitesOf } from './sites.ts'
import type { Site } from './sites.ts'
import type { At } from './mutation.ts'

/** Other flows that stand beside one, by name. */
export type Others = Readonly<Record<string, string>>

export interface Base {
  readonly name: string
  readonly text: string
  readonly others: Others
  readonly tree: Tree
  readonly sites: readonly Site[]
  readonly names: Names
  /** Sound files that lie beside it. */
  readonly sounds: readonly string[]
}

/** A valid flow; throws where YAML cannot read it. */
export function baseOf(name: string, text: string, others: Others = {}): Base {
  const { tree, problems } = parse(`${name}.yaml`, text)
  if (tree === undefined) throw new Error(`${name}: ${problems[0]?.message}`)
  const sites = sitesOf(tree.root, others)
  const sounds = [...[text, ...Object.values(others)].join('\n').matchAll(/\b[\w/-]{1,60}\.(?:mp3|wav|ogg)\b/g)].map(match => match[0])
  return { name, text, others, tree, sites, names: namesOf(text, sites), sounds: [...new Set(sounds)] }
}

/** The text of a scalar without its quotes. */
export function inner({ span, quoted }: Scalar): Span {
  return quoted ? { start: span.start + 1, end: span.end - 1 } : span
}

/** Whether another word of the place is as near to what was written as the word that was meant: then nobody can say which was. */
export function isAmbiguous(written: string, meant: string, words: readonly string[]): boolean {
  const distance = editDistance(written.toLowerCase(), meant.toLowerCase())
  return words.some(word => word !== meant && editDistance(written.toLowerCase(), word.toLowerCase()) <= distance)
}

/** The names that may stand where one of a kind is read. */
export function namesLike({ names, sounds }: Base, kind: NameKind): string[] {
  const own = names.definitions.filter(one => one.kind === kind).map(one => one.name)
  return kind === 'state' ? [...own, 'end'] : kind === 'prompt' ? [...own, ...sounds] : own
}

/** The start of the line of an offset, and of the next one. */
export function lineOf(text: string, offset: number): Span {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const newline = text.indexOf('\n', offset)
  return { start, end: newline < 0 ? text.length : newline + 1 }
}

/** The places of a name that may be called the wrong one: where both are only once, nobody can say which of the two it is. */
export function eitherWay(use: At, definition: At, users: number): At[] {
  return users === 1 ? [use, definition] : []
}
