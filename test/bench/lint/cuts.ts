/** A file whose end is missing, from some line on. */
import type { Base } from './base.ts'
import type { At, Made } from './mutation.ts'

const CODE = { state: 'unknown-target', prompt: 'unknown-prompt', value: 'undefined-value', exit: 'exit-missing' } as const

export function cuts({ text, tree, sites, names }: Base): Made[] {
  const made: Made[] = []
  for (let at = text.indexOf('\n') + 1; at > 0 && at < text.length; at = text.indexOf('\n', at) + 1) {
    const kept = text.slice(0, at)
    if (!/\S/.test(text.slice(at)) || kept.trim() === '') continue
    const edit = { span: { start: at, end: text.length }, text: '' }
    const lost = names.definitions.filter(one => one.span.start >= at)
    const uses = names.uses.filter(use => use.span.end <= at && lost.some(one => one.kind === use.kind && one.name === use.name))
    const places: At[] = uses.flatMap(use => [{ span: use.span }, { span: use.around }])
    const lostTop = ['start', 'states'].filter(word => tree.root.entries.some(entry => entry.key.text === word && entry.key.span.start >= at))
    // a key whose own lines are all gone: the last one that is kept
    const open = sites.filter(site => site.key !== undefined && site.key.span.end <= at && site.node.span.start >= at).map(site => site.key)
    const half = sites.find(site => site.key === undefined && site.node.kind !== 'scalar' && site.node.span.start < at && site.node.span.end > at)
    const lines = sites.filter(site => site.key !== undefined && site.keyPart === 'line')
    const noGoto = half?.node.kind === 'map' && lines.some(site => site.inside === half.node && site.key?.text === 'goto' && site.key.span.start >= at)
    const route = sites.find(site => site.keyPart === 'verb' && site.verb === 'route' && site.node.span.start < at && site.node.span.end > at)?.node
    const last = route?.kind === 'list' ? route.items.filter(item => item.span.start < at).at(-1) : undefined
    const noElse = route !== undefined && !noGoto && open.length === 0
    const codes = [...(noGoto ? ['missing-field'] : []), ...(noElse ? ['missing-otherwise'] : []), ...new Set(uses.map(use => CODE[use.kind])), ...(lostTop.length > 0 || open.length > 0 ? ['missing-field'] : [])]
    if (/^\s*(#.*)?$/.test(kept.replace(/#.*/g, ''))) {
      made.push({ kind: 'cut', what: 'before anything is said', edit, codes: ['empty-file'], at: [{ span: { start: 0, end: at }, within: true }], names: names.definitions.map(one => one.name) })
      continue
    }
    if (codes.length === 0) {
      made.push({ reason: half === undefined ? 'what is left is a whole flow' : 'what is left of the line may be meant' })
      continue
    }
    const head: At[] = lostTop.length > 0 ? [{ span: { start: 0, end: Math.max(1, tree.root.span.start) }, within: true }] : []
    if (last !== undefined) head.push({ span: { start: last.span.start, end: at }, within: true })
    made.push({
      kind: 'cut', what: `after line ${kept.split('\n').length - 1}`, edit, codes,
      at: [...places, ...head, ...open.map(key => ({ span: key?.span ?? edit.span })), { span: { start: kept.trimEnd().lastIndexOf('\n') + 1, end: at }, within: true }], names: names.definitions.map(one => one.name),
    })
  }
  return made
}
