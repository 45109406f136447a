/** Words that messages share. */

/** What the alternatives of a definition are called. */
export const NOUNS: Readonly<Record<string, string>> = {
  state: 'verb', target: 'verb', test: 'test', prompt: 'kind of prompt', send_item: 'kind of message', must_line: 'kind of promise', step: 'step',
}

/** What is said of a map that is two things at once, by noun. */
export const ONE_THING: Readonly<Record<string, { readonly label: string; readonly help: string }>> = {
  test: { label: 'a test has one key', help: 'write both under `all:`, one to a line' },
  step: { label: 'a step is one thing', help: 'write two steps, one below the other' },
}

/** The same of a state. */
export const ONE_VERB = { label: 'a state does exactly one thing', help: 'make two states of it, one leading to the other' }

/** The same of an item that is sent. */
export const ONE_ITEM = { label: 'an item is one thing', help: 'write two items, in a list' }

/** "`a`, `b` and `c`"; at most eight, the rest counted. */
export function quoted(words: readonly string[], conjunction = 'and'): string {
  const shown = words.slice(0, 8).map(word => `\`${word}\``)
  const rest = words.length - shown.length
  if (rest > 0) return `${shown.join(', ')} ${conjunction} ${rest} more`
  if (shown.length < 2) return shown.join('')
  return `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown.at(-1)}`
}
