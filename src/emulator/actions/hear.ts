import type { Sound } from '../sounds.ts'
import type { Stage } from '../stage.ts'
import { round } from '../trace.ts'

/** A sound that has begun to be heard. */
export interface Hearing {
  /** When it is over if nothing cuts it short, in milliseconds since 1970. */
  readonly until: number
  /** Says that it is over; only the first time counts. */
  readonly end: () => void
}

/** Begins a sound; the caller's telephone counts as answered from here on. */
export function hear(sound: Sound, kind: 'play' | 'ivr', times: number, stage: Stage): Hearing {
  const { clock, trace } = stage
  stage.answer()
  if (sound.trouble !== undefined) stage.complain('sound-unplayable', `${kind}: ${sound.name} is heard as silence: ${sound.trouble}`)
  if (sound.spoken === true) stage.complain('sound-spoken', `${kind}: ${sound.name} is text to be spoken`)
  const { name, address, seconds, trouble } = sound
  trace.add({ kind: 'sound', name, address, seconds, round: times, ...(trouble !== undefined && { trouble }) })
  const began = clock.now()
  let ended = false
  return {
    until: began + seconds * 1000,
    end() {
      if (ended) return
      ended = true
      trace.add({ kind: 'sound-end', name, heard: round(Math.min(seconds, (clock.now() - began) / 1000)) })
    },
  }
}
