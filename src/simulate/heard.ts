/** A sound as a script names it: a prompt's name, a file, an address, or the text that is said. */
import type { SoundFile } from '../compile/context.ts'
import { wordingsOf } from '../compile/languages.ts'
import type { Wording } from '../compile/languages.ts'
import type { Sound } from '../compile/sound.ts'
import type { FlowDocument, PromptData } from '../validate/document.ts'

/** What the word of a script can stand for; plain data. */
export interface Heard {
  readonly word: string
  /** Where only the prompt of that name counts. */
  readonly name?: string
  /** What it may be: the same prompt in several languages. */
  readonly places: readonly Place[]
}

export interface Place {
  /** The hash of a file. */
  readonly hash?: string
  readonly address?: string
  /** Of an address with values in it: a regular expression over the whole. */
  readonly pattern?: string
}

/** What a word stands for in a flow; undefined where it names nothing. */
export function heardIn(word: string, document: FlowDocument, sounds: ReadonlyMap<string, SoundFile>): Heard | undefined {
  const own = document.data.prompts
  const declared = own !== undefined && Object.hasOwn(own, word) ? own[word] : undefined
  const files = declared === undefined ? [word] : wordings(declared).flatMap(({ file }) => file ?? [])
  const places = files.flatMap(file => placeOfSound(file, sounds) ?? [])
  if (places.length > 0) return { word, places, ...(declared === undefined ? {} : { name: encodeURIComponent(word.toWellFormed()) }) }
  // the text of a prompt: compared as it is
  return Object.values(own ?? {}).flatMap(wordings).some(({ text }) => text === word) ? { word, places } : undefined
}

/** What a prompt of `prompts:` says: in each of its languages, where it has several. */
function wordings(prompt: PromptData): readonly Wording[] {
  return typeof prompt === 'string' ? [{ file: prompt }] : Object.values(wordingsOf(prompt) ?? { prompt: prompt as Wording })
}

function placeOfSound(file: string, sounds: ReadonlyMap<string, SoundFile>): Place | undefined {
  if (file.includes('{{')) return { pattern: file.split(/\{\{.*?\}\}/).map(escape).join('.*') }
  if (file.startsWith('sound/') || /^https?:\/\//i.test(file)) return { address: file }
  const hash = sounds.get(file.replace(/^\.\//, ''))?.hash
  return hash === undefined ? undefined : { hash }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Whether a sound is what the word stands for. */
export function isHeard(heard: Heard, sound: Sound): boolean {
  if (sound.kind !== 'file' && sound.kind !== 'given') return false
  return sound.text === heard.word || heard.places.some(place => isAt(place, sound, heard.name))
}

function isAt({ hash, address, pattern }: Place, sound: Sound & { kind: 'file' | 'given' }, name: string | undefined): boolean {
  if (sound.kind === 'given') return sound.address === address || (pattern !== undefined && new RegExp(`^(?:${pattern})$`, 's').test(sound.address))
  return sound.hash === hash && (name === undefined || sound.name.slice(0, sound.name.lastIndexOf('.')) === name)
}

/** What a sound is called in a transcript: the last part of its address. */
export function soundName(sound: Sound): string {
  if (sound.kind === 'file') return decodeURIComponent(sound.name)
  // what has values in it, or is chosen, is an address or a file by the time that it is heard
  if (sound.kind !== 'given') return '{{…}}'
  if (!/^https?:\/\//i.test(sound.address)) return sound.address
  const url = new URL(sound.address)
  const last = url.pathname.split('/').filter(segment => segment !== '').at(-1)
  if (last === undefined) return url.host
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

/** What a sound is called in a script. */
export function soundWord(sound: Sound): string {
  return sound.kind === 'given' ? sound.address : soundName(sound).replace(/\.(wav|mp3|ogg)$/, '')
}
