/** What a caller hears in a state, in words. */
import { entryOf } from '../parse/tree.ts'
import type { Mapping, Node } from '../parse/tree.ts'
import { branches, flowSchema } from '../validate/schema.ts'
import { topLevel } from './scene.ts'
import type { View } from './scene.ts'

/** The verbs of the language, those that are not yet built included. */
export const VERB_NAMES: readonly string[] = branches(flowSchema, { $ref: '#/definitions/state' }).map(one => one.schema.required?.[0] as string)

export interface Heard {
  readonly verb: string
  /** In one line. */
  readonly words: string
}

/** What a named state does, in a line; undefined where there is none. */
export function heardIn(flow: View, state: string): Heard | undefined {
  const states = topLevel(flow, 'states')
  const node = states?.kind === 'map' ? entryOf(states, state)?.value : undefined
  return node?.kind === 'map' ? heardOf(flow, node) : undefined
}

/** What a state does, in a line. */
export function heardOf(flow: View, state: Mapping): Heard | undefined {
  const entry = state.entries.find(({ key }) => VERB_NAMES.includes(key.text))
  if (entry === undefined) return undefined
  const verb = entry.key.text
  const { value } = entry
  if (verb === 'ivr' || verb === 'play' || verb === 'record') return { verb, words: promptWords(flow, value) }
  if (verb === 'connect') return { verb, words: `rings ${textOf(value)}` }
  if (verb === 'hangup') return { verb, words: 'hangs up' }
  if (verb === 'route') return { verb, words: `${value.kind === 'list' ? value.items.length : 0} lines` }
  if (verb === 'set' && value.kind === 'map') return { verb, words: setWords(value) }
  return { verb, words: `${verb} ${textOf(value)}`.trim() }
}

function setWords({ entries }: Mapping): string {
  const language = entries.find(({ key }) => key.text === 'language')?.value
  const others = entries.filter(({ key }) => key.text !== 'language')
  return [
    ...(language === undefined ? [] : [`goes on in \`${textOf(language)}\``]),
    ...(others.length === 0 ? [] : [`keeps ${others.map(({ key }) => `\`${key.text}\``).join(', ')}`]),
  ].join(', ')
}

/** The words of a prompt, where the file says them, else what it is. */
export function promptWords(flow: View, prompt: Node): string {
  if (prompt.kind === 'list') return prompt.items.map(item => promptWords(flow, item)).join(' ')
  if (prompt.kind === 'map') {
    const pick = entryOf(prompt, 'pick')?.value
    if (pick !== undefined) return `picked by \`${textOf(pick)}\``
    const said = ['say', 'text', 'spell', 'file'].map(key => entryOf(prompt, key)?.value).find(node => node?.kind === 'scalar')
    return said?.kind === 'scalar' ? `“${said.text}”` : 'a sound'
  }
  if (prompt.text === 'true') return 'nothing'
  const prompts = topLevel(flow, 'prompts')
  const declared = prompts?.kind === 'map' ? entryOf(prompts, prompt.text)?.value : undefined
  if (declared?.kind !== 'map') return `\`${prompt.text}\``
  const own = entryOf(declared, 'text')?.value
  if (own?.kind === 'scalar') return `“${own.text}”`
  const first = declared.entries.map(({ value }) => (value.kind === 'map' ? entryOf(value, 'text')?.value : undefined)).find(node => node?.kind === 'scalar')
  return first?.kind === 'scalar' ? `“${first.text}”` : `\`${prompt.text}\``
}

/** What a prompt of `prompts:` says: a line for each of its languages, where it has several. */
export function wordingLines(flow: View, entry: Node): string {
  if (entry.kind !== 'map' || entryOf(entry, 'text') !== undefined || entryOf(entry, 'file') !== undefined) return promptWords(flow, entry)
  return entry.entries.map(({ key, value }) => `- ${key.text}: ${promptWords(flow, value)}`).join('\n')
}

function textOf(node: Node): string {
  if (node.kind === 'scalar') return node.text
  if (node.kind === 'list') return node.items.map(textOf).filter(text => text !== '').join(', ')
  return node.entries.map(({ key, value }) => `${key.text} ${textOf(value)}`).join(', ')
}
