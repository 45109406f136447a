/** The sounds of a state, each under the key that names it. */
import type { Action } from '../compile/action.ts'
import type { State } from '../compile/flow.ts'
import type { Sound } from '../compile/sound.ts'

export function soundsOf(state: State): (readonly [key: string, sound: Sound])[] {
  switch (state.verb) {
    case 'play': return heard({ play: state.action })
    // the beep and the recording itself come behind what is said
    case 'record': return heard({ record: state.actions[0] })
    case 'ivr': return heard({ ivr: state.action, again: state.again?.action, sorry: state.sorry, silent: state.silent?.words })
    default: return []
  }
}

function heard(actions: Readonly<Record<string, Action | undefined>>): (readonly [string, Sound])[] {
  return Object.entries(actions).flatMap(([key, action]) => (action !== undefined && 'sound' in action ? [[key, action.sound] as const] : []))
}
