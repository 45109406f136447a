/** A plan as a Mermaid flowchart, for pages that draw such. */
import type { Plan } from './plan.ts'

/** The flowchart; names and texts are written so that nothing in them is Mermaid's. */
export function mermaidOf({ boxes, links }: Plan): string {
  const lines = boxes.map((box, at) => {
    if (box.kind === 'end') return `  n${at}((("end")))`
    if (box.kind === 'anywhere') return `  n${at}(["${plain(box.title)}"])`
    const text = [box.ends ? `${box.title} ■` : box.title, ...(box.line === '' ? [] : [box.line]), ...box.notes.map(note => note.text)].map(plain).join('<br/>')
    return box.isStart ? `  n${at}(["${text}"])` : box.verb === 'route' ? `  n${at}{"${text}"}` : `  n${at}["${text}"]`
  })
  const arrows = links.map(({ from, to, label, tone }) => `  n${from} ${tone === 'quiet' ? '-.->' : '-->'}${label.length === 0 ? '' : `|"${plain(label.join(', '))}"|`} n${to}`)
  return ['flowchart TD', ...lines, ...arrows, ''].join('\n')
}

function plain(text: string): string {
  return text.toWellFormed().replace(/[^\p{L}\p{N} ,.]/gu, sign => `#${sign.codePointAt(0)};`)
}
