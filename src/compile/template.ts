/** `text with {{name | filter}}` → parts that a call fills in. */
import { quoted } from '../validate/words.ts'
import type { Path } from '../parse/tree.ts'
import { guess, placeIn, tell } from './context.ts'
import { switchOf } from './switches.ts'
import type { Context } from './context.ts'
import type { Ref, Template } from './flow.ts'

/** Built-in values; those that only the first request of a call tells must travel in its token. */
export const BUILT_IN: Readonly<Record<string, { readonly travels: boolean }>> = {
  caller: { travels: true }, called: { travels: true }, direction: { travels: true }, digits: { travels: true },
  'call.id': { travels: false }, 'call.seconds': { travels: false }, flow: { travels: false }, state: { travels: false },
  language: { travels: false }, today: { travels: false }, time: { travels: false },
}

const OVER = 'in `on_hangup`, and in the `deliver` of `recordcall`'
const RECORDED = 'in `deliver` and in `on_hangup`'

/** Values of what happened to a call, each with where they are known. */
export const AFTERWARDS: Readonly<Record<string, string>> = {
  'call.answered_by': OVER, 'call.talk_seconds': OVER, 'call.state': OVER,
  'recording.url': RECORDED, 'recording.seconds': RECORDED, 'recording.id': RECORDED, 'recording.created': RECORDED,
}

export const FILTERS = ['last4', 'spaced', 'national', 'e164', 'duration', 'lower', 'upper', 'default'] as const

/** Whether a text has values in it. */
export function hasValues(text: string): boolean {
  return text.includes('{{')
}

/** The parts of a text; a value that nothing can set, an unknown filter or an open brace is a problem at `path`. */
export function compileTemplate(context: Context, path: Path, text: string): Template {
  const parts: (string | Ref)[] = []
  let broken = false
  let rest = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', rest)) {
    const close = text.indexOf('}}', open)
    if (close < 0) {
      tell(context, path, { code: 'bad-value', message: '`{{` is not closed here', help: 'a value is written {{name}}' })
      return []
    }
    if (open > rest) parts.push(text.slice(rest, open))
    const ref = compileRef(context, path, text.slice(open + 2, close))
    if (ref === undefined) broken = true
    else parts.push(ref)
    rest = close + 2
  }
  if (rest < text.length) parts.push(text.slice(rest))
  // empty, so that nobody finds a second fault in what is left of it
  return broken ? [] : fold(parts)
}

function isPromptInput({ document: { data } }: Context, name: string): boolean {
  return data.inputs !== undefined && Object.hasOwn(data.inputs, name) && data.inputs[name] === 'prompt'
}

/** The input of type `prompt` that a text is and nothing else. */
export function promptInput(context: Context, text: string): Ref | undefined {
  const name = /^\{\{\s*([a-z][a-z0-9_-]*)\s*\}\}$/.exec(text)?.[1]
  const index = name === undefined || !isPromptInput(context, name) ? undefined : context.values.get(name)
  if (index !== undefined) context.used.add(`value ${name}`)
  return index === undefined || name === undefined ? undefined : { from: 'prompt', text: name, index }
}

/** Joins fixed texts, `vars` without a filter among them, so that a template without values is one string. */
function fold(parts: readonly (string | Ref)[]): Template {
  const folded: (string | Ref)[] = []
  for (const part of parts) {
    const fixed = typeof part === 'string' ? part : part.from === 'text' && part.filter === undefined ? part.text : undefined
    const last = folded.at(-1)
    if (fixed === undefined) folded.push(part)
    else if (typeof last === 'string') folded[folded.length - 1] = last + fixed
    else folded.push(fixed)
  }
  return folded
}

/** The text of a template without values; undefined where it has some. */
export function fixedText(template: Template): string | undefined {
  if (template.length === 0) return ''
  return template.length === 1 && typeof template[0] === 'string' ? template[0] : undefined
}

