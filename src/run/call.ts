/** One call between two requests: everything that is remembered of it, as plain data that survives JSON. It travels in the token. */
export interface Call {
  /** The carrier's id. */
  readonly id: string
  /** The version of the flow that answers it, to its last request. */
  readonly version: string
  /** When it began, in whole seconds since 1970. */
  readonly start: number
  /** Requests answered so far. */
  readonly step: number
  /** States arrived at so far. */
  readonly moves: number
  /** The state whose action the carrier performs. */
  readonly state: number
  /** How often that state has asked, from 1. */
  readonly attempt: number
  /** Which number of its list is being rung, from 0. */
  readonly place: number
  /** The language it goes on in, by its place in Flow.languages; one more than these for a language that none of them is. */
  readonly language: number
  /** Of the first request, where the flow reads it; else empty. */
  readonly caller: string
  readonly called: string
  readonly direction: string
  /** The last input, where the flow reads it. */
  readonly digits: string
  /** By the places of Flow.values. */
  readonly values: readonly string[]
  /** By the places of Flow.visits; no count goes past what the flow's tests ask for. */
  readonly visits: readonly number[]
  /** Bits, 30 to a number. */
  readonly heard: readonly number[]
  readonly answered: readonly number[]
  /** The states to come back to from the flows that they run, the last one at the end. */
  readonly stack: readonly number[]
}

/** What the first request of a call tells. */
export interface First {
  readonly id: string
  readonly caller: string
  readonly called: string
  readonly direction: string
  /** Whole seconds since 1970. */
  readonly start: number
}
