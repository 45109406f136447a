/** The texts that may stand as a value: words of the schema, and what the files of this folder name. */
import { CompletionItemKind } from 'vscode-languageserver'
import { callsSchema, flowSchema } from '../validate/schema.ts'
import { isNotYet } from '../validate/not-yet.ts'
import type { Schema } from '../validate/schema.ts'
import { entryOf } from '../parse/tree.ts'
import type { InTree } from './cursor.ts'
import { heardIn, wordingLines } from './heard.ts'
import { flowsThrough, isPromptInput } from './meant.ts'
import { namesOf } from './names.ts'
import { otherFlow } from './occurrences.ts'
import type { Kind } from './occurrences.ts'
import { flowView, topLevel } from './scene.ts'
import type { Offer } from './offer.ts'
import type { Scene } from './scene.ts'
import { defaultOf, examplesOf } from './schema-words.ts'
import { alternativesOf } from './walk-document.ts'

/** Keys whose text is a name of the flow's. */
const NAMED: Readonly<Record<string, Kind>> = {
  'test_schedule.schedule': 'schedule', 'test_switch.switch': 'switch', 'ring_list.list': 'list', 'verb_lookup.lookup': 'table', 'verb_exit.exit': 'exit',
}
const FLOWS = ['verb_flow.flow', 'outgoing_call.flow', 'unanswered.flow', 'sent_call.call.flow']
const HEARD = ['step_ivr.ivr', 'step_play.play', 'step_record.record']

export function completeTexts(scene: Scene, cursor: InTree, schema: Schema): Offer[] {
  const root = scene.view.kind === 'flow' ? flowSchema : callsSchema
  const { all, definitions } = alternativesOf(root, schema)
  const offers: Offer[] = []
  const add = (texts: readonly string[], kind: CompletionItemKind, more: Omit<Offer, 'text' | 'kind' | 'written'> = {}): void => {
    offers.push(...texts.map(text => ({ text, kind, written: written(cursor, text), ...more })))
  }
  const has = (...names: readonly string[]): boolean => names.some(name => definitions.has(name))

  for (const { schema: one, definition } of all) {
    const words = (one.enum ?? (one.type === 'boolean' ? [true, false] : [])).map(String)
    add(words.filter(word => !isNotYet(`${definition}=${word}`)), CompletionItemKind.EnumMember, { rank: 3, ...(one.description === undefined ? {} : { documentation: one.description }) })
  }
  if (has('target', 'state_name')) offers.push(...stateOffers(scene, cursor))
  if (cursor.label === 'step_state.state') offers.push(...stateOffers(scene, cursor))
  if (has('prompt_text', 'heard') || HEARD.includes(cursor.label) || isPromptGiven(scene, cursor)) offers.push(...promptOffers(scene, cursor))
  if (has('file')) add(filesFor(scene, cursor.label), CompletionItemKind.File)
  if (has('number_or_prefix')) add(namesOf(scene, 'list'), CompletionItemKind.Variable, { detail: 'a list' })
  if (has('sends')) add(namesOf(scene, 'message'), CompletionItemKind.Variable, { detail: 'under `messages`' })
  if (has('telephone_number', 'template', 'prompt_text')) offers.push(...valueOffers(scene, cursor))
  if (has('number', 'rung')) add(numbersIn(scene), CompletionItemKind.Value, { detail: 'in the flow' })
  if (has('timezone')) add(Intl.supportedValuesOf('timeZone'), CompletionItemKind.EnumMember, { rank: 6 })
  if (has('country_code')) offers.push(...codes('region', 'A').map(([text, detail]) => ({ text, kind: CompletionItemKind.EnumMember, detail })))
  if (cursor.label === 'flow.language' || cursor.label === 'verb_set.set.language') add(namesOf(scene, 'language'), CompletionItemKind.EnumMember, { detail: 'a language of this flow', rank: 1 })
  if (has('language_code')) offers.push(...codes('language', 'a').map(([text, detail]) => ({ text, kind: CompletionItemKind.EnumMember, detail })))
  const kind = NAMED[cursor.label]
  if (kind !== undefined) add(namesOf(scene, kind), CompletionItemKind.Variable, { rank: 1 })
  if (FLOWS.includes(cursor.label)) add(scene.views.filter(view => view.kind === 'flow').map(view => view.flow), CompletionItemKind.Module, { rank: 1 })
  if (cursor.label === 'test_switch.is') add(choicesOf(scene, cursor), CompletionItemKind.EnumMember, { rank: 1 })
  const standard = defaultOf(root, schema)
  if (standard !== undefined) add([String(standard)], CompletionItemKind.Value, { detail: 'the default', rank: 2 })
  if (has('address', 'spans', 'spans_or_closed') || /^call\.at$|^verb_ivr\.valid$|^step_press\.press$|digits$/.test(cursor.label)) {
    add(examplesOf(root, schema).map(String), CompletionItemKind.Value, { detail: 'for example', rank: 7 })
  }
  return offers
}

