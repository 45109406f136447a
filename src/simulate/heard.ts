/** A sound as a script names it: a prompt's name, a file, an address, or the text that is said. */
import type { SoundFile } from '../compile/context.ts'
import type { Sound } from '../compile/sound.ts'
import type { FlowDocument, PromptData } from '../validate/document.ts'

/** What the word of a script can stand for; plain data. */
export interface Heard {
  readonly word: string
  /** The hash of a file; `name` where only the prompt of that name counts. */
  readonly hash?: string
  readonly name?: string
  readonly address?: string
  /** Of an address with values in it: a regular expression over the whole. */
  readonly pattern?: string
}

/** What a word stands for in a flow; undefined where it names nothing. */
export function heardIn(word: string, document: FlowDocument, sounds: ReadonlyMap<string, SoundFile>): Heard | undefined {
  const own = document.data.prompts
  const declared = own !== undefined && Object.hasOwn(own, word) ? own[word] : undefined
  const file = declared === undefined ? word : fileOf(declared)
  const place = file === undefined ? undefined : placeOfSound(file, sounds)
  if (place !== undefined) return { word, ...place, ...(declared === undefined || place.hash === undefined ? {} : { name: encodeURIComponent(word.toWellFormed()) }) }
  // the text of a prompt: compared as it is
  const texts = Object.values(own ?? {}).map(prompt => (typeof prompt === 'object' && 'text' in prompt ? prompt.text : undefined))
  return texts.includes(word) ? { word } : undefined
}

function fileOf(prompt: PromptData): string | undefined {
  if (typeof prompt === 'string') return prompt
  return 'file' in prompt && typeof prompt.file === 'string' ? prompt.file : undefined
}

function placeOfSound(file: string, sounds: ReadonlyMap<string, SoundFile>): Omit<Heard, 'word'> | undefined {
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
  if (sound.kind === 'filled') return false
  if (sound.text === heard.word) return true
  if (sound.kind === 'given') return sound.address === heard.address || (heard.pattern !== undefined && new RegExp(`^(?:${heard.pattern})$`, 's').test(sound.address))
  return sound.hash === heard.hash && (heard.name === undefined || sound.name.slice(0, sound.name.lastIndexOf('.')) === heard.name)
}

/** What a sound is called in a transcript: the last part of its address. */
export function soundName(sound: Sound): string {
  if (sound.kind === 'file') return decodeURIComponent(sound.name)
  if (sound.kind === 'filled') return '{{…}}'
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