function compileRef(context: Context, path: Path, inside: string): Ref | undefined {
  const match = /^\s*([a-z][a-z0-9_.-]*)\s*(?:\|\s*([a-z][a-z0-9_]*)\s*(?::\s*(?:"([^"]*)"|'([^']*)'))?\s*)?$/.exec(inside)
  const written = `{{${inside}}}`
  const span = spanOfText(context, path, written)
  if (match === null) {
    tell(context, path, { code: 'bad-value', message: `\`${written}\` is not the form of a value`, help: 'write {{name}}, {{name | filter}} or {{name | default: "text"}}', ...span })
    return undefined
  }
  const name = match[1] as string
  const filter = match[2]
  if (filter !== undefined && !(FILTERS as readonly string[]).includes(filter)) {
    const word = guess(context, filter, FILTERS)
    tell(context, path, { code: 'bad-value', message: `there is no filter \`${filter}\``, help: word === undefined ? `the filters are ${quoted(FILTERS)}` : `did you mean \`${word}\`?`, ...span })
    return undefined
  }
  const text = match[3] ?? match[4] ?? ''
  if (filter === 'default' && match[3] === undefined && match[4] === undefined) {
    tell(context, path, { code: 'bad-value', message: '`default` has no text', help: 'write {{name | default: "text"}}', ...span })
    return undefined
  }
  const filtered = filter === undefined ? {} : { filter: { name: filter, text } }
  if (isPromptInput(context, name)) {
    context.used.add(`value ${name}`)
    tell(context, path, { code: 'wrong-type', message: `\`${name}\` is an input of type \`prompt\`, which can be played and nothing else`, help: `write it alone, as in \`play: "{{${name}}}"\`, or give the input another type`, ...span })
    return undefined
  }
  const fixed = context.vars.get(name)
  if (fixed !== undefined || context.values.has(name)) context.used.add(`value ${name}`)
  if (fixed !== undefined) return { from: 'text', text: fixed, index: -1, ...filtered }
  const index = context.values.get(name)
  if (index !== undefined) return { from: 'value', text: name, index, ...filtered }
  if (Object.hasOwn(BUILT_IN, name)) {
    if (BUILT_IN[name]?.travels === true) context.reads.add(name)
    if (name === 'language') context.spoken.used = true
    return { from: 'built-in', text: name, index: -1, ...filtered }
  }
  if (name.startsWith('switch.')) {
    const start = (span.span?.start ?? 0) + written.indexOf(name) + 'switch.'.length
    const one = switchOf(context, path, name.slice('switch.'.length), span.span === undefined ? undefined : { start, end: start + name.length - 'switch.'.length })
    return one === undefined ? undefined : { from: 'switch', text: name.slice('switch.'.length), index: -1, ...filtered }
  }
  if (context.besides.includes(name)) return { from: 'built-in', text: name, index: -1, ...filtered }
  if (Object.hasOwn(AFTERWARDS, name)) {
    const known = AFTERWARDS[name] as string
    tell(context, path, { code: 'undefined-value', message: `\`${name}\` is known only ${known}`, effect: 'here it would always be empty', help: `use it ${known}`, ...span })
    return undefined
  }
  if (context.unread.has(name) || context.unreadWords.has(name)) return undefined
  // a few of them will do: ten thousand values with ten thousand mistakes must not take minutes
  const known = (): string[] => [...context.besides, ...[...context.values.keys()].slice(0, 500), ...context.vars.keys(), ...[...context.declared.tables.values()].flatMap(table => table.columns), ...Object.keys(BUILT_IN), ...[...context.declared.switches.keys()].map(one => `switch.${one}`)]
  context.missing.push({
    kind: 'value', name, path, ...span, told: { code: 'undefined-value', message: `nothing in this file sets \`${name}\``, label: 'this would always be empty' },
    known, help: `set it with \`set:\` or \`save:\`; known here: ${quoted(known())}`,
    ...(span.span === undefined ? {} : { write: (word: string) => context.document.tree.text.slice(span.span?.start, span.span?.end).replace(name, word) }),
  })
  return undefined
}

/** The span of a piece of text inside the scalar of a path, where it stands there as written. */
function spanOfText(context: Context, path: Path, written: string): { span?: { start: number; end: number } } {
  const place = placeIn(context, path)
  const raw = context.document.tree.text.slice(place.value.start, place.value.end)
  // in double quotes what stands in a filter may be escaped
  const escaped = JSON.stringify(written).slice(1, -1)
  const at = raw.indexOf(written)
  if (at < 0 && raw.includes(escaped)) return { span: { start: place.value.start + raw.indexOf(escaped), end: place.value.start + raw.indexOf(escaped) + escaped.length } }
  return at < 0 ? {} : { span: { start: place.value.start + at, end: place.value.start + at + written.length } }
}
