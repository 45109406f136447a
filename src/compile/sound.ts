/** What is heard, and texts with values in them. */
import type { Recipe } from './recipe.ts'

/** A text with values in it. */
export type Template = readonly (string | Ref)[]

/** One `{{name | filter}}`. */
export interface Ref {
  /** `prompt`: an input of that type, which can only be played or passed on. */
  readonly from: 'text' | 'value' | 'prompt' | 'built-in' | 'switch'
  /** The text itself, or the name of the value, the built-in or the switch. */
  readonly text: string
  /** The value's place in `Flow.values`. */
  readonly index: number
  readonly filter?: { readonly name: string; readonly text: string }
}

/** The words that a sound holds, and the language that they stand under. */
interface Spoken {
  readonly text?: string
  /** Absent where a prompt says nothing of languages: the first one speaks it. */
  readonly language?: string
}

/** One sound. */
export type SingleSound =
  /** A file of ours, served under the hash of its bytes. */
  | { readonly kind: 'file'; readonly hash: string; readonly name: string; /** Of one that is made when the version is: of what, and of which sounds where it is a list. */ readonly recipe?: Recipe; readonly of?: readonly Sound[] } & Spoken
  /** A carrier's sound (`sound/beep`) or a whole address, sent as it is. */
  | { readonly kind: 'given'; readonly address: string; /** A call made it of values. */ readonly filled?: true } & Spoken
  /** An address with values in it. */
  | { readonly kind: 'filled'; readonly template: Template }
  /** Words with values in them, to be spoken or spelled; `text` as the file has them. */
  | { readonly kind: 'spoken'; readonly name: string; readonly words: Template; readonly spell: boolean; readonly language: string; readonly voice?: string; readonly text: string }
  /** A list of which a call decides some parts. */
  | { readonly kind: 'joined'; readonly name: string; readonly of: readonly Sound[]; readonly text?: string }
  /** What a call made of either: a sound that is made when it is first fetched. */
  | { readonly kind: 'said'; readonly name: string; readonly recipe: Recipe; readonly of?: readonly Sound[]; readonly text?: string; /** The words as the file has them, with `{{name}}` for each value. */ readonly written?: string }

/** Several sounds, one of which a call hears. */
export type ChosenSound =
  /** By the call's language: one for each of Flow.languages, and the last for a language that none of them is. */
  | { readonly kind: 'translated'; readonly sounds: readonly Sound[] }
  /** By the text of a value: `from` says which place in `sounds` a text has; the last is for any other. */
  | { readonly kind: 'picked'; readonly value: Template; readonly from: Readonly<Record<string, number>>; readonly sounds: readonly Sound[] }

/** What is heard. */
export type Sound = SingleSound | ChosenSound

/** Whether a sound is one that a call chooses from several. */
export function isChosen(sound: Sound): sound is ChosenSound {
  return sound.kind === 'translated' || sound.kind === 'picked'
}

/** Several sounds as the one that a call hears; the sound itself where all of them are the same. */
export function oneOf<T extends ChosenSound>(chosen: T): Sound {
  const [first] = chosen.sounds
  return first !== undefined && chosen.sounds.every(sound => sound === first) ? first : chosen
}

/** What one sound adds to a list in which it is heard. Undefined for what has to be filled or chosen first. */
export function recipeOf(sound: Sound): Recipe | undefined {
  switch (sound.kind) {
    case 'file': return sound.recipe ?? [{ file: sound.hash }]
    case 'given': return [sound.address.startsWith('sound/') ? { tones: sound.address } : { fetch: sound.address }]
    case 'said': return sound.recipe
    default: return undefined
  }
}

/** The sounds that one may turn out to be, each once: itself, where nothing is chosen. */
export function soundsWithin(sound: Sound): readonly SingleSound[] {
  return isChosen(sound) ? [...new Set(sound.sounds.flatMap(soundsWithin))] : [sound]
}
