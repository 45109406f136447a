import type { RequestRecord } from './report.ts'

/** What a carrier may do on a bad day; nothing of it by default. */
export interface Misbehaviour {
  /** Which requests are sent twice: the copy at once, or after the call. */
  readonly repeat?: (request: Readonly<RequestRecord>) => 'at-once' | 'late' | undefined
  /** Recording notices come after `whenhangup`. */
  readonly whenhangupFirst?: boolean
  /** `next` is asked although the caller has hung up; the answer has no effect. */
  readonly nextAfterHangup?: boolean
}
