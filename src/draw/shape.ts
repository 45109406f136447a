/** A flow as states and edges: plain data, stable as `graph` of the API and of `tonval graph --format json`. */

export interface Graph {
  readonly version: 1
  readonly flow: string
  readonly title: string
  /** Where a call begins; null where it ends at once. */
  readonly start: string | null
  readonly states: readonly GraphState[]
  /** Every edge that somebody wrote, those for all states once for each. */
  readonly edges: readonly GraphEdge[]
  /** Where a call goes from any state. */
  readonly anywhere: readonly Anywhere[]
}

export interface GraphState {
  /** Of a state written in place, the way to it: `menu.on.2`. */
  readonly name: string
  readonly verb: string
  /** In short: whom it rings, what it says, what it keeps. */
  readonly does: string
  /** What a caller hears there, in the order in which that is heard. */
  readonly hears: readonly Hears[]
  /** The flow that it runs. */
  readonly runs?: string
}

export interface GraphEdge {
  readonly from: string
  /** `1`, `noinput`, `next`, `line 2`, `sorry`. */
  readonly edge: string
  /** A state's name, `end`, or an address. */
  readonly to: string
  /** What a line of a `route` asks; `else` for the last. */
  readonly asks?: string
  /** Written once for the file: under `keys`, or under `defaults`. */
  readonly shared?: 'keys' | 'defaults'
}

export interface Anywhere {
  /** `on_error`: something of ours broke. `longest`: the call has lasted so long. */
  readonly why: 'on_error' | 'longest'
  readonly seconds?: number
  readonly to: string
}

export interface Hears {
  /** The option that it stands under: `prompt` for what the verb itself plays. */
  readonly role: string
  /** What the sound is called. */
  readonly name: string
  /** Its words, with `{{…}}` where a call fills something in. */
  readonly text?: string
  /** Heard by calls in this language only. */
  readonly language?: string
  /** Heard where a value has this text. */
  readonly when?: string
  /** The hash of its bytes: it can be listened to. Absent for what only a call makes, and for sounds of others. */
  readonly hash?: string
}
