/** What `send`, `deliver`, `recordcall` and `on_hangup` write: a name of `messages`, an item, or a list of items. */
import type { Path } from '../parse/tree.ts'
import type { SendsData, TestData } from '../validate/document.ts'
import { quoted } from '../validate/words.ts'
import { guess, placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import { compileCallItem } from './item-call.ts'
import { compileEmail, compilePost, compileSms } from './item-parts.ts'
import type { Outgoing } from './outgoing.ts'
import { templatesOfItem } from './outgoing.ts'
import { compileTest } from './route-test.ts'
import { isSensitive } from './sensitive.ts'

type Data = Readonly<Record<string, unknown>>

/** Values that only messages know: of a recording, and of how the call went once it is over. */
export const OF_RECORDING: readonly string[] = ['recording.url', 'recording.seconds', 'recording.id', 'recording.created']
export const OF_ENDED: readonly string[] = ['call.answered_by', 'call.talk_seconds', 'call.state']

/** The items at a path; `besides`: values that are known there and nowhere else. */
export function compileSends(context: Context, path: Path, data: SendsData, besides: readonly string[] = []): readonly Outgoing[] {
  const inside: Context = { ...context, besides }
  if (typeof data !== 'string') return compileList(inside, path, data)
  const { messages } = context.document.data
  const named = messages !== undefined && Object.hasOwn(messages, data) ? messages[data] : undefined
  if (named !== undefined) return compileList(inside, ['messages', data], named)
  if (!context.unread.has(data) && !context.unreadWords.has(data)) tellUnknown(context, path, data, Object.keys(messages ?? {}))
  return []
}

/** Whether items hold one of these values, in a text or in a test. */
export function reads(items: readonly Outgoing[], names: readonly string[]): boolean {
  return holdsRef(items, names)
}

function holdsRef(part: unknown, names: readonly string[]): boolean {
  if (typeof part !== 'object' || part === null) return false
  const { from, text } = part as { readonly from?: unknown; readonly text?: unknown }
  return (from === 'built-in' && names.includes(text as string)) || Object.values(part).some(one => holdsRef(one, names))
}

/** Messages that nothing sends are looked at, too. */
export function checkMessages(context: Context): void {
  for (const [name, items] of Object.entries(context.document.data.messages ?? {})) {
    if (name !== 'note' && !context.used.has(`message ${name}`)) compileList({ ...context, besides: [...OF_RECORDING, ...OF_ENDED] }, ['messages', name], items)
  }
}

function compileList(context: Context, path: Path, data: Exclude<SendsData, string>): readonly Outgoing[] {
  if (path[0] === 'messages') context.used.add(`message ${String(path[1])}`)
  // by the place in the file, and the same whether one stands alone or in a list of one: `once_per` counts by it
  const name = (path[0] === 'states' ? path.slice(1) : path).join('.')
  const list = Array.isArray(data) ? (data as readonly Data[]) : [data as Data]
  return list.flatMap((item, index) => {
    const made = compileItem(context, Array.isArray(data) ? [...path, index] : path, `${name}.${index}`, item)
    return made === undefined ? [] : [made]
  })
}

function compileItem(context: Context, path: Path, item: string, data: Data): Outgoing | undefined {
  const when = data['when'] === undefined ? undefined : compileTest(context, [...path, 'when'], data['when'] as TestData)
  const oncePer = data['once_per'] as { readonly hours: number } | undefined
  const made = compileKind(context, path, item, data)
  if (made === undefined) return undefined
  const whole = { ...made, ...(when === undefined ? {} : { when }), ...(oncePer === undefined ? {} : { oncePer: { hours: oncePer.hours } }) }
  return templatesOfItem(whole).some(([, template]) => isSensitive(context, template)) ? { ...whole, sensitive: true } : whole
}

function compileKind(context: Context, path: Path, item: string, data: Data): Outgoing | undefined {
  if (data['sms'] !== undefined) return { item, ...compileSms(context, [...path, 'sms'], data['sms'] as Data) }
  if (data['email'] !== undefined) return { item, ...compileEmail(context, [...path, 'email'], data['email'] as Data) }
  if (data['post'] !== undefined) return { item, ...compilePost(context, [...path, 'post'], data['post'] as Data) }
  if (data['call'] !== undefined) return { item, ...compileCallItem(context, [...path, 'call'], data['call'] as Data) }
  return undefined
}

function tellUnknown(context: Context, path: Path, name: string, known: readonly string[]): void {
  const word = guess(context, name, known)
  tell(context, path, {
    code: 'unknown-message', message: `there is no message \`${name}\``, effect: 'nothing would be sent',
    help: word !== undefined ? `did you mean \`${word}\`?` : known.length === 0 ? 'write what is sent under `messages:`, or here' : `the messages are ${quoted(known)}`,
    ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, path).value, text: word }] } }),
  })
}
