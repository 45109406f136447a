/** Switches as the API shows them: `GET /api/switches`. */

/** A switch as the API shows it; times are ISO 8601. */
export interface SwitchShown {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly choices: readonly string[]
  readonly default: string
  /** Minutes after which a flip that says nothing else goes back by itself. */
  readonly turnsOffAfter?: number
  /** Flows that ask for it. */
  readonly flows: readonly string[]
  /** When it goes back to its default by itself. */
  readonly until?: string
  /** The latest flips, the last one first. */
  readonly record: readonly { readonly at: string; readonly by: string; readonly value: string; readonly until?: string }[]
}

export interface SwitchesShown {
  readonly version: 1
  readonly switches: readonly SwitchShown[]
}
