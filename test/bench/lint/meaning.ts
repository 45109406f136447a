/** What a flow still says when a line of it is gone, by the language's table of reports. */
import { entryOf } from '../../../src/parse/tree.ts'
import type { Entry, Mapping, Node } from '../../../src/parse/tree.ts'
import type { Base } from './base.ts'
import { interfaceOf } from './interfaces.ts'
import type { Site } from './sites.ts'

const NEEDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  ivr: [['noinput', 'failed'], ['failed', 'noinput'], ['nomatch', 'failed']],
  connect: [['busy', 'failed'], ['failed']],
  play: [['success'], ['failed']],
  record: [['success'], ['failed']],
  set: [['next']],
  lookup: [['success'], ['missing']],
}

/** Whether every report of a state still leads somewhere once an entry of it is gone. */
export function isHandledWithout(base: Base, state: Mapping, verb: string, gone: Entry): boolean {
  const on = wordsOf(entryOf(state, 'on')?.value, entryOf(state, 'on') === gone ? undefined : gone)
  const defaults = entryOf(base.tree.root, 'defaults')?.value
  const ofVerb = defaults?.kind === 'map' ? entryOf(defaults, verb)?.value : undefined
  const byDefault = ofVerb?.kind === 'map' ? wordsOf(entryOf(ofVerb, 'on')?.value, gone) : []
  const written = entryOf(state, 'on') === gone ? byDefault : [...on, ...byDefault]
  const next = entryOf(state, 'next')
  const restricted = ['min', 'valid', 'equals', 'save'].some(key => entryOf(state, key) !== undefined)
  if (next !== undefined && next !== gone && !(verb === 'ivr' && restricted)) return true
  const needs = verb === 'flow' ? interfaceOf(base.others, state).exits.map(exit => [exit]) : NEEDS[verb]
  return (needs ?? []).every(words => words.some(word => written.includes(word)))
}

function wordsOf(on: Node | undefined, gone: Entry | undefined): string[] {
  return on?.kind === 'map' ? on.entries.filter(entry => entry !== gone).map(entry => entry.key.text) : []
}

/** Whether a text of the state's prompt tells callers to press a key. */
export function isAnnounced(base: Base, { state, verb }: Site, digit: string): boolean {
  const said = verb === undefined || state === undefined ? undefined : entryOf(state.map, verb)?.value
  const prompts = entryOf(base.tree.root, 'prompts')?.value
  const prompt = said?.kind === 'scalar' && prompts?.kind === 'map' ? entryOf(prompts, said.text)?.value : undefined
  const text = prompt?.kind === 'map' ? entryOf(prompt, 'text')?.value : undefined
  return text?.kind === 'scalar' && new RegExp(`\\bpress ${digit}\\b`).test(text.text)
}

/** Whether two states lead to the same place, or a state is used a second time beside an entry. */
export function isUsedElsewhere(base: Base, name: string, entry: Entry): boolean {
  const { span } = entry.value
  return base.names.uses.some(use => use.kind === 'state' && use.name === name && !(use.span.start >= span.start && use.span.end <= span.end))
}
