/** Ways of calls through a flow and the flows that it runs: on record, states of these are named `pin/ask`. */

export interface Place {
  readonly flow: string
  /** As the picture of that flow names it. */
  readonly state: string
}

/** The flow that a state belongs to, by its name on record of calls of `flow`. */
export function placeOf(name: string, flow: string): Place {
  const at = leaves(name) ? -1 : name.indexOf('/')
  return at < 0 ? { flow, state: name } : { flow: name.slice(0, at), state: name.slice(at + 1) }
}

/** Those moves of a call of `flow` that its picture shows, or the picture of a flow that it runs, with names as that has them. */
export function movesIn<Move extends { readonly from: string; readonly to: string }>(part: string, flow: string, moves: readonly Move[]): Move[] {
  return moves.flatMap(move => {
    const [from, to] = [placeOf(move.from, flow), placeOf(move.to, flow)]
    return from.flow === part && (leaves(move.to) || to.flow === part) ? [{ ...move, from: from.state, to: to.state }] : []
  })
}

/** Whether it is no state: the call ends, or another application takes over. */
export function leaves(name: string): boolean {
  return name === 'end' || /^https?:/.test(name)
}
