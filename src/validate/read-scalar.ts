/** The text of one scalar → number, truth value or text, whichever the schema has there. */
import type { Scalar } from '../parse/tree.ts'
import type { Resolved, Schema } from './schema.ts'
import { holdsUnread, isStateName, nameOf, pointSpan, tell, UNREADABLE, wrongKind } from './reader.ts'
import type { Reader } from './reader.ts'
import type { Mend } from './mends.ts'
import { nameFor, renameState } from './rename-state.ts'
import { nearest } from './nearest.ts'
import { quoted } from './words.ts'
import { isNotYet, reportNotYet } from './not-yet.ts'

/** Reads a scalar by the first alternative that takes it: a fixed word, a truth value, a number, then text. */
export function readScalar(reader: Reader, node: Scalar, all: readonly Resolved[]): unknown {
  const scalars = all.filter(one => isScalarSchema(one.schema))
  if (node.text === '' && !node.quoted) {
    if (holdsUnread(reader, node)) return UNREADABLE
    tell(reader, {
      code: 'missing-field', span: pointSpan(reader, node), message: `${nameOf(reader)} has no value`,
      help: scalars.length === 0 ? 'write what belongs to it on the lines below, indented' : 'write it after the colon',
    })
    return UNREADABLE
  }
  if (scalars.length === 0) return wrongKind(reader, node, all)
  if (!node.quoted && /^[^{]*\}$/.test(node.text) && all.some(one => one.definition === 'target')) {
    tell(reader, { code: 'yaml-syntax', span: pointSpan(reader, node), message: `${nameOf(reader)} ends with \`}\`, and nothing before it begins with \`{\``, help: 'write `{` before the first key of the line' })
    return UNREADABLE
  }
  const hasText = scalars.some(one => one.schema.type === 'string' && one.schema.enum === undefined)
  for (const one of scalars) {
    const value = asFixed(node, one.schema, hasText)
    if (value !== undefined) {
      if (one.definition !== undefined && isNotYet(`${one.definition}=${node.text}`)) return reportNotYet(reader, node.span, `${one.definition}=${node.text}`)
      return value
    }
  }
  const integer = scalars.find(one => one.schema.type === 'integer' || one.schema.type === 'number')
  if (integer !== undefined && /^[+-]?\d+(\.\d+)?$/.test(node.text)) {
    const value = Number(node.text)
    if (integer.schema.type === 'integer' && !Number.isInteger(value)) return tellRange(reader, node, integer.schema, 'is no whole number')
    return inRange(value, integer.schema) ? value : tellRange(reader, node, integer.schema, 'is out of range')
  }
  const text = scalars.find(one => one.schema.type === 'string' && one.schema.enum === undefined)
  if (text === undefined) return tellNoMatch(reader, node, scalars, all)
  return readText(reader, node, text, integer?.schema, all)
}

function isScalarSchema(schema: Schema): boolean {
  return schema.enum !== undefined || schema.const !== undefined || (schema.type !== 'object' && schema.type !== 'array')
}

/** The value where the schema is a closed list that holds the text. A quoted `"true"` is text where text is possible. */
function asFixed(node: Scalar, schema: Schema, hasText: boolean): unknown {
  const fixed = schema.const !== undefined ? [schema.const] : (schema.enum ?? (schema.type === 'boolean' ? [true, false] : []))
  return fixed.find(one => String(one) === node.text && !(typeof one === 'boolean' && node.quoted && hasText))
}

function inRange(value: number, schema: Schema): boolean {
  return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity)
    && value > (schema.exclusiveMinimum ?? -Infinity) && value < (schema.exclusiveMaximum ?? Infinity)
}

function tellRange(reader: Reader, node: Scalar, schema: Schema, what: string): typeof UNREADABLE {
  const low = schema.minimum ?? schema.exclusiveMinimum
  const high = schema.maximum ?? schema.exclusiveMaximum
  const range = low !== undefined && high !== undefined ? `from ${low} to ${high}` : low !== undefined ? `of at least ${low}` : high !== undefined ? `of at most ${high}` : ''
  tell(reader, {
    code: 'out-of-range', span: node.span, message: `${nameOf(reader)}: ${node.text} ${what}`,
    help: `write a ${schema.type === 'integer' ? 'whole ' : ''}number ${range}`.trimEnd(),
  })
  return UNREADABLE
}

function readText(reader: Reader, node: Scalar, text: Resolved, number: Schema | undefined, all: readonly Resolved[]): unknown {
  const { schema } = text
  if (schema.minLength !== undefined && node.text.length < schema.minLength) {
    tell(reader, { code: 'bad-value', span: pointSpan(reader, node), message: `${nameOf(reader)} is an empty text`, help: 'write something between the quotes, or delete the line' })
    return UNREADABLE
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(node.text)) {
    if (number !== undefined) return wrongKind(reader, node, all)
    if (text.definition === 'name') {
      tell(reader, { ...mendName(reader, node), code: 'bad-name', span: node.span, message: `\`${node.text}\` cannot be a name here`, help: 'a name begins with a letter from a to z and goes on with small letters, digits, `-` and `_`, 64 at most' })
      return UNREADABLE
    }
    tell(reader, { code: 'bad-value', span: pointSpan(reader, node), message: `${nameOf(reader)}: \`${shorten(node.text)}\` does not have the form that belongs here`, ...(schema.description === undefined ? {} : { help: schema.description }) })
    return UNREADABLE
  }
  return node.text
}

/** A state is renamed with all its uses; a scripted call that names it is told so itself, and mended to the same name. */
function mendName(reader: Reader, node: Scalar): Mend {
  if (isStateName({ ...reader, path: reader.path.slice(0, -1) })) return renameState(reader.tree, node)
  const name = nameFor(node.text)
  return reader.root.properties?.['calls'] !== undefined && reader.path.at(-1) === 'state' && name !== '' ? { fix: { safe: false, edits: [{ span: node.span, text: name }] } } : {}
}

function tellNoMatch(reader: Reader, node: Scalar, scalars: readonly Resolved[], all: readonly Resolved[]): typeof UNREADABLE {
  const words = scalars.flatMap(one => (one.schema.const !== undefined ? [one.schema.const] : (one.schema.enum ?? (one.schema.type === 'boolean' ? [true, false] : [])))).map(String)
  const word = words.length === 0 ? undefined : nearest(node.text, words)
  if (words.length === 0 || (scalars.every(one => one.schema.type === 'boolean'))) return wrongKind(reader, node, all, word)
  const others = all.some(one => one.schema.type === 'integer') ? ' or a whole number' : ''
  tell(reader, {
    code: 'bad-value', span: node.span, message: `${nameOf(reader)}: \`${shorten(node.text)}\` is not one of its values`,
    help: word === undefined ? `it may be ${quoted(words, 'or')}${others}` : `did you mean \`${word}\`? It may be ${quoted(words, 'or')}${others}`,
    ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: node.span, text: word }] } }),
  })
  return UNREADABLE
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
