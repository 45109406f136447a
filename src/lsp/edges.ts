/** Where the call goes from a state, and from where it comes there, as the file writes it. */
import { entryOf } from '../parse/tree.ts'
import type { Mapping, Node, Path } from '../parse/tree.ts'
import { heardOf } from './heard.ts'
import { occurrencesOf, topLevel } from './scene.ts'
import type { View } from './scene.ts'

/** The edges of a state in lines of Markdown, those that it has from `defaults` and `keys` included. */
export function edgesOf(flow: View, state: Mapping, verb: string): string[] {
  const lines: string[] = []
  const taken = new Set<string>()
  const add = (word: string, target: Node, from = ''): void => {
    if (word === 'note' || taken.has(word)) return
    taken.add(word)
    lines.push(`\`${word}\` → ${targetWords(flow, target)}${from}`)
  }
  const route = entryOf(state, 'route')?.value
  if (route?.kind === 'list') {
    route.items.forEach((line, index) => {
      const goto = line.kind === 'map' ? entryOf(line, 'goto')?.value : undefined
      if (goto !== undefined) lines.push(`${line.kind === 'map' && entryOf(line, 'when') === undefined ? 'else' : `line ${index + 1}`} → ${targetWords(flow, goto)}`)
    })
  }
  eachOf(entryOf(state, 'on')?.value, add)
  const next = entryOf(state, 'next')?.value
  if (next !== undefined) add('next', next)
  const defaults = topLevel(flow, 'defaults')
  const ofVerb = defaults?.kind === 'map' ? entryOf(defaults, verb)?.value : undefined
  if (ofVerb?.kind === 'map') eachOf(entryOf(ofVerb, 'on')?.value, (word, target) => add(word, target, ' (from `defaults`)'))
  if (verb === 'ivr' && isOneDigit(state)) eachOf(topLevel(flow, 'keys'), (word, target) => add(word, target, ' (from `keys`)'))
  return lines
}

function isOneDigit(state: Mapping): boolean {
  const digits = entryOf(state, 'digits')?.value
  return digits === undefined || (digits.kind === 'scalar' && digits.text === '1')
}

function eachOf(map: Node | undefined, visit: (word: string, target: Node) => void): void {
  if (map?.kind === 'map') for (const { key, value } of map.entries) visit(key.text, value)
}

function targetWords(flow: View, target: Node): string {
  if (target.kind === 'scalar') return target.text === 'end' ? 'the end of the call' : `\`${target.text}\``
  if (target.kind === 'list') return '?'
  const heard = heardOf(flow, target)
  const next = entryOf(target, 'next')?.value
  const on = next?.kind === 'scalar' ? `, then ${targetWords(flow, next)}` : ''
  return heard === undefined ? '?' : `${heard.verb}: ${heard.words}${on}`
}

/** The places that lead to a state, in words, each once. */
export function leadsTo(flow: View, state: string): string[] {
  const references = occurrencesOf(flow).filter(one => one.kind === 'state' && one.name === state && !one.isDefinition)
  return [...new Set(references.map(one => placeWords(one.path)))]
}

/** `menu`, `on.1`: a place of a flow as people call it. */
export function placeWords(path: Path): string {
  const [first, second, ...rest] = path
  if (first === 'start') return 'the beginning of the call'
  if (first === 'on_error') return '`on_error`'
  if (first === 'states' && second !== undefined) return rest.length === 0 ? `\`${second}\`` : `\`${second}\`: \`${rest.join('.')}\``
  if (first === 'keys') return `the key \`${second}\` of every menu`
  return `\`${path.join('.')}\``
}
