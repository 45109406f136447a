/** What a call asks of another program while a request is answered, and what comes back: the shell asks, a step knows values only. */

import type { Template } from './sound.ts'

/** A piece of JSON as it stands, or a template that becomes a JSON text. */
export type JsonPart = string | { readonly text: Template }

export interface Ask {
  /** The state that asks. */
  readonly state: string
  readonly method: string
  /** Empty where the values of the call make none that could be asked. */
  readonly address: string
  /** By name in small letters; the texts are plain: no control characters, other letters as the bytes of UTF-8. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds that the caller waits at most. */
  readonly timeout: number
  /** The same whenever this arrival of the call asks, and for no other: whoever is asked twice can tell. */
  readonly key: string
  /** Redirects that the flow takes as what they are, by status: all others are followed. */
  readonly takes: readonly number[]
}

/** A reply. `json` is there for one that is JSON; `nothing`: its body was empty. */
export interface Replied {
  readonly status: number
  readonly body: 'json' | 'nothing' | 'other'
  readonly json?: unknown
}

/** Nobody replied, or with nothing that may be used: why, in a word that logs show. */
export interface Unanswered {
  readonly failed: string
}

export type Answer = Replied | Unanswered

/** Names and list positions, from the outside to the inside. */
export type ReplyPath = readonly string[]

/** The steps of a path as it is written (`customer.phones.0`); undefined where one is empty, or holds braces. */
export function readReplyPath(text: string): ReplyPath | undefined {
  const path = text.split('.')
  return path.some(part => part === '' || /[{}\s]/.test(part)) ? undefined : path
}

/**
 * The text that stands at a path of a reply: of a text itself, of a number or a truth value as JSON writes it, of a list
 * of texts and numbers all of them with commas between; empty where nothing stands there, or null. Undefined for
 * anything else: an object is no text.
 */
export function textAt(json: unknown, path: ReplyPath): string | undefined {
  let value = json
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return ''
    if (Array.isArray(value)) value = /^(0|[1-9]\d{0,8})$/.test(part) ? value[Number(part)] : undefined
    else value = Object.hasOwn(value, part) ? (value as Readonly<Record<string, unknown>>)[part] : undefined
  }
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.every(one => typeof one === 'string' || typeof one === 'number') ? value.join(',') : undefined
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
