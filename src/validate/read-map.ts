/** One map → a plain object: known keys read, unknown ones explained, missing ones named. */
import { inBraces } from '../parse/map-edits.ts'
import { entryOf } from '../parse/tree.ts'
import type { Entry, Mapping, Node } from '../parse/tree.ts'
import type { Fix } from '../problem/problem.ts'
import { isCarrierKey, moveUnderOn, without } from './mends.ts'
import { renameState } from './rename-state.ts'
import type { Resolved, Schema } from './schema.ts'
import { holdsUnread, below, isStateName, nameOf, ownSpan, pointSpan, tell, UNREADABLE } from './reader.ts'
import type { Reader } from './reader.ts'
import { isNotYet, reportNotYet } from './not-yet.ts'
import { lostColon, tellLostColon } from './lost-colon.ts'
import { nearest } from './nearest.ts'
import { quoted } from './words.ts'

/** Names that would meet something else in the programs that read them. */
export const RESERVED: ReadonlySet<string> = new Set(['end', '__proto__', 'constructor', 'prototype'])

/** The map as an object without a prototype, holding what could be read; UNREADABLE where a key of its own was wrong. */
export function readMap(reader: Reader, node: Mapping, choice: Resolved): unknown {
  const { schema, definition } = choice
  if (definition !== undefined && isNotYet(definition)) {
    const told = node.entries.find(entry => entry.key.text === schema.required?.[0])
    if (told !== undefined || schema.required === undefined) return reportNotYet(reader, told?.key.span ?? pointSpan(reader, node), definition)
  }
  const result = Object.create(null) as Record<string, unknown>
  let whole = true
  for (const entry of node.entries) {
    const key = entry.key.text
    const property = propertyOf(schema, key)
    const colonless = Object.hasOwn(schema.properties ?? {}, key) ? undefined : lostColon(entry, schema.propertyNames === undefined ? Object.keys(schema.properties ?? {}) : undefined)
    if (colonless !== undefined) {
      tellLostColon(reader, entry.key, colonless)
      whole = false
    } else if (definition !== undefined && isNotYet(`${definition}.${key}`)) {
      reportNotYet(reader, entry.key.span, `${definition}.${key}`)
      whole = false
    } else if (property === undefined) {
      const meant = tellUnknown(reader, node, entry, choice)
      whole = false
      // a part of the file under a misspelt key is read all the same: what else is wrong in it is told too
      if (reader.path.length === 0 && meant !== undefined && entry.value.kind === 'map' && entryOf(node, meant) === undefined) {
        const value = reader.read(below(reader, meant, entry.key), entry.value, propertyOf(schema, meant) as Schema)
        if (value !== UNREADABLE) result[meant] = value
      }
    } else if (nameIsFine(reader, entry, schema, property)) {
      const value = reader.read(below(reader, key, entry.key), entry.value, property)
      if (value === UNREADABLE) whole = false
      else result[key] = value
    } else whole = false
  }
  for (const key of schema.required ?? []) {
    if (entryOf(node, key) !== undefined) continue
    whole = false
    // a misspelt key has been explained as an unknown one: its absence is the same mistake
    if (isMisspelt(node, schema, key)) continue
    // where the file ends with a key that has no value, that is the mistake
    if (breaksOff(node)) continue
    // what a part that could not be read held is not missing
    if (reader.path.length === 0 ? reader.tree.unread.some(({ start, end }) => mayHold(reader.tree.text.slice(start, end), key)) : holdsUnread(reader, node)) continue
    if (definition === 'flow' && key === 'start') {
      // a file without both is cut off, or is not yet written: that is one mistake
      if (entryOf(node, 'states') !== undefined || isMisspelt(node, schema, 'states')) tellNoStart(reader, node)
      continue
    }
    const lacksBoth = definition === 'flow' && key === 'states' && entryOf(node, 'start') === undefined
    tell(reader, lacksBoth ? {
      code: 'missing-field', span: { start: node.span.start, end: node.span.start }, message: 'this file has neither `start:` nor `states:`', effect: 'a caller would be answered with nothing',
      help: 'write the states by name under `states:`, and under `start:` the one in which a call begins',
    } : {
      code: 'missing-field', span: reader.path.length === 0 ? { start: node.span.start, end: node.span.start } : ownSpan(reader, node),
      message: reader.path.length === 0 ? `this file has no \`${key}:\`` : `${nameOf(reader)} has no \`${key}:\``,
      help: property(schema, key)?.description ?? `add \`${key}:\``,
    })
  }
  if (schema.minProperties !== undefined && node.entries.length < schema.minProperties) {
    tell(reader, { code: 'missing-field', span: pointSpan(reader, node), message: `${nameOf(reader)} has nothing in it` })
    whole = false
  }
  const isUsable = whole || isTolerant(reader) || (isOptional(definition) && (schema.required ?? []).every(key => Object.hasOwn(result, key)))
  return isUsable ? result : UNREADABLE
}

