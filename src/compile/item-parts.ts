/** The kinds of items but calls, compiled; what is wrong in them is told. */
import type { Path } from '../parse/tree.ts'
import { addressProblem } from './address.ts'
import { alsoAt, tell } from './context.ts'
import type { Context } from './context.ts'
import { isE164 } from './e164.ts'
import { compileJson } from './json-template.ts'
import type { OutgoingEmail, OutgoingPost, OutgoingSms } from './outgoing.ts'
import type { Template } from './sound.ts'
import { isAddress } from './target.ts'
import { compileTemplate, fixedText } from './template.ts'
import { checkNumber } from './check-number.ts'
import { compileHeaders, compilePairs } from './verbs/fetch-parts.ts'

type Data = Readonly<Record<string, unknown>>
type Made<T> = Omit<T, 'item' | 'when' | 'oncePer' | 'sensitive'>

export function compileSms(context: Context, path: Path, data: Data): Made<OutgoingSms> {
  const from = compileTemplate(context, [...path, 'from'], data['from'] as string)
  const sender = fixedText(from)
  if (sender !== undefined && from.length > 0) checkSender(context, [...path, 'from'], sender)
  if ((data['text'] as string).trim() === '') tell(context, [...path, 'text'], { code: 'bad-value', message: 'this SMS has no words', effect: 'the carrier would not take it', help: 'write what it says' })
  return { kind: 'sms', to: compileNumbers(context, [...path, 'to'], data['to']), from, text: compileTemplate(context, [...path, 'text'], data['text'] as string) }
}

/** One number or several that get an item, or are called. */
export function compileNumbers(context: Context, path: Path, data: unknown): Template[] {
  return eachRecipient(path, data, (text, at) => {
    const template = compileTemplate(context, at, text)
    const fixed = fixedText(template)
    if (fixed !== undefined && template.length > 0) for (const number of fixed.split(',')) checkReached(context, at, number.trim())
    return template
  })
}

/** Tells of a number that nothing can be sent to. */
export function checkReached(context: Context, path: Path, number: string): void {
  if (number.startsWith('sip')) tell(context, path, { code: 'bad-number', message: `\`${number}\` is a SIP address: only telephone numbers can be reached here`, effect: 'nothing would be sent', help: 'write a number such as "+46701234567"' })
  else checkNumber(context, path, number, { effect: 'nothing would be sent' })
}

function checkSender(context: Context, path: Path, sender: string): void {
  if (isE164(sender) || (/^[A-Za-z0-9]{1,11}$/.test(sender) && /[A-Za-z]/.test(sender))) return
  if (/^[\d\s+()/.-]+$/.test(sender)) checkNumber(context, path, sender, { effect: 'the carrier would not take the message' })
  else tell(context, path, { code: 'bad-value', message: `\`${sender}\` cannot be the sender of an SMS`, effect: 'the carrier would not take the message', help: 'write a number of yours, or a name of at most eleven letters from A to Z and digits' })
}

export function compileEmail(context: Context, path: Path, data: Data): Made<OutgoingEmail> {
  const to = eachRecipient([...path, 'to'], data['to'], (text, at) => {
    const template = compileTemplate(context, at, text)
    const fixed = fixedText(template)
    if (fixed !== undefined && template.length > 0 && !isMailAddress(fixed)) tell(context, at, { code: 'bad-value', message: `\`${fixed}\` is no e-mail address`, effect: 'nothing would be sent', help: 'write one such as desk@example.com' })
    return template
  })
  return {
    kind: 'email', to, subject: compileTemplate(context, [...path, 'subject'], data['subject'] as string),
    text: compileTemplate(context, [...path, 'text'], (data['text'] as string | undefined) ?? ''), ...attached(data),
  }
}

/** One address, and nothing that a mail program could take for several. */
export function isMailAddress(text: string): boolean {
  return /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,190}\.[^\s@,;<>".]{2,63}$/.test(text)
}

export function compilePost(context: Context, path: Path, data: Data): Made<OutgoingPost> {
  const { json, form } = data
  if (json !== undefined && form !== undefined) tell(context, [...path, 'form'], { code: 'field-not-here', message: '`json` and `form` are both the body of what is posted, and it has one', label: 'this would never be sent', help: 'keep one of them', related: [alsoAt(context, [...path, 'json'], 'the other one is here')] }, 'key')
  else if (data['attach'] !== undefined && form === undefined) tell(context, [...path, 'attach'], { code: 'field-not-here', message: 'a file goes along with a form only', label: 'this would never be sent', help: 'write `form:` instead of `json:`' }, 'key')
  else if (json === undefined && form === undefined) tell(context, path, { code: 'missing-field', message: '`post` has neither `json` nor `form`', effect: 'nothing would be told to the other program', help: 'write what is posted, as in `json: { phone: "{{caller}}" }`' }, 'key')
  return {
    kind: 'post', url: compileUrl(context, [...path, 'url'], data['url'] as string),
    body: json !== undefined ? { kind: 'json', parts: compileJson(context, [...path, 'json'], json) } : { kind: 'form', pairs: compilePairs(context, [...path, 'form'], form) },
    headers: compileHeaders(context, [...path, 'headers'], data['headers']), ...attached(data),
  }
}

function compileUrl(context: Context, path: Path, text: string): Template {
  const template = compileTemplate(context, path, text)
  const fixed = fixedText(template)
  const [begins] = template
  if (typeof begins !== 'string') return template
  const wrong = !isAddress(begins) ? 'it must begin with https://' : fixed === undefined ? undefined : addressProblem(fixed)
  if (wrong !== undefined) tell(context, path, { code: 'bad-value', message: `nothing can be posted to this address: ${wrong}`, effect: 'nothing would be sent' })
  return template
}

function attached(data: Data): { readonly attach?: 'recording' } {
  return data['attach'] === undefined ? {} : { attach: 'recording' }
}

function eachRecipient(path: Path, data: unknown, compile: (text: string, at: Path) => Template): Template[] {
  return Array.isArray(data) ? (data as string[]).map((one, index) => compile(one, [...path, index])) : [compile(data as string, path)]
}
