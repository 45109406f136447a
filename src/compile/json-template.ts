/** JSON with values in it, prepared: pieces of JSON that stand as they are, and texts that a call fills in. */
import type { Path } from '../parse/tree.ts'
import type { JsonPart } from './asking.ts'
import { tell } from './context.ts'
import type { Context } from './context.ts'
import type { Template } from './sound.ts'
import { compileTemplate, fixedText, hasValues } from './template.ts'

/** The pieces of what a file writes under `json`. */
export function compileJson(context: Context, path: Path, value: unknown): readonly JsonPart[] {
  const parts: JsonPart[] = []
  add(context, path, value, parts)
  return parts
}

/** The JSON of a call; `fill` makes the text of a template. */
export function fillJson(parts: readonly JsonPart[], fill: (template: Template) => string): string {
  let json = ''
  for (const part of parts) json += typeof part === 'string' ? part : JSON.stringify(fill(part.text).toWellFormed())
  return json
}

function add(context: Context, path: Path, value: unknown, parts: JsonPart[]): void {
  if (Array.isArray(value)) {
    append(parts, '[')
    value.forEach((one, index) => {
      if (index > 0) append(parts, ',')
      add(context, [...path, index], one, parts)
    })
    append(parts, ']')
  } else if (typeof value === 'object' && value !== null) {
    append(parts, '{')
    for (const [index, [key, one]] of Object.entries(value).entries()) {
      checkKey(context, [...path, key], key)
      append(parts, `${index > 0 ? ',' : ''}${JSON.stringify(key)}:`)
      add(context, [...path, key], one, parts)
    }
    append(parts, '}')
  } else if (typeof value === 'string' && hasValues(value)) {
    const text = compileTemplate(context, path, value)
    const fixed = fixedText(text)
    if (fixed === undefined) parts.push({ text })
    else append(parts, JSON.stringify(fixed))
  } else append(parts, JSON.stringify(value) ?? 'null')
}

/** Names are what the other side knows: no value of a call may choose one. */
export function checkKey(context: Context, path: Path, key: string): void {
  if (hasValues(key)) tell(context, path, { code: 'bad-value', message: `the name \`${key}\` holds a value`, help: 'values may stand in the texts, not in their names' }, 'key')
}

function append(parts: JsonPart[], text: string): void {
  const last = parts.at(-1)
  if (typeof last === 'string') parts[parts.length - 1] = last + text
  else parts.push(text)
}
