/** What a call sends against what a script expects of it. */
import { inline } from '../parse/inline.ts'
import type { Item } from '../run/effect.ts'

/** One thing that a script expects: its kind, and the parts that must match. */
export interface Sent {
  readonly kind: Item['kind']
  readonly parts: Readonly<Record<string, unknown>>
}

/** What a script writes, one for each recipient: that is how they are sent. */
export function readSent(written: unknown): Sent[] {
  const list = (Array.isArray(written) ? written : [written]) as readonly Readonly<Record<string, unknown>>[]
  return list.flatMap(one => {
    const [kind, value] = Object.entries(one).find(([key]) => key !== 'note') as [Item['kind'], Readonly<Record<string, unknown>>]
    const { note: _note, to, ...parts } = value
    return (Array.isArray(to) ? to : [to]).map((recipient: unknown): Sent => ({ kind, parts: recipient === undefined ? parts : { to: recipient, ...parts } }))
  })
}

/** How many of what is expected the items are, one after the other, from a place on. */
export function countSent(expected: readonly Sent[], items: readonly Item[], from: number): number {
  const other = expected.findIndex((one, index) => from + index >= items.length || !isSent(one, items[from + index] as Item))
  return other < 0 ? expected.length : other
}

function isSent({ kind, parts }: Sent, item: Item): boolean {
  return item.kind === kind && Object.entries(parts).every(([part, value]) => fits(value, partOf(item, part)))
}

function partOf(item: Item, part: string): unknown {
  if (item.kind === 'call' && part === 'flow') return item.runs
  const value = (item as unknown as Readonly<Record<string, unknown>>)[part]
  return value
}

/** Of objects only the keys that are written count; everything else is the same or is not. Names of headers have no capitals. */
function fits(expected: unknown, met: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return expected === met
  if (typeof met !== 'object' || met === null) return false
  if (Array.isArray(expected)) return Array.isArray(met) && met.length === expected.length && expected.every((one, index) => fits(one, met[index]))
  return Object.entries(expected).every(([key, value]) => fits(value, ofKey(met as Readonly<Record<string, unknown>>, key)))
}

function ofKey(met: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(met, key) ? met[key] : met[key.toLowerCase()]
}

/** Items as a script lists them. */
export function sentData(items: readonly Item[]): unknown {
  const [first, ...more] = items.map(itemData)
  return more.length === 0 ? first : [first, ...more]
}

function itemData(item: Item): Readonly<Record<string, unknown>> {
  const parts = (shown: Readonly<Record<string, unknown>>): unknown => Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))
  switch (item.kind) {
    case 'sms': return { sms: parts({ to: item.to, from: item.from, text: item.text }) }
    case 'email': return { email: parts({ to: item.to, subject: item.subject, text: item.text === '' ? undefined : item.text, attach: item.attach }) }
    case 'post': return { post: parts({ url: item.url, json: item.json, form: item.form, attach: item.attach }) }
    case 'call': return { call: parts({ to: item.to, from: item.from, flow: item.runs, with: item.with }) }
  }
}

/** What was sent, as the line of a script. */
export function sentInWords(items: readonly Item[]): string {
  return items.length === 0 ? 'nothing that is sent' : `\`sends: ${inline(sentData(items))}\``
}

/** An item in the words of a script. */
export function itemInWords(item: Item): string {
  return inline(itemData(item))
}

const KINDS: Readonly<Record<Item['kind'], string>> = { sms: 'an SMS', email: 'an e-mail', post: 'a POST', call: 'a call' }

/** What is sent, to whom, and where the flow says so. */
export function toldInWords(items: readonly Item[]): string {
  return items.map(item => `${KINDS[item.kind]} to ${item.kind === 'post' ? item.url : item.to} (\`${item.item}\`)`).join(', ')
}
