/** How a switch can stand, and does. The second is the server's, across flows, and is handed to every step. */

export interface Switch {
  readonly label: string
  readonly choices: readonly string[]
  readonly default: string
  /** Minutes. */
  readonly turnsOffAfter?: number
}

/** How somebody has set a switch. */
export interface Flip {
  readonly value: string
  /** From then on it stands at its default again: milliseconds since 1970. */
  readonly until?: number
}

/** How a switch stands at a time: as it was set, as long as that holds and is one of its choices; else at its default. */
export function standing(one: Switch, flip: Flip | undefined, now: number): string {
  return flip !== undefined && (flip.until === undefined || now < flip.until) && one.choices.includes(flip.value) ? flip.value : one.default
}
