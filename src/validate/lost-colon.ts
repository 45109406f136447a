/** A key whose colon, or the space after it, is missing: YAML takes `play thanks` and `play:thanks` for one word. */
import type { Entry, Scalar } from '../parse/tree.ts'
import type { Reader } from './reader.ts'
import { tell } from './reader.ts'

/** The word that was meant as the key, if it is one of these, or any name where there is no list. */
export function lostColon({ key, value }: Entry, words: readonly string[] | undefined): string | undefined {
  if (key.quoted) return undefined
  const [, word, between] = /^([a-z][a-z0-9_-]*|[0-9x]+)(\s+[{["]|\s+|:)\s*\S/.exec(key.text) ?? []
  if (word === undefined || between === undefined) return undefined
  // with a value of its own it is `on { failed: … }`
  if (!isNothing(value) && !/[{["]$/.test(between)) return undefined
  return words === undefined || words.includes(word) || /^[0-9x]+$/.test(word) ? word : undefined
}

/** The word that was meant as the key where a map belongs and a text stands, as in `- goto:menu`. */
export function lostColonInText({ text, quoted }: Scalar, words: readonly string[]): string | undefined {
  if (quoted) return undefined
  const word = /^([a-z][a-z0-9_-]*)(?::|\s)\s*\S/.exec(text)?.[1]
  return word !== undefined && words.includes(word) ? word : undefined
}

function isNothing(node: Entry['value']): boolean {
  return node.kind === 'scalar' && node.text === '' && !node.quoted
}

/** Reports it where it stands. */
export function tellLostColon(reader: Reader, key: Scalar, word: string): void {
  const at = key.span.start + word.length
  const rest = /^:?\s*/.exec(key.text.slice(word.length))?.[0].length ?? 0
  tell(reader, {
    code: 'yaml-syntax', span: key.span, message: `a colon and a blank are missing after \`${word}\``, help: `write \`${word}: …\``,
    fix: { safe: false, edits: [{ span: { start: at, end: at + rest }, text: ': ' }] },
  })
}
