/** Tree → plain data, walked along the schema: a field's type decides how its text is read. One mistake, one problem. */
import type { Entry, List, Mapping, Node } from '../parse/tree.ts'
import { below, holdsUnread, nameOf, ownSpan, pointSpan, tell, UNREADABLE, wrongKind } from './reader.ts'
import type { Reader } from './reader.ts'
import { branches, resolve } from './schema.ts'
import type { Resolved, Schema } from './schema.ts'
import { readScalar } from './read-scalar.ts'
import { readMap } from './read-map.ts'
import { NOUNS, ONE_ITEM, ONE_THING, ONE_VERB, quoted } from './words.ts'
import { lostColon, lostColonInText, tellLostColon } from './lost-colon.ts'
import { playThen } from './mends.ts'
import { nearest } from './nearest.ts'
import { isNotYet, reportNotYet } from './not-yet.ts'
import { ANY_JSON, readJson } from './read-json.ts'

/** The value of a node as its schema has it, or UNREADABLE. */
export function read(reader: Reader, node: Node, schema: Schema, definition?: string): unknown {
  const all = branches(reader.root, schema, definition)
  const outer = resolve(reader.root, schema, definition).definition
  if (outer === ANY_JSON) return readJson(reader, node)
  if (node.kind === 'scalar') {
    if (node.broken === true) return UNREADABLE
    const word = all.every(one => one.schema.type === 'object') ? lostColonInText(node, all.flatMap(one => Object.keys(one.schema.properties ?? {}))) : undefined
    if (word === undefined) return readScalar(reader, node, all)
    tellLostColon(reader, node, word)
    return UNREADABLE
  }
  if (node.kind === 'list') return readList(reader, node, all)
  const choice = chooseMap(reader, node, all, outer)
  return choice === undefined ? UNREADABLE : readMap(reader, node, choice)
}

function readList(reader: Reader, node: List, all: readonly Resolved[]): unknown {
  const choice = all.find(one => one.schema.type === 'array')
  if (choice === undefined) return wrongKind(reader, node, all)
  const { schema } = choice
  const name = `${choice.definition}[]`
  if (isNotYet(name)) return reportNotYet(reader, pointSpan(reader, node), name)
  if (schema.minItems !== undefined && node.items.length < schema.minItems) {
    tell(reader, { code: 'missing-field', span: pointSpan(reader, node), message: `${nameOf(reader)} is a list without anything in it`, help: schema.minItems === 1 ? 'write at least one' : `write at least ${schema.minItems}` })
    return UNREADABLE
  }
  if (schema.maxItems !== undefined && node.items.length > schema.maxItems) {
    tell(reader, { code: 'out-of-range', span: pointSpan(reader, node), message: `${nameOf(reader)} lists ${node.items.length}, and at most ${schema.maxItems} are possible` })
    return UNREADABLE
  }
  const items = node.items.map((item, index) => read(below(reader, index, undefined), item, schema.items ?? {}))
  return items.includes(UNREADABLE) ? UNREADABLE : items
}

