/** A sound as a script names it: a prompt's name, a file, an address, or the text that is said. */
import type { SoundFile } from '../compile/context.ts'
import { wordingsOf } from '../compile/languages.ts'
import type { Wording } from '../compile/languages.ts'
import type { Sound } from '../compile/sound.ts'
import { hasValues } from '../compile/template.ts'
import type { FlowDocument, PromptData } from '../validate/document.ts'

/** What the word of a script can stand for; plain data. */
export interface Heard {
  readonly word: string
  /** Where only the prompt of that name counts. */
  readonly name?: string
  /** What it may be: the same prompt in several languages. */
  readonly places: readonly Place[]
  /** Whether it is a prompt without a recording, known by its name alone. */
  readonly spoken?: true
  /** Of a list: its parts. */
  readonly of?: readonly Heard[]
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
  // a prompt without a recording is spoken, and known by its name
  const isSpoken = declared !== undefined && wordings(declared).some(({ file }) => file === undefined)
  const places = files.flatMap(file => placeOfSound(file, sounds) ?? [])
  if (places.length > 0 || isSpoken) return { word, places, ...(isSpoken ? { spoken: true as const } : {}), ...(declared === undefined ? {} : { name: encodeURIComponent(word.toWellFormed()) }) }
  // the text of a prompt or of a `say`: compared as it is heard
  return textsOf(document).some(text => text === word || (hasValues(text) && patternOf(text).test(word))) ? { word, places } : undefined
}

/** Everything that a flow speaks or says that its recordings hold. */
function textsOf({ data }: FlowDocument): string[] {
  const texts = Object.values(data.prompts ?? {}).flatMap(prompt => wordings(prompt).flatMap(({ text }) => text ?? []))
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, one] of Object.entries(value)) {
      if ((key === 'say' || key === 'spell') && typeof one === 'string') texts.push(one)
      else walk(one)
    }
  }
  walk(data)
  return texts
}

/** A text with values in it, as it may sound. */
function patternOf(text: string): RegExp {
  return new RegExp(`^${text.trim().split(/\{\{.*?\}\}/).map(escape).join('.*')}$`, 's')
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
  if (sound.kind !== 'file' && sound.kind !== 'given' && sound.kind !== 'said') return false
  if (heard.of !== undefined) return isListHeard(heard.of, sound)
  if ('of' in sound && sound.of?.length === 1) return isHeard(heard, sound.of[0] as Sound)
  return sound.text === heard.word || (sound.text !== undefined && hasValues(heard.word) && patternOf(heard.word).test(sound.text)) || heard.places.some(place => isAt(place, sound, heard.name)) || (heard.name !== undefined && heard.spoken === true && sound.kind !== 'given' && isNamed(sound, heard.name))
}

/** A list as it is written; one with a single part is that part. */
function isListHeard(of: readonly Heard[], sound: Sound): boolean {
  const heard = 'of' in sound && sound.of !== undefined ? sound.of : [sound]
  return of.length === heard.length && of.every((one, index) => isHeard(one, heard[index] as Sound))
}

function isAt({ hash, address, pattern }: Place, sound: Sound & { kind: 'file' | 'given' | 'said' }, name: string | undefined): boolean {
  if (sound.kind === 'given') return sound.address === address || (pattern !== undefined && new RegExp(`^(?:${pattern})$`, 's').test(sound.address))
  if (sound.kind === 'said') return false
  return sound.hash === hash && (name === undefined || isNamed(sound, name))
}

function isNamed(sound: Sound & { kind: 'file' | 'said' }, name: string): boolean {
  return sound.name.slice(0, sound.name.lastIndexOf('.')) === name
}

/** What a sound is called in a transcript: the last part of its address. */
export function soundName(sound: Sound): string {
  if (sound.kind === 'file' || sound.kind === 'said') return decodeURIComponent(sound.name)
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
  if ('of' in sound && sound.of !== undefined) return `[${sound.of.map(soundWord).join(', ')}]`
  const isSaid = sound.kind === 'said' || (sound.kind === 'file' && sound.recipe !== undefined)
  if (isSaid && sound.text !== undefined && /^(say|spell)-/.test(sound.name)) return JSON.stringify(sound.text)
  return sound.kind === 'given' ? sound.address : soundName(sound).replace(/\.(wav|mp3|ogg)$/, '')
}
