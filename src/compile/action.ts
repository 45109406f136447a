/** What the carrier is asked to do next, in the language's own words; carrier/ writes it as the carrier's JSON. */
import type { Sound } from './sound.ts'

export type Action =
  | { readonly do: 'ivr'; readonly sound: Sound; readonly digits: number; readonly timeout: number; readonly repeat: number; readonly keys?: readonly (readonly [digit: string, address: string])[] }
  | { readonly do: 'play'; readonly sound: Sound; readonly skippable?: boolean }
  | { readonly do: 'connect'; readonly to: string; readonly callerid?: string; readonly timeout: number; readonly timelimit?: number; /** The talk is recorded. */ readonly recordcall?: true }
  | { readonly do: 'record'; readonly timelimit?: number; readonly silence?: boolean }
  | { readonly do: 'hangup'; readonly cause: 'reject' | 'busy' | '404' }

/**
 * One answer to the carrier: actions nested into each other in this order, and where the last one leads: to our next
 * address, to nothing (the call ends), or to another application's address.
 */
export interface Reply {
  readonly actions: readonly Action[]
  /** The call is recorded as a whole, from this answer on. */
  readonly recordcall?: true
  readonly then: 'report' | 'nothing' | { readonly address: string }
}
