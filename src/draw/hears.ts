/** What a caller hears in a state: every sound that it may play, with its words where the flow has them. */
import type { Action } from '../compile/action.ts'
import type { Flow, Sound, State } from '../compile/flow.ts'
import { inWords, shownAddress } from '../diff/heard.ts'
import type { Hears } from './shape.ts'

type Where = Pick<Hears, 'language' | 'when'>

/** The sounds of a state; of one that a call chooses, each. */
export function hearsOf(flow: Flow, state: State): Hears[] {
  const played = (role: string, action: Action | undefined): Hears[] => (action !== undefined && 'sound' in action ? sounds(flow, role, action.sound) : [])
  switch (state.verb) {
    case 'ivr': return [...played('prompt', state.action), ...played('again', state.again?.action), ...played('sorry', state.sorry), ...played('silent', state.silent?.words)]
    case 'play': return played('prompt', state.action)
    case 'connect': return played('between', state.between)
    case 'record': return state.actions.flatMap(action => played('prompt', action))
    case 'flow': return state.inputs.flatMap(input => ('sound' in input ? sounds(flow, input.name, flow.given[input.sound] as Sound) : []))
    default: return []
  }
}

function sounds(flow: Flow, role: string, sound: Sound, where: Where = {}): Hears[] {
  const one = (name: string, more: Pick<Hears, 'text' | 'hash'> = {}): Hears[] => [{ role, name, ...where, ...more }]
  switch (sound.kind) {
    // whoever asks for silence hears nothing
    case 'file': return 'hash' in flow.silence && sound.hash === flow.silence.hash ? [] : one(decoded(sound.name), { ...words(sound.text), hash: sound.hash })
    case 'given': return one(shownAddress(sound.address), words(sound.text))
    case 'filled': return one(shownAddress(inWords(sound.template)))
    case 'spoken': return one(decoded(sound.name), words(sound.text))
    case 'joined': return sound.text === undefined ? sound.of.flatMap(part => sounds(flow, role, part, where)) : one(decoded(sound.name), words(sound.text))
    case 'said': return one(decoded(sound.name), words(sound.text))
    case 'translated': {
      const otherwise = sound.sounds.at(-1)
      return sound.sounds.slice(0, -1).flatMap((of, index) => (of === otherwise && index > 0 ? [] : sounds(flow, role, of, { ...where, language: flow.languages[index] as string })))
    }
    case 'picked': {
      const value = inWords(sound.value)
      return [
        ...Object.entries(sound.from).flatMap(([text, index]) => sounds(flow, role, sound.sounds[index] as Sound, { ...where, when: `${value} ${text}` })),
        ...sounds(flow, role, sound.sounds.at(-1) as Sound, { ...where, when: `${value} …` }),
      ]
    }
  }
}

function words(text: string | undefined): Pick<Hears, 'text'> {
  return text === undefined ? {} : { text }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
