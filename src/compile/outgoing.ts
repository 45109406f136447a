/** Items as a flow writes them, compiled: what is sent, to whom, and when. A call fills them in. */
import type { JsonPart } from './asking.ts'
import type { Template } from './sound.ts'
import type { Test } from './test.ts'

interface Common {
  /** Where the file writes it: `apologise.send.0`, `messages.sorry.1`. */
  readonly item: string
  readonly when?: Test
  readonly oncePer?: { readonly hours: number }
  /** A value of it came from somewhere `sensitive`. */
  readonly sensitive?: true
}

export type Pairs = readonly (readonly [name: string, text: Template])[]

export interface OutgoingSms extends Common {
  readonly kind: 'sms'
  readonly to: readonly Template[]
  readonly from: Template
  readonly text: Template
}

export interface OutgoingEmail extends Common {
  readonly kind: 'email'
  readonly to: readonly Template[]
  readonly subject: Template
  readonly text: Template
  readonly attach?: 'recording'
}

export interface OutgoingPost extends Common {
  readonly kind: 'post'
  readonly url: Template
  readonly body: { readonly kind: 'json'; readonly parts: readonly JsonPart[] } | { readonly kind: 'form'; readonly pairs: Pairs }
  /** Names in small letters. */
  readonly headers: Pairs
  readonly attach?: 'recording'
}

export interface OutgoingCall extends Common {
  readonly kind: 'call'
  readonly to: readonly Template[]
  /** Undefined: the line of the present call. */
  readonly from?: Template
  readonly runs: string
  readonly with: readonly OutgoingInput[]
  readonly after?: number
  readonly timeout?: number
  readonly unanswered?: { readonly flow: string; readonly with: readonly OutgoingInput[] }
}

/** What an input of the other flow is given. */
export type OutgoingInput = { readonly name: string } & ({ readonly text: Template } | { readonly address: Template })

export type Outgoing = OutgoingSms | OutgoingEmail | OutgoingPost | OutgoingCall

/** Every template of an item, with the option that it stands in. */
export function templatesOfItem(item: Outgoing): (readonly [option: string, template: Template])[] {
  switch (item.kind) {
    case 'sms': return [...item.to.map(one => ['to', one] as const), ['from', item.from], ['text', item.text]]
    case 'email': return [...item.to.map(one => ['to', one] as const), ['subject', item.subject], ['text', item.text]]
    case 'post': {
      const { body } = item
      const texts = body.kind === 'form' ? body.pairs.map(([, text]) => text) : body.parts.flatMap(part => (typeof part === 'string' ? [] : [part.text]))
      return [['url', item.url], ...texts.map(text => [body.kind, text] as const), ...item.headers.map(([, text]) => ['headers', text] as const)]
    }
    case 'call': return [
      ...item.to.map(one => ['to', one] as const), ...(item.from === undefined ? [] : [['from', item.from] as const]), ...inputTemplates('with', item.with),
      ...inputTemplates('unanswered', item.unanswered?.with ?? []),
    ]
  }
}

function inputTemplates(option: string, inputs: readonly OutgoingInput[]): (readonly [string, Template])[] {
  return inputs.map(one => [option, 'text' in one ? one.text : one.address] as const)
}
