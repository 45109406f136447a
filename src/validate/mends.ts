/** Mends of a file's shape: what can be written instead of what the reader has refused. */
import { columnOf, endOf, inBraces, insertInto, oneLine, removeFrom } from '../parse/map-edits.ts'
import { entryOf } from '../parse/tree.ts'
import type { Entry, Mapping, Node } from '../parse/tree.ts'
import type { Edit, Fix } from '../problem/problem.ts'
import type { Resolved, Schema } from './schema.ts'

/** Part of a problem: its mend, where there is one. */
export interface Mend {
  readonly fix?: Fix
}

/** Whether a key beside a verb is one of the carrier's own form. */
export function isCarrierKey(key: string): boolean {
  return /^[0-9*#]$/.test(key) || key === 'busy' || key === 'failed' || key === 'success'
}

/** The carrier's keys of a state, moved under `on:`. All problems of one state have the same mend. */
export function moveUnderOn(text: string, state: Mapping, isKnown: (key: string) => boolean): Mend {
  const strays = state.entries.filter(entry => isCarrierKey(entry.key.text) && !isKnown(entry.key.text))
  const written = strays.map(entry => oneLine(text, entry))
  if (written.includes(undefined)) return {}
  const on = entryOf(state, 'on')
  if (on === undefined) return { fix: { safe: true, edits: inPlaceOf(text, state, strays, `on: { ${written.join(', ')} }`) } }
  const map = on.value
  if (map.kind !== 'map' || strays.some(entry => entryOf(map, entry.key.text) !== undefined)) return {}
  const added = insertInto(text, map, written as string[])
  const removed = removeFrom(text, state, strays)
  return added === undefined || removed === undefined ? {} : { fix: { safe: true, edits: [...removed, added] } }
}

/** Puts a text in the place of the first of some entries, and deletes the others. */
function inPlaceOf(text: string, map: Mapping, entries: readonly Entry[], written: string): Edit[] {
  const [first, ...others] = entries as [Entry, ...Entry[]]
  return [{ span: { start: first.key.span.start, end: endOf(first) }, text: written }, ...(others.length === 0 ? [] : removeFrom(text, map, others) ?? [])]
}

/** An entry, deleted. */
export function without(text: string, map: Mapping, entry: Entry): Mend {
  const edits = removeFrom(text, map, [entry])
  return edits === undefined ? {} : { fix: { safe: false, edits } }
}

/** A state that plays and then does something else, as a `play` whose `next` does it. */
export function playThen(text: string, state: Mapping, second: Entry, play: Schema | undefined): Mend {
  const at = state.entries.indexOf(second)
  const before = state.entries.slice(0, at)
  const isPlay = before[0]?.key.text === 'play' && before.every(({ key }) => key.text !== 'next' && key.text !== 'on' && Object.hasOwn(play?.properties ?? {}, key.text))
  if (!isPlay) return {}
  const start = second.key.span.start
  const end = endOf(state.entries.at(-1) as Entry)
  if (inBraces(text, state)) return { fix: { safe: false, edits: [{ span: { start, end: start }, text: 'next: { ' }, { span: { start: end, end }, text: ' }' }] } }
  const edits: Edit[] = [{ span: { start, end: start }, text: `next:\n${' '.repeat(columnOf(text, start) + 2)}` }]
  for (let line = text.indexOf('\n', start) + 1; line > 0 && line < end; line = text.indexOf('\n', line) + 1) {
    if (text[line] !== '\n' && text[line] !== '\r') edits.push({ span: { start: line, end: line }, text: '  ' })
  }
  return { fix: { safe: false, edits } }
}

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen', 'twenty']
const TENS: Readonly<Record<string, number>> = { thirty: 30, forty: 40, fifty: 50, sixty: 60, ninety: 90 }
const TRUTHS: Readonly<Record<string, string>> = { yes: 'true', y: 'true', on: 'true', '1': 'true', true: 'true', no: 'false', n: 'false', off: 'false', '0': 'false', false: 'false' }

/** What a text of another kind was probably meant as: `ten` and `10 s` as 10, `yes` as true, a list of one as that one. */
export function asKind(text: string, node: Node, all: readonly Resolved[]): Mend {
  const meant = meantBy(text, node, all)
  return meant === undefined ? {} : { fix: { safe: false, edits: [{ span: node.span, text: meant }] } }
}

function meantBy(text: string, node: Node, all: readonly Resolved[]): string | undefined {
  if (node.kind === 'list') {
    const [only, ...more] = node.items
    return only?.kind === 'scalar' && more.length === 0 && all.some(one => one.schema.type !== 'object') ? text.slice(only.span.start, only.span.end) : undefined
  }
  if (node.kind === 'map') return undefined
  const word = node.text.trim().toLowerCase()
  const number = all.find(one => one.schema.type === 'integer' || one.schema.type === 'number')
  if (number !== undefined) {
    const count = NUMBERS.includes(word) ? NUMBERS.indexOf(word) : (TENS[word] ?? Number(/^(\d{1,6})(?:\.0+)?\s*(?:s|sec|secs|seconds?|sek|sekunder)?\.?$/.exec(word)?.[1] ?? NaN))
    const { minimum = -Infinity, maximum = Infinity } = number.schema
    return count >= minimum && count <= maximum ? String(count) : undefined
  }
  return all.some(one => one.schema.type === 'boolean' || one.schema.const === true) && Object.hasOwn(TRUTHS, word) && allows(all, TRUTHS[word] as string) ? TRUTHS[word] : undefined
}

function allows(all: readonly Resolved[], truth: string): boolean {
  return all.some(({ schema }) => schema.type === 'boolean' || String(schema.const) === truth)
}
