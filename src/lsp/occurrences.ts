/** Every place of a file where something that has a name is given it, or is meant by it. */
import type { Path, Scalar, Tree } from '../parse/tree.ts'
import { entryOf } from '../parse/tree.ts'
import type { Span } from '../problem/problem.ts'
import { callsSchema, flowSchema } from '../validate/schema.ts'
import { isAddress } from '../compile/target.ts'
import { hasValues } from '../compile/template.ts'
import { alternativesOf, walkDocument } from './walk-document.ts'
import type { Place } from './walk-document.ts'

export type Kind = 'state' | 'prompt' | 'file' | 'value' | 'schedule' | 'list' | 'table' | 'switch' | 'message' | 'flow' | 'exit' | 'language'

export interface Named {
  readonly kind: Kind
  readonly name: string
  /** The flow whose thing it is. */
  readonly flow: string
}

export interface Occurrence extends Named {
  /** Where the name stands, without quotes where it can be changed in place. */
  readonly span: Span
  readonly path: Path
  readonly isDefinition: boolean
  /** Whether the span holds the bare name, as it is written; if not, it holds all of the text. */
  readonly bare: boolean
  /** What stands before the name in its text: `pin/` of a state of a flow that is run. */
  readonly head: string
  /** What follows it: `.on.2` of a state written in place. */
  readonly tail: string
  /** It is given to an input of another flow, and is what it seems only where that is a prompt. */
  readonly input?: { readonly flow: string; readonly name: string }
  /** Of a flow: calls come to it from the one that names it, or are placed that begin in it. */
  readonly runs?: true
  readonly placed?: true
  /** An input of a call that is placed, whose flow is not named beside it. */
  readonly ofPlaced?: true
}

/** A flow, or the scripted calls of one. */
export type FileKind = 'flow' | 'calls'