/** The files that a key names: those of lists end in .txt, those of tables in .csv, all others are sounds. */
function filesFor(scene: Scene, label: string): readonly string[] {
  const ending = label === 'list_file.file' ? '.txt' : label === 'table_file.file' ? '.csv' : undefined
  return ending === undefined ? scene.sounds : [...(scene.beside?.keys() ?? [])].filter(name => name.toLowerCase().endsWith(ending)).sort()
}

/** Whether what is typed is given to another flow as a prompt. */
function isPromptGiven(scene: Scene, cursor: InTree): boolean {
  if (!cursor.label.startsWith('given_inputs.')) return false
  const other = otherFlow(cursor.tree, cursor.path.slice(0, -2))
  return other !== undefined && isPromptInput(scene, other, String(cursor.path.at(-1)))
}

/** The flows whose things can be named: those of scripted calls are also the flows that their flow runs. */
function flowsNamed(scene: Scene): readonly string[] {
  return scene.view.kind === 'calls' ? flowsThrough(scene) : [scene.view.flow]
}

function stateOffers(scene: Scene, cursor: InTree): Offer[] {
  return flowsNamed(scene).flatMap(name => statesOf(scene, cursor, name, name === scene.view.flow ? '' : `${name}/`))
}

function statesOf(scene: Scene, cursor: InTree, name: string, prefix: string): Offer[] {
  const flow = flowView(scene, name)
  return namesOf(scene, 'state', name).map(state => {
    const text = prefix + state
    const heard = flow === undefined ? undefined : heardIn(flow, state)
    return { text, kind: CompletionItemKind.Function, written: written(cursor, text), rank: 1, ...(heard === undefined ? {} : { detail: heard.verb, documentation: heard.words }) }
  })
}

function promptOffers(scene: Scene, cursor: InTree): Offer[] {
  const named = flowsNamed(scene).flatMap(name => namesOf(scene, 'prompt', name).map(text => {
    const prompts = topLevel(flowView(scene, name), 'prompts')
    const entry = prompts?.kind === 'map' ? entryOf(prompts, text)?.value : undefined
    const view = flowView(scene, name)
    const words = view === undefined || entry === undefined ? undefined : wordingLines(view, entry)
    return { text, kind: CompletionItemKind.Value, detail: 'a prompt', written: written(cursor, text), rank: 1, ...(words === undefined ? {} : { documentation: words }) }
  }))
  const files = scene.sounds.map(text => ({ text, kind: CompletionItemKind.File, detail: 'a sound file', written: written(cursor, text), rank: 4 }))
  return [...named, ...files, { text: 'sound/beep', kind: CompletionItemKind.Value, detail: 'a sound of the carrier\'s', rank: 6 }]
}

function valueOffers(scene: Scene, cursor: InTree): Offer[] {
  return namesOf(scene, 'value').map(name => ({ text: `{{${name}}}`, kind: CompletionItemKind.Variable, detail: 'a value of this flow', written: cursor.quote === '' ? `"{{${name}}}"` : `{{${name}}}`, rank: 6 }))
}

/** Telephone numbers that the flow of scripted calls writes. */
function numbersIn(scene: Scene): readonly string[] {
  return [...new Set(flowView(scene)?.text.match(/\+[0-9]{7,15}\b/g) ?? [])]
}

/** How a switch can stand, in the test beside the cursor. */
function choicesOf(scene: Scene, cursor: InTree): readonly string[] {
  const named = cursor.owner === undefined ? undefined : entryOf(cursor.owner.map, 'switch')?.value
  const switches = topLevel(flowView(scene), 'switches')
  const one = named?.kind === 'scalar' && switches?.kind === 'map' ? entryOf(switches, named.text)?.value : undefined
  const choices = one?.kind === 'map' ? entryOf(one, 'choices')?.value : undefined
  return choices?.kind === 'list' ? choices.items.flatMap(item => (item.kind === 'scalar' ? [item.text] : [])) : ['on', 'off']
}

const LETTERS = Array.from({ length: 26 }, (_, index) => index)

/** Every code of two letters that has a name. */
function codes(type: 'region' | 'language', first: 'a' | 'A'): readonly (readonly [string, string])[] {
  const names = new Intl.DisplayNames('en', { type, fallback: 'none' })
  const letter = (index: number): string => String.fromCharCode(first.charCodeAt(0) + index)
  return LETTERS.flatMap(one => LETTERS.flatMap((two): (readonly [string, string])[] => {
    const code = letter(one) + letter(two)
    const name = names.of(code)
    return name === undefined ? [] : [[code, name]]
  }))
}

/** The text as it must stand in the file: in quotes where YAML would read another. */
function written(cursor: InTree, text: string): string {
  if (cursor.quote !== '') return text
  return /^[\p{L}\p{N}/_][\p{L}\p{N}/._ -]*$/u.test(text) && !/\s$/.test(text) ? text : JSON.stringify(text)
}
