/** One thing that callers would notice, and how it is said. */

export type ChangeKind = 'line' | 'start' | 'state-new' | 'state-gone' | 'state-renamed' | 'verb' | 'edge' | 'prompt' | 'setting' | 'flow' | 'on-error'

/** Plain data, so that programs read what people are told. */
export interface Change {
  readonly kind: ChangeKind
  /** The states that it is about, by their names after the change; those of states that are gone, before it. */
  readonly states: readonly string[]
  /** The keys and outcomes of an edge, the options of a prompt or setting. */
  readonly names: readonly string[]
  /** Where it led, or what it was; undefined where there was nothing. */
  readonly before?: string
  /** Undefined where there is nothing any more. */
  readonly after?: string
  /** All of it in words. */
  readonly text: string
}

/** A change and the flow that it is in; of a flow that comes or goes as a whole, there are no states. */
export interface FlowChange extends Omit<Change, 'kind'> {
  readonly flow: string
  readonly kind: Change['kind'] | 'flow-new' | 'flow-gone'
}

/** What weighs most for callers stands first: a line that is cut must keep it. */
const ORDER: readonly ChangeKind[] = ['line', 'start', 'state-gone', 'state-new', 'state-renamed', 'verb', 'edge', 'prompt', 'setting', 'flow', 'on-error']

/** The kind's place in the order in which changes are told. */
export function rankOf(kind: ChangeKind): number {
  return ORDER.indexOf(kind)
}

/** Names and texts that are told one by one; of more, how many there are. */
const MOST_NAMED = 4

/** `a`, `b` and `c`; of many the first few and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.length <= MOST_NAMED ? names : [...names.slice(0, MOST_NAMED - 1), `${names.length - MOST_NAMED + 1} more`]
  return shown.length === 1 ? (shown[0] as string) : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) as string}`
}

/** The names, each in ticks, listed. */
export function ticked(names: readonly string[]): string {
  return listed(names.map(name => `\`${name}\``))
}

/** The texts in one line, the first `most` of them, and how many more there are. */
export function summary(changes: readonly { readonly text: string }[], most = 5): string {
  const shown = changes.slice(0, most).map(change => change.text)
  const more = changes.length - shown.length
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ')
}
