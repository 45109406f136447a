/** Words that reports, traces and persons share. */

export type Direction = 'incoming' | 'outgoing'

/** How a call came to its end. */
export type Ended =
  /** The last action had nothing to follow it. */
  | 'no-next'
  /** A hangup action. */
  | 'hangup'
  | 'caller'
  /** An empty reply or `{}`: allowed, if undocumented. */
  | 'empty-reply'
  /** The application broke a fact; the findings say which. */
  | 'breach'
  /** An outgoing call that nobody answered. */
  | 'unanswered'
  /** A limit of the emulator's: requests or length of the call. */
  | 'limit'
  | 'abort'

/** The call's state as the carrier reports it. */
export type CallState = 'success' | 'busy' | 'failed'

export type Purpose = 'start' | 'next' | 'digit' | 'busy' | 'failed' | 'record' | 'recordcall' | 'whenhangup'
