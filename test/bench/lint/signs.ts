/** Colons, quotes, brackets, commas and dashes that are gone. */
import type { Base } from './base.ts'
import { lineOf } from './base.ts'
import { isFlow } from './extents.ts'
import type { Made } from './mutation.ts'

const NO_YAML = ['yaml-syntax', 'brace-comma']

/** Every sign of the text that YAML needs, one at a time. */
export function deletedSigns(base: Base): Made[] {
  const { text, sites } = base
  const made: Made[] = []
  const names = (from: number, to: number): string[] => base.names.definitions.filter(one => one.span.start >= from && one.span.end <= to).map(one => one.name)
  for (const { key, node, inside, keyPart } of sites) {
    if (key !== undefined && inside !== undefined) {
      const colon = text.indexOf(':', key.span.end)
      const line = lineOf(text, colon)
      const end = isFlow(text, node) && node.span.end > line.end ? node.span.end : line.end
      const region = isFlow(text, inside) ? { start: key.span.start, end: Math.max(node.span.end, key.span.end) } : { start: line.start, end }
      made.push({ kind: 'deletion', what: `the colon of \`${key.text}\` (${keyPart})`, edit: { span: { start: colon, end: colon + 1 }, text: '' }, codes: NO_YAML, at: [{ span: { start: region.start, end: region.end - 1 }, within: true }], names: [key.text, ...names(node.span.start, node.span.end)] })
      if (node.kind === 'scalar' && text[colon + 1] === ' ' && !(key.quoted && isFlow(text, inside)) && node.text !== '' && !node.quoted) made.push({ kind: 'deletion', what: `the space after \`${key.text}:\` (${keyPart})`, edit: { span: { start: colon + 1, end: colon + 2 }, text: '' }, codes: NO_YAML, at: [{ span: { start: region.start, end: region.end - 1 }, within: true }], names: [key.text] })
    }
    if (node.kind === 'scalar' && node.quoted && !text.slice(node.span.start, node.span.end).includes('\n')) {
      const { start, end } = node.span
      made.push({ kind: 'deletion', what: `the closing quote of \`${key?.text ?? 'an item'}\``, edit: { span: { start: end - 1, end }, text: '' }, codes: ['yaml-syntax'], at: [{ span: { start, end: end - 1 }, within: true }], names: names(start, end) })
    }
    if (node.kind !== 'scalar' && isFlow(text, node) && text[node.span.end - 1] === (node.kind === 'map' ? '}' : ']')) {
      const { start, end } = node.span
      if (text.slice(start, end).includes('\n')) continue
      const line = lineOf(text, start)
      const inLine = { start: line.start, end: line.end - 1 }
      made.push({ kind: 'deletion', what: `the closing bracket of \`${key?.text ?? 'an item'}\``, edit: { span: { start: end - 1, end }, text: '' }, codes: ['yaml-syntax'], at: [{ span: inLine, within: true }], names: names(line.start, line.end) })
      made.push({ kind: 'deletion', what: `the opening bracket of \`${key?.text ?? 'an item'}\``, edit: { span: { start, end: start + 1 }, text: '' }, codes: ['yaml-syntax'], at: [{ span: inLine, within: true }], names: names(line.start, line.end) })
      if (node.kind !== 'map') continue
      node.entries.slice(1).forEach(entry => {
        const comma = text.lastIndexOf(',', entry.key.span.start)
        made.push({ kind: 'deletion', what: `the comma before \`${entry.key.text}\``, edit: { span: { start: comma, end: comma + 1 }, text: '' }, codes: ['yaml-syntax'], at: [{ span: inLine, within: true }] })
      })
    }
  }
  return made
}

/** Dashes of lists that stand on lines of their own. */
export function deletedDashes({ text, sites }: Base): Made[] {
  return sites.flatMap(({ key, node }): Made[] => {
    if (key !== undefined) return []
    const line = lineOf(text, node.span.start)
    const dash = text.indexOf('-', line.start)
    if (text.slice(line.start, node.span.start).trim() !== '-') return []
    return [{ kind: 'deletion', what: 'a dash', edit: { span: { start: dash, end: dash + 1 }, text: ' ' }, codes: ['yaml-syntax', 'wrong-type', 'duplicate-key', 'shadowed-edge', 'missing-otherwise'], at: [{ span: { start: lineOf(text, Math.max(0, line.start - 1)).start, end: lineOf(text, line.end).end }, within: true }] }]
  })
}
