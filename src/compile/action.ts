/** What the carrier is asked to do next, in the language's own words; carrier/ writes it as the carrier's JSON. */
import { isChosen } from './sound.ts'
import type { Sound } from './sound.ts'

interface Heard {
  readonly sound: Sound
  /** Of a sound that a call chooses: the action with each of its sounds, prepared. */
  readonly each?: readonly SoundAction[]
}

/** An action that plays a sound. */
export type SoundAction =
  | { readonly do: 'ivr'; readonly digits: number; readonly timeout: number; readonly repeat: number; readonly keys?: readonly (readonly [digit: string, address: string])[] } & Heard
  | { readonly do: 'play'; readonly skippable?: boolean } & Heard

export type Action =
  | SoundAction
  | { readonly do: 'connect'; readonly to: string; readonly callerid?: string; readonly timeout: number; readonly timelimit?: number; /** The talk is recorded. */ readonly recordcall?: true }
  | { readonly do: 'record'; readonly timelimit?: number; readonly silence?: boolean }
  | { readonly do: 'hangup'; readonly cause: 'reject' | 'busy' | '404' }

/** An action that plays a sound, prepared for every sound that this may turn out to be, so that no call has to make one. */
export function prepared(action: SoundAction): SoundAction {
  if (!isChosen(action.sound)) return action
  const known = new Map<Sound, SoundAction>()
  const each = action.sound.sounds.map(sound => {
    const made = known.get(sound) ?? prepared({ ...action, sound })
    known.set(sound, made)
    return made
  })
  return { ...action, each }
}

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
