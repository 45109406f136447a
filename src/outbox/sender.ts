/** What a way of sending does: one attempt, and where the receiver can be asked, the question whether something came. */
import type { Item } from '../run/effect.ts'
import type { StoredItem } from '../store/store.ts'

export type Outcome =
  /** `ref`: the receiver's own name for it. */
  | { readonly is: 'sent'; readonly ref?: string }
  /** It did not come: it is tried again, after `after` milliseconds where that is known. */
  | { readonly is: 'again'; readonly why: string; readonly after?: number }
  /** It never will. */
  | { readonly is: 'failed'; readonly why: string }
  /** The receiver may have it or not. */
  | { readonly is: 'unsure'; readonly why: string }

export type Found =
  | { readonly is: 'sent'; readonly ref?: string }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown'; readonly why: string }

export interface Sender {
  /** What has to be set before an item can be sent, in words; undefined where an attempt is worth it. */
  lacks?(item: Item): string | undefined
  /** Never rejects. The signal breaks it off when the server has no more time. */
  send(item: StoredItem, signal: AbortSignal): Promise<Outcome>
  /** Whether the receiver has an item that was sent at its `claimed`. Never rejects. */
  ask?(item: StoredItem, signal: AbortSignal): Promise<Found>
}

/** Milliseconds until a setting that is missing is looked for again: it can only come with a new start. */
export const UNSET = 5 * 60_000

export const NO_ACCOUNT = 'there is no account with the carrier: set ELKS_USERNAME and ELKS_PASSWORD'
export const NO_MAIL = 'there is no e-mail server: set TONVAL_SMTP_URL'
export const NO_PUBLIC_URL = 'the carrier does not know where to find the flow: set --public-url'
/** What a new start may have brought. */
export const UNSET_REASONS: readonly string[] = [NO_ACCOUNT, NO_MAIL, NO_PUBLIC_URL]
