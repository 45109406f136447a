/** Lines that are indented otherwise, and keys under another parent. */
import { entryOf } from '../../../src/parse/tree.ts'
import type { Entry, Mapping } from '../../../src/parse/tree.ts'
import type { Span } from '../../../src/problem/problem.ts'
import type { Base } from './base.ts'
import { lineOf } from './base.ts'
import { beginsLine, indentOf, isFlow } from './extents.ts'
import type { Made } from './mutation.ts'
import type { Random } from './random.ts'
import type { Site } from './sites.ts'
import { OPTIONS } from './words.ts'

const ELSEWHERE = ['yaml-syntax', 'impossible-outcome', 'unknown-field', 'field-not-here', 'carrier-shape', 'wrong-type', 'two-verbs', 'duplicate-key', 'missing-field', 'no-verb', 'bad-name', 'bad-value']

/** One line moved by a blank or a level, without its neighbours. */
export function indentations(base: Base): Made[] {
  return base.sites.flatMap(site => [-2, -1, 1, 2].map(by => indent(base, site, by)).filter(one => one !== undefined))
}

function indent({ text, names }: Base, { key, node, inside, keyPart }: Site, by: number): Made | undefined {
  if (key === undefined || inside === undefined || node.kind !== 'scalar' && !isFlow(text, node)) return undefined
  if (isFlow(text, inside) || !beginsLine(text, key.span) || indentOf(text, key.span) + by < 0) return undefined
  const line = lineOf(text, key.span.start)
  const index = inside.entries.findIndex(entry => entry.key === key)
  const isFirst = index === 0
  const isLast = index === inside.entries.length - 1
  if (isFirst && isLast && by > -2) return { reason: 'the only line of a map may be indented otherwise' }
  const before = inside.entries[index - 1]
  if (by > 0 && before !== undefined && before.value.kind !== 'scalar' && !isFlow(text, before.value) && by < 2) return undefined
  const at = key.span.start - line.start
  const edit = by > 0 ? { span: { start: line.start, end: line.start }, text: ' '.repeat(by) } : { span: { start: line.start, end: line.start - by }, text: '' }
  const own = { start: line.start, end: line.end + by }
  // of two lines at odds, the one above may be the wrong one too
  const region: Span = isFirst ? { start: own.start, end: own.end + (lineOf(text, line.end).end - line.end) } : own
  const above = isFirst ? lineOf(text, Math.max(0, line.start - 1)) : undefined
  return {
    kind: 'move', what: `\`${key.text}\` (${keyPart}, ${isFirst ? 'first' : isLast ? 'last' : 'middle'}) indented by ${by}, from ${at}`, edit, codes: [...ELSEWHERE, ...(names.definitions.some(one => one.span === key.span) ? ['unknown-target', 'unknown-prompt', 'undefined-value'] : [])],
    at: [{ span: region, within: true }, ...(above === undefined ? [] : [{ span: above, within: true as const }])], names: [key.text, ...(node.kind === 'scalar' ? [node.text] : [])],
  }
}

/** What one verb has and another has not. */
const ONLY: Readonly<Record<string, string>> = { order: 'in-turn', callerid: '"+46846500499"', skippable: 'false', repeat: '2', attempts: '2', digits: '1', beep: 'false', silence: 'true', min: '1' }

/** Keys that stand under a parent which has none of that name. */
export function otherParents(base: Base, random: Random): Made[] {
  const { text, sites } = base
  const made: Made[] = []
  for (const { key, node, state, verb, keyPart, inside } of sites) {
    if (key === undefined || inside === undefined) continue
    if (keyPart === 'verb' && verb !== undefined && state !== undefined && OPTIONS[verb] !== undefined) {
      const others = Object.keys(ONLY).filter(option => OPTIONS[verb]?.includes(option) !== true)
      const option = random.pick(others)
      made.push(insert(text, inside, { key, value: node }, option, ONLY[option] as string, ['field-not-here'], `\`${option}\` in ${verb}`))
      if (verb !== 'route' && verb !== 'set' && verb !== 'hangup' && verb !== 'exit') {
        const outcome = verb === 'ivr' ? '1' : 'failed'
        made.push(insert(text, inside, { key, value: node }, outcome, 'end', ['carrier-shape'], `\`${outcome}\` beside ${verb}`))
        const strange = { ivr: 'busy', play: 'noinput', connect: 'nomatch', record: 'busy', lookup: 'busy', fetch: 'busy', flow: 'busy' }[verb] as string
        const none = [verb === 'flow' ? 'exit-missing' : 'impossible-outcome']
        // under `on` of a fetch with `answer` any text of a reply may be meant
        const on = entryOf(inside, 'answer') === undefined ? entryOf(inside, 'on')?.value : undefined
        if (on?.kind === 'map' && on.entries[0] !== undefined) made.push(insert(text, on, on.entries[0], strange, 'end', none, `\`${strange}\` under ${verb}`))
        if (on?.kind === 'map' && on.entries[0] !== undefined) made.push(insert(text, on, on.entries[0], 'next', 'end', none, '`next` under `on`'))
      }
      const other = random.pick(['timezone: Europe/Stockholm', 'start: menu', 'title: Hello'])
      const [word, value] = other.split(': ') as [string, string]
      made.push(insert(text, inside, { key, value: node }, word, value, ['unknown-field', 'field-not-here'], `\`${word}\` in a state`))
    }
    if (keyPart === 'top' && node.kind === 'scalar') {
      const option = random.pick(['timeout: 8', 'next: end', 'skippable: true', 'ivr: menu', 'goto: end'])
      const [word, value] = option.split(': ') as [string, string]
      made.push(insert(text, inside, { key, value: node }, word, value, ['unknown-field'], `\`${word}\` at the top`))
    }
  }
  return made
}

/** Another entry written after one, in its style. */
function insert(text: string, map: Mapping, { key, value }: Entry, word: string, written: string, codes: readonly string[], what: string): Made {
  const end = Math.max(key.span.end, value.span.end)
  if (entryOf(map, word) !== undefined) return { reason: 'the key stands there already' }
  if (isFlow(text, map)) {
    const edit = { span: { start: end, end }, text: `, ${word}: ${written}` }
    return { kind: 'move', what, edit, codes, at: [{ span: { start: end + 2, end: end + 2 + word.length } }] }
  }
  const after = lineOf(text, Math.max(end - 1, key.span.start)).end
  const pad = ' '.repeat(key.span.start - lineOf(text, key.span.start).start)
  const edit = { span: { start: after, end: after }, text: `${pad}${word}: ${written}\n` }
  return { kind: 'move', what, edit, codes, at: [{ span: { start: after + pad.length, end: after + pad.length + word.length } }] }
}
