/** What a file writes where any JSON may stand: numbers, truth values and `null` without quotes stay so, all else is text. */
import type { Node, Scalar } from '../parse/tree.ts'
import { lostColon, tellLostColon } from './lost-colon.ts'
import { below, nameOf, pointSpan, tell, UNREADABLE } from './reader.ts'
import type { Reader } from './reader.ts'

/** The definition of the schema that stands for any JSON. */
export const ANY_JSON = 'json_value'

/** The value, or UNREADABLE. */
export function readJson(reader: Reader, node: Node): unknown {
  if (node.kind === 'scalar') return readScalar(reader, node)
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => readJson(below(reader, index, undefined), item))
    return items.includes(UNREADABLE) ? UNREADABLE : items
  }
  const result = Object.create(null) as Record<string, unknown>
  let whole = true
  for (const entry of node.entries) {
    const key = entry.key.text
    const colonless = lostColon(entry, undefined)
    if (colonless !== undefined) tellLostColon(reader, entry.key, colonless)
    const value = colonless === undefined ? readJson(below(reader, key, entry.key), entry.value) : UNREADABLE
    if (value === UNREADABLE) whole = false
    else result[key] = value
  }
  return whole ? result : UNREADABLE
}

function readScalar(reader: Reader, node: Scalar): unknown {
  const { text, quoted, broken } = node
  if (broken === true) return UNREADABLE
  if (quoted) return text
  if (text === '') {
    tell(reader, { code: 'missing-field', span: pointSpan(reader, node), message: `${nameOf(reader)} has no value`, help: 'write it after the colon; nothing is written `null`, or `""` for an empty text' })
    return UNREADABLE
  }
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text
  const number = Number(text)
  if (Number.isFinite(number) && (!/^-?\d+$/.test(text) || Number.isSafeInteger(number))) return number
  tell(reader, {
    code: 'out-of-range', span: node.span, message: `${nameOf(reader)}: ${text} is a longer number than programs can tell from its neighbours`,
    help: 'put it in quotes: it is sent as a text', fix: { safe: false, edits: [{ span: node.span, text: `"${text}"` }] },
  })
  return UNREADABLE
}