/** The alternative that a map is meant as: told by the key that distinguishes it. */
function chooseMap(reader: Reader, node: Mapping, all: readonly Resolved[], outer: string | undefined): Resolved | undefined {
  const maps = all.filter(one => one.schema.type === 'object')
  if (maps.length === 0) {
    wrongKind(reader, node, all)
    return undefined
  }
  const [only] = maps
  if (maps.length === 1 && only !== undefined) {
    const need = only.schema.required?.[0]
    // a map that has nothing of the one that could stand here is just the wrong kind
    if (need === undefined || all.length === 1 || node.entries.some(entry => isMeant(entry, need))) return only
    wrongKind(reader, node, all)
    return undefined
  }
  const told = maps.filter(one => one.schema.required?.[0] !== undefined)
  const keys = told.map(one => one.schema.required?.[0] as string)
  const present = node.entries.filter(entry => keys.includes(entry.key.text))
  const first = present[0]
  if (first === undefined) {
    const fallback = maps.find(one => one.schema.required === undefined)
    if (fallback !== undefined) return fits(reader, node, fallback) ? fallback : (told.find(one => node.entries.some(entry => isMeant(entry, one.schema.required?.[0] as string))) ?? fallback)
    // where kinds have no name of their own, a misspelt key is just that
    const meant = NOUNS[outer ?? ''] === undefined ? told.find(one => node.entries.some(entry => isMeant(entry, one.schema.required?.[0] as string))) : undefined
    if (meant === undefined) tellNoVerb(reader, node, maps, keys, outer)
    return meant
  }
  const second = present[1]
  const noun = NOUNS[outer ?? ''] ?? 'kind'
  if (second !== undefined && told.find(one => one.schema.required?.[0] === first.key.text)?.schema.properties?.[second.key.text] === undefined) {
    const other = told.find(one => one.schema.required?.[0] === second.key.text)
    if (other?.schema.properties?.[first.key.text] !== undefined) return other
    tell(reader, {
      ...(noun === 'verb' ? playThen(reader.tree.text, node, second, told.find(one => one.definition === 'verb_play')?.schema) : {}),
      code: 'two-verbs', span: second.key.span,
      message: `${nameOf(reader)} has two ${noun}s: \`${first.key.text}\` and \`${second.key.text}\``,
      ...(ONE_THING[noun] ?? (keys.includes('sms') ? ONE_ITEM : ONE_VERB)),
      related: [{ file: reader.tree.file, span: first.key.span, message: `the first ${noun} is here` }],
    })
    return undefined
  }
  const choice = told[keys.indexOf(first.key.text)]
  return (choice === undefined ? undefined : misspeltTeller(node, choice, told)) ?? choice
}

/** Whether an entry's key is a word, misspelt or without its colon. */
function isMeant(entry: Entry, word: string): boolean {
  return nearest(entry.key.text, [word]) !== undefined || lostColon(entry, [word]) !== undefined
}

/** The other alternative that a map is meant as, if the key that tells it is there and misspelt. */
function misspeltTeller(node: Mapping, choice: Resolved, told: readonly Resolved[]): Resolved | undefined {
  const strange = node.entries.filter(entry => !Object.hasOwn(choice.schema.properties ?? {}, entry.key.text))
  return told.find(one => one !== choice && strange.some(entry => isMeant(entry, one.schema.required?.[0] as string)) && node.entries.every(entry => strange.includes(entry) || Object.hasOwn(one.schema.properties ?? {}, entry.key.text)))
}

/** Whether any value of a map is of the kind that an alternative without a telling key has. */
function fits(reader: Reader, node: Mapping, { schema }: Resolved): boolean {
  if (typeof schema.additionalProperties !== 'object') return true
  const kinds = branches(reader.root, schema.additionalProperties).map(one => (one.schema.type === 'object' ? 'map' : one.schema.type === 'array' ? 'list' : 'scalar'))
  return node.entries.length === 0 || node.entries.some(entry => kinds.includes(entry.value.kind))
}

function tellNoVerb(reader: Reader, node: Mapping, maps: readonly Resolved[], verbs: readonly string[], outer: string | undefined): void {
  if (holdsUnread(reader, node)) return
  const noun = NOUNS[outer ?? ''] ?? 'kind'
  let guess: { entry: Entry; word: string } | undefined
  for (const entry of node.entries) {
    // an option that some verb has is written as it was meant
    if (maps.some(one => Object.hasOwn(one.schema.properties ?? {}, entry.key.text))) continue
    const colonless = lostColon(entry, verbs)
    if (colonless !== undefined) return tellLostColon(reader, entry.key, colonless)
    const word = nearest(entry.key.text, verbs)
    if (word !== undefined) {
      guess = { entry, word }
      break
    }
  }
  if (guess !== undefined) {
    tell(reader, {
      code: 'no-verb', span: guess.entry.key.span,
      message: `there is no ${noun} \`${guess.entry.key.text}\``,
      help: `did you mean \`${guess.word}\`?`,
      fix: { safe: false, edits: [{ span: guess.entry.key.span, text: guess.word }] },
    })
    return
  }
  tell(reader, {
    code: 'no-verb', span: ownSpan(reader, node),
    message: `${nameOf(reader)} has no ${noun}`,
    help: `one of these says what it is: ${quoted(verbs)}`,
  })
}
