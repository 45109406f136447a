/** The ways out of a state. */
import type { State } from '../compile/flow.ts'

/** Every index that an edge of the state leads to, END included; some may stand twice. */
export function targets(state: State): number[] {
  switch (state.verb) {
    case 'ivr':
      return [
        ...Object.values(state.keys), ...Object.values(state.fileKeys), ...state.patterns.map(one => one.to),
        ...(state.any === undefined ? [] : [state.any]),
        ...(state.next !== undefined && state.patterns.length === 0 && Object.keys(state.keys).length === 0 ? [state.next] : []),
        ...Object.values(state.edges).map(edge => edge.to),
      ]
    case 'route': return state.lines.map(line => line.to)
    case 'hangup': case 'handover': return []
    case 'play': case 'connect': case 'record': case 'set': return Object.values(state.edges).map(edge => edge.to)
  }
}
