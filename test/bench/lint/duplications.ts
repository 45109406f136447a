/** Lines and entries that stand twice. */
import type { Base } from './base.ts'
import { lineOf } from './base.ts'
import { beginsLine, extentOf, isFlow } from './extents.ts'
import type { Made } from './mutation.ts'

export function duplications({ text, sites }: Base): Made[] {
  return sites.flatMap(({ key, node, inside, path, keyPart, valuePart }): Made[] => {
    if (key === undefined) {
      if (valuePart !== 'parts') return [{ reason: 'a number that stands twice is rung once' }]
      const line = lineOf(text, node.span.start)
      if (text.slice(line.start, node.span.start).trim() !== '-') return []
      const copy = { start: line.start, end: lineOf(text, Math.max(node.span.end - 1, node.span.start)).end }
      const edit = { span: { start: copy.end, end: copy.end }, text: text.slice(copy.start, copy.end) }
      return [{ kind: 'duplication', what: 'a line of a route', edit, codes: ['shadowed-edge', 'duplicate-edge'], at: [{ span: { start: copy.start, end: copy.end + edit.text.length }, within: true }] }]
    }
    if (inside === undefined) return []
    if (isFlow(text, inside)) {
      const end = Math.max(key.span.end, node.span.end)
      const again = text.slice(key.span.start, end)
      const edit = { span: { start: end, end }, text: `, ${again}` }
      return [{ kind: 'duplication', what: `\`${key.text}\` in braces (${keyPart})`, edit, codes: ['duplicate-key'], at: [{ span: { start: end + 2, end: end + 2 + (key.span.end - key.span.start) } }], names: [key.text] }]
    }
    const extent = extentOf(text, inside, { key, value: node })
    if (extent === undefined || !beginsLine(text, key.span) || text[extent.end - 1] !== '\n') return []
    // an anchor or a definition that others use keeps its meaning: the second one only says the same again
    const edit = { span: { start: extent.end, end: extent.end }, text: text.slice(extent.start, extent.end) }
    const start = extent.end + key.span.start - extent.start
    return [{ kind: 'duplication', what: `\`${key.text}\` (${keyPart}, ${path.length} deep)`, edit, codes: ['duplicate-key'], at: [{ span: { start, end: start + (key.span.end - key.span.start) } }], names: [key.text] }]
  })
}
