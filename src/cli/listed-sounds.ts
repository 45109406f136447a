/** The prompts of a flow, one by one: what each is made of, where it is played, and how it sounds. */
import type { Served, SourceSet } from '../check.ts'
import { wordingsOf } from '../compile/languages.ts'
import type { Wording } from '../compile/languages.ts'
import type { Heard } from '../compile/listened.ts'
import type { Recipe } from '../compile/recipe.ts'
import type { SingleSound } from '../compile/sound.ts'
import { isAddress } from '../compile/target.ts'
import { hasValues } from '../compile/template.ts'
import { pathsIn } from '../lint/heard-in.ts'
import { lengthsOf } from '../lint/lengths-of.ts'
import { ownPart } from '../lint/own.ts'
import type { Told } from '../lint/rule.ts'
import { formOf } from '../lint/rules/audio-form.ts'
import { levelOf } from '../lint/rules/audio-level.ts'
import { clippingIn } from '../lint/rules/clipped-audio.ts'
import { silenceIn } from '../lint/rules/silent-audio.ts'
import { namedSounds, partsOf } from '../lint/sounds-of.ts'
import type { Named } from '../lint/sounds-of.ts'
import { eachText, valueAt } from '../lint/written.ts'
import type { FlowData, PromptData } from '../validate/document.ts'

/** `file`: a recording; `spoken`; `joined`: a list; `values`: made or fetched for a call; `carrier`: one of its own sounds; `address`. */
export type Kind = 'file' | 'spoken' | 'joined' | 'values' | 'carrier' | 'address'

export interface ListedSound {
  readonly flow: string
  /** The name under `prompts:`, else what the flow writes. */
  readonly prompt: string
  readonly language: string | undefined
  readonly kind: Kind
  /** Of a recording, its path below the folder of flows. */
  readonly file: string | undefined
  readonly words: string | undefined
  /** The states that play it. */
  readonly used: readonly string[]
  readonly recipe: Recipe | undefined
  /** Of a recording, the hash of its bytes. */
  readonly hash: string | undefined
  /** Estimated where nobody knows better. */
  readonly seconds: number | undefined
}

/** All that can be heard in a flow, each wording by itself, in the order in which the flow plays it; then what nothing plays. */
export function listSounds({ flow: linked, recipes }: Served, data: FlowData, set: Pick<SourceSet, 'sounds'>, silence: string): ListedSound[] {
  const flow = ownPart(linked)
  const pathOf = pathsIn(set.sounds)
  const seconds = lengthsOf(set.sounds)
  const found = new Map<string, ListedSound & { used: string[] }>()
  const add = (named: Named, state: string): void => {
    const sound = named.sound as SingleSound
    if (sound.kind === 'file' && sound.hash === silence) return
    // what does not change in a list that does is made by itself
    const recipe = sound.kind === 'file' ? sound.recipe ?? recipes.get(sound.hash) : undefined
    const kind = kindOf(sound, recipe)
    const file = kind === 'file' && sound.kind === 'file' ? pathOf(sound.hash, valueAt(data, named.path)) : undefined
    const words = 'text' in sound ? sound.text : undefined
    const language = 'language' in sound ? sound.language : languageIn(recipe)
    const prompt = named.path[0] === 'prompts' ? String(named.path[1]) : shownAs(sound, file, words)
    const key = JSON.stringify([prompt, language, kind, file ?? words])
    const known = found.get(key)
    if (known !== undefined) {
      if (!known.used.includes(state)) known.used.push(state)
      return
    }
    found.set(key, {
      flow: flow.name, prompt, language, kind, file, words, used: [state], recipe,
      hash: kind === 'file' && sound.kind === 'file' ? sound.hash : undefined, seconds: seconds(sound),
    })
  }
  for (const state of flow.states) {
    for (const named of namedSounds(flow, data, state)) {
      for (const one of new Set([named, ...partsOf(data, named)])) add(one, state.name)
    }
  }
  const played = new Set([...found.values()].map(one => one.prompt))
  return [...found.values(), ...unplayed(flow.name, data, set, played)]
}

/** The language of words that are all in one. */
function languageIn(recipe: Recipe = []): string | undefined {
  const [language, ...others] = new Set(recipe.flatMap(part => ('language' in part ? [part.language] : [])))
  return others.length === 0 ? language : undefined
}

function kindOf(sound: SingleSound, recipe: Recipe | undefined): Kind {
  switch (sound.kind) {
    case 'file': return recipe === undefined ? 'file' : sound.of === undefined ? 'spoken' : 'joined'
    case 'given': return sound.address.startsWith('sound/') ? 'carrier' : 'address'
    default: return 'values'
  }
}

/** A sound that has no name: as the flow writes it, if that is short. */
function shownAs(sound: SingleSound, file: string | undefined, words: string | undefined): string {
  const what = sound.kind === 'given' ? sound.address : file ?? (words === undefined ? '{{…}}' : `"${words}"`)
  return what.length > 40 ? `${what.slice(0, 38)}…` : what
}

/** Prompts of `prompts:` that no state names. */
function unplayed(flow: string, { prompts = {}, states }: FlowData, { sounds }: Pick<SourceSet, 'sounds'>, played: ReadonlySet<string>): ListedSound[] {
  return Object.entries(prompts).flatMap(([prompt, data]: [string, PromptData]) => {
    if (prompt === 'note' || played.has(prompt)) return []
    const used = new Set<string>()
    eachText(states, (text, [state]) => { if (text === prompt) used.add(String(state)) })
    const wordings = typeof data === 'string' ? { '': { file: data } } : wordingsOf(data) ?? { '': data as Wording }
    return Object.entries(wordings).map(([language, wording]): ListedSound => {
      const { file, text }: Wording = wording
      const path = file?.replace(/^\.\//, '')
      const kind = path === undefined ? 'spoken' : path.startsWith('sound/') ? 'carrier' : isAddress(path) || hasValues(path) ? 'address' : 'file'
      const sound = path === undefined ? undefined : sounds.get(path)
      return { flow, prompt, language: language || undefined, kind, file: kind === 'file' ? path : undefined, words: text, used: [...used], recipe: undefined, hash: sound?.hash, seconds: sound?.seconds }
    })
  })
}

/** What is worth saying of a recording, by the rule of lint that says it. */
export function poorIn(file: string, heard: Heard): { readonly rule: string; readonly told: Told }[] {
  const asked: readonly (readonly [string, Told | undefined])[] = [
    ['silent-audio', silenceIn(file, heard)], ['clipped-audio', clippingIn(file, heard)], ['audio-level', levelOf(file, heard)], ['audio-form', formOf(file, heard)],
  ]
  return asked.flatMap(([rule, told]) => (told === undefined ? [] : [{ rule, told }]))
}
