/** What is wrong with a state, told at its card: by a sign, in words, and to those who hear the page. */
import type { StateProblems } from '../state-problems.ts'
import type { Words } from '../words.ts'

const SVG = 'http://www.w3.org/2000/svg'
/** A cross in a square that stands on its corner, and a triangle: told apart without their colours. */
const SIGNS = { error: 'M8 1.5L14.5 8L8 14.5L1.5 8zM5.8 5.8L10.2 10.2M10.2 5.8L5.8 10.2', warning: 'M8 2L14.6 13.5H1.4zM8 6.2V9.6M8 11.4V11.8' } as const
const HEIGHT = 18
/** Pixels of a letter of the words, and of what stands beside them. */
const [LETTER, BESIDE] = [6.2, 27]

/** Shows the worst of each state, and how often; what shows them says all of them. Marks of before go away. */
export function markProblems(states: ReadonlyMap<string, SVGGElement>, labels: ReadonlyMap<string, string>, problems: StateProblems, words: Words['marks']): void {
  for (const [name, node] of states) {
    const told = (problems.get(name) ?? []).filter(problem => problem.severity !== 'info')
    if (told.length === 0 && !node.classList.contains('has-error') && !node.classList.contains('has-warning')) continue
    const worst = told.some(problem => problem.severity === 'error') ? 'error' : 'warning'
    node.querySelector(':scope > .mark')?.remove()
    node.classList.toggle('has-error', told.length > 0 && worst === 'error')
    node.classList.toggle('has-warning', told.length > 0 && worst === 'warning')
    const messages = told.map(problem => problem.message.replaceAll('`', ''))
    const title = node.querySelector(':scope > title')
    if (title !== null) title.textContent = [name, ...messages].join('\n')
    const label = labels.get(name) ?? name
    if (told.length === 0) {
      node.setAttribute('aria-label', label)
      continue
    }
    const says = words[worst](told.filter(problem => problem.severity === worst).length)
    node.setAttribute('aria-label', `${label}, ${says}: ${messages.join('; ')}`)
    const card = node.querySelector('.card')
    node.append(mark(worst, says, Number(card?.getAttribute('width') ?? 0), Number(card?.getAttribute('height') ?? 0)))
  }
}

/** On the lower edge of the card, at its right: keys stand where arrows arrive, above. */
function mark(worst: keyof typeof SIGNS, says: string, room: number, height: number): SVGGElement {
  const width = BESIDE + says.length * LETTER
  const group = part('g', { class: `mark ${worst}`, transform: `translate(${(room - width - 8).toFixed(1)} ${height - 4})` })
  const text = part('text', { x: '20', y: '12.5' })
  text.textContent = says
  group.append(part('rect', { width: width.toFixed(1), height: String(HEIGHT), rx: String(HEIGHT / 2) }), part('path', { d: SIGNS[worst], transform: 'translate(4.5 3) scale(.75)' }), text)
  return group
}

function part<K extends 'g' | 'rect' | 'path' | 'text'>(tag: K, attributes: Readonly<Record<string, string>>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}
