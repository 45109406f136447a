/** The sounds of a state, each under the key that names it, and where the file names them. */
import type { Action } from '../compile/action.ts'
import type { Flow, State } from '../compile/flow.ts'
import type { Heard } from '../compile/listened.ts'
import { wordingsOf } from '../compile/languages.ts'
import { isPick } from '../compile/pick.ts'
import { soundsWithin } from '../compile/sound.ts'
import type { Sound } from '../compile/sound.ts'
import type { Path } from '../parse/tree.ts'
import type { FlowData, PromptData } from '../validate/document.ts'
import type { HeardFile } from './heard-in.ts'
import type { Rule, Told } from './rule.ts'
import { valueAt, whereWritten } from './written.ts'

/** What is heard in a state: one that a call chooses from several is still one. */
export function soundsOf(state: State): (readonly [key: string, sound: Sound])[] {
  switch (state.verb) {
    case 'play': return heard({ play: state.action })
    // the beep and the recording itself come behind what is said
    case 'record': return heard({ record: state.actions[0] })
    // between two numbers that are rung
    case 'connect': return heard({ between: state.between })
    case 'ivr': return heard({ ivr: state.action, again: state.again?.action, sorry: state.sorry, silent: state.silent?.words })
    default: return []
  }
}

function heard(actions: Readonly<Record<string, Action | undefined>>): (readonly [string, Sound])[] {
  return Object.entries(actions).flatMap(([key, action]) => (action !== undefined && 'sound' in action ? [[key, action.sound] as const] : []))
}

/** A sound, and where the file names it. */
export interface Named {
  readonly sound: Sound
  readonly path: Path
}

/** Every sound that a state names: each wording of a prompt that callers may hear there, each that is picked, and those that it hands to another flow. */
export function namedSounds({ given }: Pick<Flow, 'given'>, data: FlowData, state: State): Named[] {
  if (state.verb === 'flow') return state.inputs.flatMap(input => ('sound' in input ? within(data, [...state.path, 'with', input.name], given[input.sound] as Sound) : []))
  return soundsOf(state).flatMap(([key, sound]) => {
    const path = whereWritten(data, state, [key])
    return path === undefined ? [] : within(data, path, sound)
  })
}

/** A sound file as it was heard, and where it is named first. */
export interface Played {
  /** Its path below the folder of flows. */
  readonly file: string
  readonly heard: Heard
  readonly path: Path
}

/** Tells what is said of each file that somebody listened to. */
export function ofEachFile(said: (file: string, heard: Heard) => Told | undefined): Rule['check'] {
  return ({ flow, data, outside, tell }) => {
    for (const { file, heard, path } of heardFiles(flow, data, outside.heard)) {
      const found = said(file, heard)
      if (found !== undefined) tell(path, found)
    }
  }
}

/** The files that somebody listened to, each once, however many states play it. */
function heardFiles(flow: Pick<Flow, 'states' | 'given'>, data: FlowData, heard: (hash: string, written: unknown) => HeardFile | undefined): Played[] {
  const told = new Set<string>()
  return flow.states.flatMap(state => namedSounds(flow, data, state).flatMap(named => partsOf(data, named)).flatMap(({ sound, path }) => {
    const found = sound.kind === 'file' && sound.recipe === undefined && !told.has(sound.hash) ? heard(sound.hash, valueAt(data, path)) : undefined
    if (found === undefined) return []
    told.add((sound as { readonly hash: string }).hash)
    return [{ file: found.path, heard: found.heard, path }]
  }))
}

/** The sounds that a list is joined of, each where the file names it; of any other, itself. */
export function partsOf(data: FlowData, named: Named): Named[] {
  const { sound, path } = named
  if (!('of' in sound) || sound.of === undefined) return [named]
  const { of } = sound
  const written = valueAt(data, path)
  // parts that say nothing are left out, and lists in lists are one
  const placeOf = (index: number): Path => (Array.isArray(written) && written.length === of.length ? [...path, index] : path)
  return of.flatMap((one, index) => within(data, placeOf(index), one)).flatMap(part => partsOf(data, part))
}

function within(data: FlowData, path: Path, sound: Sound): Named[] {
  const written = valueAt(data, path) as PromptData | undefined
  if (sound.kind === 'picked' && written !== undefined && isPick(written)) {
    const places: Path[] = [...Object.keys(written.from).map(text => [...path, 'from', text]), [...path, 'else']]
    return sound.sounds.flatMap((one, index) => within(data, places[index] ?? path, one))
  }
  return soundsWithin(sound).map(one => ({ sound: one, path: typeof written === 'string' ? wordingPath(data, path, written, one) : path }))
}

/** Where a sound itself is named: under `prompts:`, if the prompt is one of those. */
function wordingPath({ prompts }: FlowData, path: Path, name: string, sound: Sound): Path {
  const declared = prompts !== undefined && Object.hasOwn(prompts, name) ? prompts[name] : undefined
  if (declared === undefined) return path
  const own: Path = ['prompts', name]
  if (typeof declared === 'string') return own
  if (wordingsOf(declared) === undefined) return [...own, 'file' in declared ? 'file' : 'text']
  const language = 'language' in sound ? sound.language : undefined
  const wording = language === undefined ? undefined : wordingsOf(declared)?.[language]
  return language === undefined || wording === undefined ? own : [...own, language, wording.file === undefined ? 'text' : 'file']
}
