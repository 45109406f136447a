/** What is heard: equal where callers hear the same, in words where they do not. */
import type { Flow, Sound, Template } from '../compile/flow.ts'
import { languageName } from '../compile/languages.ts'
import { listed, ticked } from './change.ts'
import { templateKey } from './exits.ts'

/** What is heard in each language. */
export interface Heard {
  /** What it is called, so that another recording under the same name is told as such. */
  readonly name: string
  /** Texts that are equal where the same is heard, by language; under `''` what is heard in all that have none. */
  readonly wordings: ReadonlyMap<string, string>
  readonly words: string
  /** The words where only its bytes are others. */
  readonly recording: string
}

/** What a sound is to callers of a flow. */
export function heardOf(flow: Flow, sound: Sound): Heard {
  return { name: nameOf(sound), wordings: wordingsOf(flow, sound), words: wordsOf(sound), recording: sound.kind === 'picked' ? `one ${picks(sound.value)}` : wordsOf(sound) }
}

function wordingsOf(flow: Flow, sound: Sound): Map<string, string> {
  if (sound.kind !== 'translated') return new Map([['', keyOf(flow, sound)]])
  const keys = sound.sounds.map(one => keyOf(flow, one))
  const otherwise = keys.at(-1) as string
  const own = flow.languages.flatMap((language, index) => (keys[index] === otherwise ? [] : [[language, keys[index] as string] as const]))
  return new Map([['', otherwise], ...own.sort()])
}

function keyOf(flow: Flow, sound: Sound): string {
  switch (sound.kind) {
    // whatever the file is called: heard are its bytes; whoever speaks: the words
    case 'file': return JSON.stringify(sound.recipe === undefined ? ['file', sound.hash] : ['made', sound.recipe])
    case 'given': return JSON.stringify(['given', sound.address])
    case 'filled': return JSON.stringify(['filled', templateKey(sound.template)])
    case 'spoken': return JSON.stringify(['spoken', templateKey(sound.words), sound.spell, sound.language, sound.voice])
    case 'joined': return JSON.stringify(['joined', ...sound.of.map(one => keyOf(flow, one))])
    case 'said': return JSON.stringify(['said', sound.recipe])
    case 'translated': return JSON.stringify(['translated', ...wordingsOf(flow, sound)])
    case 'picked': {
      const keys = sound.sounds.map(one => keyOf(flow, one))
      return JSON.stringify(['picked', templateKey(sound.value), Object.entries(sound.from).map(([text, index]) => [text, keys[index]]).sort(), keys.at(-1)])
    }
  }
}

function nameOf(sound: Sound): string {
  switch (sound.kind) {
    case 'file': case 'spoken': case 'joined': case 'said': return decoded(sound.name)
    case 'given': return sound.address
    case 'filled': return inWords(sound.template)
    case 'translated': return nameOf(sound.sounds.at(-1) as Sound)
    case 'picked': return `${picks(sound.value)} ${Object.entries(sound.from).map(([text, index]) => `${text}: ${nameOf(sound.sounds[index] as Sound)}`).join(', ')}; ${nameOf(sound.sounds.at(-1) as Sound)}`
  }
}

function wordsOf(sound: Sound): string {
  switch (sound.kind) {
    case 'given': case 'filled': return shownAddress(nameOf(sound))
    case 'translated': return wordsOf(sound.sounds.at(-1) as Sound)
    case 'picked': return `${picks(sound.value)} (${listed(Object.entries(sound.from).map(([text, index]) => `${text}: ${wordsOf(sound.sounds[index] as Sound)}`))}, else ${wordsOf(sound.sounds.at(-1) as Sound)})`
    default: return nameOf(sound)
  }
}

function picks(value: Template): string {
  return `picked by ${inWords(value)}`
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** A part of a change, and what it must have in common with those of other states to be told with them. */
export interface HeardChange {
  readonly together: string
  readonly say: (states: readonly string[]) => string
}

/** What of a prompt is heard otherwise under the same name, language by language. */
export function heardChanges(flow: Flow, name: string, { recording, wordings: is }: Heard, { wordings: was }: Heard): HeardChange[] {
  const languages = [...new Set([...was.keys(), ...is.keys()])].filter(language => language !== '')
  const [more, fewer] = [languages.filter(language => !was.has(language)), languages.filter(language => !is.has(language))]
  const other = languages.filter(language => was.has(language) && is.has(language) && was.get(language) !== is.get(language))
  const [first] = flow.sections[0].languages
  const others = [...(was.get('') === is.get('') ? [] : [languages.length === 0 ? '' : first]), ...other]
  return [
    // what is heard otherwise is said in the language that calls begin in
    ...(others.length === 0 ? [] : [{ together: `${recording} ${others.join()} ${JSON.stringify([...was, ...is])}`, say: (states: readonly string[]) => `${recording} is another recording${others[0] === '' ? '' : ` in ${inLanguages(others)}`}, in ${ticked(states)}` }]),
    ...(more.length === 0 ? [] : [{ together: `+ ${name} ${more.join()}`, say: (states: readonly string[]) => `in ${ticked(states)}, \`${name}\` is now said in ${inLanguages(more)} too` }]),
    ...(fewer.length === 0 ? [] : [{ together: `- ${name} ${fewer.join()}`, say: (states: readonly string[]) => `in ${ticked(states)}, \`${name}\` is no longer said in ${inLanguages(fewer)}` }]),
  ]
}

function inLanguages(codes: readonly string[]): string {
  return listed(codes.map(code => languageName(code) ?? code))
}

/** A template as an author writes it. */
export function inWords(template: Template): string {
  return template.map(part => (typeof part === 'string' ? part : `{{${part.from === 'switch' ? 'switch.' : ''}${part.text}${part.filter === undefined ? '' : ` | ${part.filter.name}`}}}`)).join('')
}

/** An address without its query, which may hold a key. */
export function shownAddress(address: string): string {
  const query = address.indexOf('?')
  return query < 0 ? address : `${address.slice(0, query)}?…`
}
