/** Items of a flow → items with the values of a call, as they are stored. */
import { isE164 } from '../compile/e164.ts'
import { isMailAddress } from '../compile/item-parts.ts'
import { fillJson } from '../compile/json-template.ts'
import type { Outgoing, OutgoingInput, Pairs } from '../compile/outgoing.ts'
import type { Template } from '../compile/sound.ts'
import type { Turn } from '../compile/verb.ts'
import { asHeader, filledAddress } from '../compile/verbs/fetch.ts'
import { holds } from '../compile/verbs/route.ts'
import type { Item } from './effect.ts'

/** Recipients of one item that a value may name. */
const MOST_RECIPIENTS = 100

/** Where items arise. */
export interface Place {
  /** Of this and no other place where a call sends: the same when a request is repeated. */
  readonly key: string
  readonly call: string
  readonly flow: string
  readonly state: string
  /** The recording that is delivered. */
  readonly recording?: string
}

/** The items whose `when` holds, one for each recipient. Who cannot be reached, such as a caller without a number, is left out. */
export function fillItems(turn: Turn, items: readonly Outgoing[], place: Place): Item[] {
  return items.filter(({ when }) => when === undefined || holds(turn, when)).flatMap(item => fillItem(turn, item, place))
}

function fillItem(turn: Turn, item: Outgoing, { key, call, flow, state, recording }: Place): Item[] {
  const fill = (template: Template): string => turn.fill(template)
  const common = (recipient: string) => ({
    key: `${call} ${key} ${flow} ${item.item} ${recipient}`, item: item.item, flow, call, state,
    ...(item.oncePer === undefined ? {} : { oncePer: item.oncePer }), ...(item.sensitive === true ? { sensitive: true as const } : {}),
    ...(recording !== undefined ? { recording: { id: recording } } : 'attach' in item && item.attach !== undefined ? { recording: {} } : {}),
  })
  switch (item.kind) {
    case 'sms': return recipients(item.to.map(fill), isE164).map(to => ({ ...common(to), kind: 'sms', to, from: fill(item.from), text: fill(item.text) }))
    case 'email': return recipients(item.to.map(fill), isMailAddress).map(to => ({ ...common(to), kind: 'email', to, subject: line(fill(item.subject)), text: fill(item.text), ...attached(item) }))
    case 'post': {
      const { body } = item
      const url = filledAddress(item.url, [], fill)
      const headers = Object.fromEntries(item.headers.map(([name, text]) => [name, asHeader(fill(text))]))
      return [{
        ...common(''), kind: 'post', url, ...(body.kind === 'json' ? { json: JSON.parse(fillJson(body.parts, fill)) as unknown } : { form: filled(body.pairs, fill) }),
        ...(item.headers.length === 0 ? {} : { headers }), ...attached(item),
      }]
    }
    case 'call': {
      const { runs, unanswered, after, timeout } = item
      const from = item.from === undefined ? (turn.direction === 'outgoing' ? turn.caller : turn.called) : fill(item.from)
      const given = (inputs: readonly OutgoingInput[]): Record<string, string> => Object.fromEntries(inputs.map(one => [one.name, 'text' in one ? fill(one.text) : (turn.fillAddress(one.address) ?? '')]))
      return recipients(item.to.map(fill), isE164).map(to => ({
        ...common(to), kind: 'call', to, from, runs, with: given(item.with), ...(after === undefined ? {} : { after }), ...(timeout === undefined ? {} : { timeout }),
        ...(unanswered === undefined ? {} : { unanswered: { flow: unanswered.flow, with: given(unanswered.with) } }),
      }))
    }
  }
}

/** Each once, in the order of the file; a value may name several with commas between them. */
function recipients(texts: readonly string[], isOne: (text: string) => boolean): string[] {
  return [...new Set(texts.flatMap(text => text.split(',')).map(one => one.trim()).filter(isOne))].slice(0, MOST_RECIPIENTS)
}

function filled(pairs: Pairs, fill: (template: Template) => string): Record<string, string> {
  return Object.fromEntries(pairs.map(([name, text]) => [name, fill(text)]))
}

function attached({ attach }: { readonly attach?: 'recording' }): { readonly attach?: 'recording' } {
  return attach === undefined ? {} : { attach }
}

/** A subject is one line. */
function line(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()
}