/** Whether a map still says something where one of its keys is wrong: a state without one option, the edges without one. */
function isOptional(definition: string | undefined): boolean {
  return definition?.startsWith('verb_') === true || definition?.endsWith('_on') === true
}

/** Whether a part that could not be read may have held a key of the file: it stands there, or a line at the very left is that of no other. */
function mayHold(unread: string, key: string): boolean {
  return unread.split('\n').some(line => (/^[^\s#]/.test(line) && !/^"?[a-z_]+"?:(?:\s|$)/.test(line)) || /^\s*"?([a-z_]*)/.exec(line)?.[1] === key)
}

/** Whether a key stands there under another name. */
function isMisspelt(node: Mapping, schema: Schema, key: string): boolean {
  return node.entries.some(entry => propertyOf(schema, entry.key.text) === undefined && (nearest(entry.key.text, [key]) !== undefined || lostColon(entry, [key]) !== undefined))
}

/** Whether the last thing in a node is a key without a value. */
function breaksOff(node: Node): boolean {
  const last = node.kind === 'map' ? node.entries.at(-1)?.value : node.kind === 'list' ? node.items.at(-1) : undefined
  return last === undefined ? false : last.kind === 'scalar' ? last.text === '' && !last.quoted : breaksOff(last)
}

/** The state that is written first is mostly the one in which calls begin. */
function tellNoStart(reader: Reader, node: Mapping): void {
  const states = entryOf(node, 'states')?.value
  const first = states?.kind === 'map' ? states.entries[0]?.key.text : undefined
  const at = { start: node.span.start, end: node.span.start }
  const fix: { fix?: Fix } = first === undefined || inBraces(reader.tree.text, node) ? {} : { fix: { safe: false, edits: [{ span: at, text: `start: ${first}\n` }] } }
  tell(reader, {
    code: 'missing-start', span: at, message: 'this file has no `start:`', effect: 'a caller would be answered with nothing',
    help: `name the state in which a call begins, as in \`start: ${first ?? 'menu'}\``, ...fix,
  })
}

/** The file itself and these parts are read as far as they can be, so that mistakes elsewhere are found too, and no others. */
const TOLERANT = new Set<unknown>(['states', 'vars', 'prompts', 'schedules', 'keys', 'defaults'])

function isTolerant(reader: Reader): boolean {
  return reader.path.length === 0 || (reader.path.length === 1 && TOLERANT.has(reader.path[0]))
}

function property(schema: Schema, key: string): Schema | undefined {
  return schema.properties !== undefined && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined
}

/** The schema of what stands under a key; undefined for a key that the map may not have. */
export function propertyOf(schema: Schema, key: string): Schema | undefined {
  const own = property(schema, key)
  if (own !== undefined) return own
  for (const [pattern, one] of Object.entries(schema.patternProperties ?? {})) if (new RegExp(pattern, 'u').test(key)) return one
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined
}

function nameIsFine(reader: Reader, entry: Entry, schema: Schema, found: Schema): boolean {
  if (schema.propertyNames === undefined || property(schema, entry.key.text) === found) return true
  const name = entry.key.text
  if (RESERVED.has(name)) {
    tell(reader, {
      ...(isStateName(reader) ? renameState(reader.tree, entry.key) : {}),
      code: 'reserved-name', span: entry.key.span, message: `\`${name}\` cannot be used as a name`,
      help: name === 'end' ? '`end` is the target that ends a call; choose another name for this state' : 'choose another name',
    })
    return false
  }
  if (readName(reader, entry, schema.propertyNames)) return true
  return false
}

function readName(reader: Reader, entry: Entry, schema: Schema): boolean {
  const inside: Reader = { ...reader, path: [...reader.path, entry.key.text] }
  return reader.read(inside, entry.key, schema) !== UNREADABLE
}

/** Says that a map may not have a key; gives the key that was meant, where it is read as that. */
function tellUnknown(reader: Reader, node: Mapping, entry: Entry, choice: Resolved): string | undefined {
  const { schema, definition } = choice
  const key = entry.key.text
  const allowed = Object.keys(schema.properties ?? {})
  const verb = definition?.startsWith('verb_') === true ? definition.slice('verb_'.length) : undefined
  const unused = allowed.filter(one => one !== 'note' && entryOf(node, one) === undefined)
  const word = nearest(key, unused)
  const fix: { fix?: Fix } = word === undefined ? {} : { fix: { safe: false, edits: [{ span: entry.key.span, text: word }] } }
  const onVerb = /^([a-z]+)_(?:default_)?on$/.exec(definition ?? '')?.[1]
  if (onVerb !== undefined) {
    tell(reader, {
      code: 'impossible-outcome', span: entry.key.span,
      message: `\`${key}\` is no outcome of \`${onVerb}\``,
      label: 'nobody would ever come this way',
      help: word === undefined ? `its outcomes are ${quoted(allowed.filter(one => one !== 'note'))}` : `did you mean \`${word}\`?`, ...fix,
    })
    return undefined
  }
  if (verb !== undefined && isCarrierKey(key)) {
    tell(reader, {
      ...(reader.root.definitions[`${verb}_on`] === undefined ? {} : moveUnderOn(reader.tree.text, node, one => propertyOf(schema, one) !== undefined)),
      code: 'carrier-shape', span: entry.key.span,
      message: `\`${key}\` stands beside \`${verb}\`: that is how the carrier's own JSON looks`,
      help: `write it under \`on:\`, as in \`on: { ${/^[*#]$/.test(key) ? `"${key}"` : key}: … }\``,
    })
    return undefined
  }
  const elsewhere = verb === undefined ? [] : verbsWith(reader, key)
  if (elsewhere.length > 0 && (word === undefined || word.length > key.length + 2)) {
    tell(reader, {
      ...without(reader.tree.text, node, entry),
      code: 'field-not-here', span: entry.key.span, message: `\`${verb}\` has no \`${key}\``, label: 'this would never take effect',
      help: `\`${key}\` belongs to ${quoted(elsewhere)}; \`${verb}\` has ${quoted(unused, 'and')}`,
    })
    return undefined
  }
  tell(reader, {
    code: 'unknown-field', span: entry.key.span,
    message: verb === undefined ? `${nameOf(reader)} has no key \`${key}\`` : `\`${verb}\` has no option \`${key}\``,
    help: word === undefined ? (unused.length === 0 ? 'delete it: nothing more can be written here' : `possible here: ${quoted(unused)}`) : `did you mean \`${word}\`?`, ...fix,
  })
  return word
}

function verbsWith(reader: Reader, key: string): string[] {
  return Object.entries(reader.root.definitions)
    .filter(([name, schema]) => name.startsWith('verb_') && property(schema, key) !== undefined && schema.required?.[0] !== key)
    .map(([name]) => name.slice('verb_'.length))
}