const NAME = /^[a-z][a-z0-9_-]{0,63}$/
const SOUND_NAME = /\.(wav|mp3|ogg)$/i
const VALUE = /\{\{\s*([a-z][a-z0-9_.-]*)/g

/** Maps whose keys are names. */
const KEYS: Readonly<Record<string, readonly [Kind, isDefinition: boolean]>> = {
  'flow.states': ['state', true], 'flow.prompts': ['prompt', true], 'flow.vars': ['value', true], 'flow.inputs': ['value', true],
  'flow.schedules': ['schedule', true], 'flow.lists': ['list', true], 'flow.tables': ['table', true], 'flow.switches': ['switch', true], 'flow.messages': ['message', true],
  'verb_set.set': ['value', true], 'verb_fetch.save': ['value', true], 'verb_flow.save': ['value', true], 'table_row': ['value', true],
  'given.vars': ['value', false], 'given.inputs': ['value', false], 'given.random': ['value', false], 'given.switches': ['switch', false], 'given.lists': ['list', false], 'given.fetch': ['state', false],
}
/** Keys whose text is a name. */
const TEXTS: Readonly<Record<string, readonly [Kind, isDefinition: boolean]>> = {
  'verb_ivr.save': ['value', true], 'test_schedule.schedule': ['schedule', false], 'test_switch.switch': ['switch', false], 'ring_list.list': ['list', false],
  'verb_lookup.lookup': ['table', false], 'verb_flow.flow': ['flow', false], 'outgoing_call.flow': ['flow', false], 'unanswered.flow': ['flow', false], 'sent_call.call.flow': ['flow', false],
  'flow.languages': ['language', true], 'verb_exit.exit': ['exit', false], 'flow.exits': ['exit', true],
}
/** Maps whose keys are inputs of the flow that the map around them names: in a flow's file, and in its scripted calls. */
export const INPUTS: readonly string[] = ['given_inputs', 'sent_call.call.with']
/** Keys of scripted calls that say what is heard. */
const HEARD = ['step_ivr.ivr', 'step_play.play', 'step_record.record']

/** The names of a file, in the order of the text. */
export function occurrencesIn(tree: Tree, kind: FileKind, flow: string): Occurrence[] {
  const found: Occurrence[] = []
  const add = (place: Place, named: readonly [Kind, boolean], of = flow, name = (place.node as Scalar).text, more: Partial<Occurrence> = {}): void => {
    const { head = '' } = more
    found.push({ kind: named[0], name, flow: of, isDefinition: named[1], path: place.path, head, tail: (place.node as Scalar).text.slice(head.length + name.length), ...spanOf(tree, place.node as Scalar, head, name), ...more })
  }
  const root = kind === 'flow' ? flowSchema : callsSchema
  walkDocument(tree, root, kind, place => {
    const { node, label, owner, isKey } = place
    if (node.kind !== 'scalar' || node.text === '') return
    if (isKey) {
      const map = label.slice(0, -node.text.length - 1)
      const named = KEYS[map]
      // the language is set as values are, and is none of the flow's
      if (map === 'verb_set.set' && node.text === 'language') add(place, ['value', false])
      else if (named !== undefined && node.text !== 'note') add(place, named)
      else if (owner?.choice?.definition === 'wording_per_language') add(place, ['language', false])
      else if (INPUTS.includes(map)) {
        const other = otherFlow(tree, place.path.slice(0, -2))
        add(place, ['value', false], other ?? flow, node.text, other === undefined && kind === 'calls' ? { ofPlaced: true } : {})
      }
      else if (map === 'flow_on' && node.text !== 'failed' && node.text !== 'note') add(place, ['exit', false], otherFlow(tree, place.path.slice(0, -2)) ?? flow)
      return
    }
    const { definitions } = place.schema === undefined ? { definitions: new Set<string>() } : alternativesOf(root, place.schema)
    const text = TEXTS[label]
    // the language of a flow that lists none is its only one
    if (label === 'flow.language') add(place, ['language', entryOf(tree.root, 'languages') === undefined])
    else if (label === 'step_state.state') addState(place, node.text)
    else if (text !== undefined) add(place, text, flow, node.text, label === 'verb_flow.flow' ? { runs: true } : label === 'outgoing_call.flow' || label === 'unanswered.flow' ? { placed: true } : {})
    else if (label.startsWith('verb_flow.save.')) add(place, ['value', false], otherFlow(tree, place.path.slice(0, -2)) ?? flow)
    else if (hasValues(node.text)) addValues(tree, place, flow, found)
    else if (label === 'verb_set.set.language') add(place, ['language', false])
    else if (definitions.has('target') || definitions.has('state_name')) {
      if (node.text !== 'end' && !isAddress(node.text) && node.text !== 'anywhere') add(place, ['state', false])
    } else if (owner?.choice?.definition === 'given_inputs') addPrompt(place, node.text, { flow: otherFlow(tree, place.path.slice(0, -2)) ?? flow, name: String(place.path.at(-1)) })
    else if (definitions.has('prompt_or_silence') && node.text === 'true') return
    else if (definitions.has('prompt_text') || definitions.has('heard') || HEARD.includes(label)) addPrompt(place, node.text)
    else if (definitions.has('file')) add(place, ['file', false], flow, node.text.replace(/^\.\//, ''))
    else if (definitions.has('number_or_prefix') && NAME.test(node.text) && node.text !== 'hidden') add(place, ['list', false])
    else if (definitions.has('sends') && NAME.test(node.text)) add(place, ['message', false])
  })
  return found

  function addPrompt(place: Place, text: string, input?: Occurrence['input']): void {
    const more = input === undefined ? {} : { input }
    if (SOUND_NAME.test(text) && !isAddress(text)) add(place, ['file', false], flow, text.replace(/^\.\//, ''), more)
    else if (NAME.test(text)) add(place, ['prompt', false], flow, text, more)
  }

  /** `menu`, `menu.on.2`; `pin/ask` of a flow that is run. */
  function addState(place: Place, text: string): void {
    const slash = text.indexOf('/') + 1
    add(place, ['state', false], slash === 0 ? flow : text.slice(0, slash - 1), text.slice(slash).split('.')[0], { head: text.slice(0, slash) })
  }
}

function addValues(tree: Tree, place: Place, flow: string, found: Occurrence[]): void {
  const { node } = place
  if (/\.note$/.test(place.label) || place.label === 'flow.title' || /^flow\.vars\./.test(place.label)) return
  const written = tree.text.slice(node.span.start, node.span.end)
  for (const match of written.matchAll(VALUE)) {
    const start = node.span.start + match.index + match[0].length - (match[1] as string).length
    const ofSwitch = match[1]?.startsWith('switch.') === true ? 'switch.'.length : 0
    const name = (match[1] as string).slice(ofSwitch)
    found.push({ kind: ofSwitch > 0 ? 'switch' : 'value', name, flow, isDefinition: false, bare: true, head: '', tail: '', path: place.path, span: { start: start + ofSwitch, end: start + ofSwitch + name.length } })
  }
}

/** The flow that the map at a path runs. */
export function otherFlow(tree: Tree, path: Path): string | undefined {
  let node: Tree['root'] | Tree['root']['entries'][number]['value'] | undefined = tree.root
  for (const part of path) node = node?.kind === 'map' ? entryOf(node, String(part))?.value : node?.kind === 'list' ? node.items[Number(part)] : undefined
  const named = node?.kind === 'map' ? entryOf(node, 'flow')?.value : undefined
  return named?.kind === 'scalar' && named.text !== '' ? named.text : undefined
}

/** Where a name stands inside its scalar. */
function spanOf(tree: Tree, scalar: Scalar, head: string, name: string): { readonly span: Span; readonly bare: boolean } {
  const inside = scalar.quoted ? { start: scalar.span.start + 1, end: scalar.span.end - 1 } : scalar.span
  const at = { start: inside.start + head.length, end: inside.start + head.length + name.length }
  const isWhole = head + name === scalar.text ? at.end === inside.end : at.end <= inside.end
  return isWhole && tree.text.slice(inside.start, at.end) === head + name ? { span: at, bare: true } : { span: scalar.span, bare: false }
}
