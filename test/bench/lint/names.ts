/** Who writes and who reads the names of a flow: which names a mistake is about. */
import type { Span } from '../../../src/problem/problem.ts'
import type { Site } from './sites.ts'
import { BUILT_IN } from './words.ts'

export type NameKind = 'state' | 'prompt' | 'value' | 'exit'

export interface Use {
  readonly name: string
  readonly kind: NameKind
  /** The name itself. */
  readonly span: Span
  /** What a message may point at: the name, or the braces around it. */
  readonly around: Span
}

export interface Definition {
  readonly name: string
  readonly kind: NameKind
  readonly span: Span
}

export interface Names {
  readonly uses: readonly Use[]
  readonly definitions: readonly Definition[]
}

/** The names that a flow's places define and use. */
export function namesOf(text: string, sites: readonly Site[]): Names {
  const uses: Use[] = []
  const definitions: Definition[] = []
  const prompts = new Set(sites.filter(site => site.keyPart === 'prompt name').map(site => site.key?.text))
  for (const { key, keyPart, valuePart, node } of sites) {
    const kind = keyPart === 'state name' ? 'state' : keyPart === 'prompt name' ? 'prompt' : keyPart === 'var name' || keyPart === 'value name' || keyPart === 'input name' ? 'value' : undefined
    if (kind !== undefined && key !== undefined) definitions.push({ name: key.text, kind, span: key.span })
    if (node.kind !== 'scalar') continue
    const { span } = node
    if (valuePart === 'exit name') definitions.push({ name: node.text, kind: 'exit', span })
    if (valuePart === 'exit') uses.push({ name: node.text, kind: 'exit', span, around: span })
    if (valuePart === 'save') definitions.push({ name: node.text, kind: 'value', span })
    const isState = valuePart === 'target' || valuePart === 'start' || valuePart === 'visited'
    if (isState && node.text !== 'end' && !/^https?:/.test(node.text)) uses.push({ name: node.text, kind: 'state', span, around: span })
    if (valuePart === 'prompt' && prompts.has(node.text)) uses.push({ name: node.text, kind: 'prompt', span, around: span })
    for (const match of text.slice(span.start, span.end).matchAll(/\{\{\s*([a-z][a-z0-9_.-]*)[^}]*\}\}/g)) {
      const start = span.start + match.index + match[0].indexOf(match[1] as string)
      const around = { start: span.start + match.index, end: span.start + match.index + match[0].length }
      if (!BUILT_IN.includes(match[1] as string) && match[1]?.startsWith('switch.') !== true) uses.push({ name: match[1] as string, kind: 'value', span: { start, end: start + (match[1] as string).length }, around })
    }
  }
  return { uses, definitions }
}
