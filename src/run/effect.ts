/**
 * What a step asks of the world without waiting for it: items, filled in, as plain data that survives JSON. The shell
 * has them stored before the answer leaves; whatever becomes of them later, no caller hears it.
 */

interface Common {
  /**
   * Of the call's id, step number, state, the item's place and the recipient: the same however often a request is repeated, and
   * never that of another item. Items of a recording have its id in it, too.
   */
  readonly key: string
  /** Where the flow writes it: `apologise.send.0`, `messages.sorry.1`. What `once_per` counts by, and what people are told. */
  readonly item: string
  readonly flow: string
  /** The carrier's id of the call. */
  readonly call: string
  readonly state: string
  /** Not sent to this recipient if this item went to him less than so many hours ago, in whatever call. */
  readonly oncePer?: { readonly hours: number }
  /** Sent only when this recording of the call is on our disk; without `id`, the latest that was reported. */
  readonly recording?: { readonly id?: string }
  /** Its texts hold what must not be shown. */
  readonly sensitive?: true
}

export interface SmsItem extends Common {
  readonly kind: 'sms'
  /** One number. */
  readonly to: string
  /** A number of the account's, or a name of at most eleven letters and digits. */
  readonly from: string
  readonly text: string
}

export interface EmailItem extends Common {
  readonly kind: 'email'
  /** One address. */
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The recording goes along as a file. */
  readonly attach?: 'recording'
}

export interface PostItem extends Common {
  readonly kind: 'post'
  readonly url: string
  /** Sent as application/json; with `form`, as a form, and as multipart/form-data where something is attached. One of both. */
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** The recording goes along as the field `file`. */
  readonly attach?: 'recording'
}

export interface CallItem extends Common {
  readonly kind: 'call'
  /** One number. */
  readonly to: string
  /** The line that calls. */
  readonly from: string
  /** The flow that whoever answers meets, and its inputs. Not the one that asks: that is `flow`. */
  readonly runs: string
  readonly with: Readonly<Record<string, string>>
  /** Seconds to wait before it is placed. */
  readonly after?: number
  /** Seconds that it rings. */
  readonly timeout?: number
  /** Seconds that the carrier is asked for; a day where nothing stands. */
  readonly giveUp?: number
  /** The flow that runs, without a call, when nobody answers. */
  readonly unanswered?: { readonly flow: string; readonly with: Readonly<Record<string, string>> }
}

export type Item = SmsItem | EmailItem | PostItem | CallItem
