/** What is heard, and texts with values in them. */

/** A text with values in it. */
export type Template = readonly (string | Ref)[]

/** One `{{name | filter}}`. */
export interface Ref {
  /** `prompt`: an input of that type, which can only be played or passed on. */
  readonly from: 'text' | 'value' | 'prompt' | 'built-in' | 'switch'
  /** The text itself, or the name of the value, the built-in or the switch. */
  readonly text: string
  /** The value's place in `Flow.values`. */
  readonly index: number
  readonly filter?: { readonly name: string; readonly text: string }
}

/** What is heard. */
export type Sound =
  /** A file of ours, served under the hash of its bytes. */
  | { readonly kind: 'file'; readonly hash: string; readonly name: string; readonly text?: string }
  /** A carrier's sound (`sound/beep`) or a whole address, sent as it is. */
  | { readonly kind: 'given'; readonly address: string; readonly text?: string }
  /** An address with values in it. */
  | { readonly kind: 'filled'; readonly template: Template }
