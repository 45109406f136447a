/** A new name for a state, a prompt or a value, in the flow and in its scripted calls: every other character stays as it is. */
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver'
import type { Range, TextEdit } from 'vscode-languageserver'
import { BUILT_IN } from '../compile/template.ts'
import { parse } from '../parse/parse.ts'
import { RESERVED } from '../validate/read-map.ts'
import { flowSchema, resolve } from '../validate/schema.ts'
import { quoted } from '../validate/words.ts'
import { occurrenceAt, placesOf } from './meant.ts'
import { namesOf } from './names.ts'
import type { Kind, Occurrence } from './occurrences.ts'
import { rangeOf } from './scene.ts'
import type { Scene, View } from './scene.ts'

const NAME = /^[a-z][a-z0-9_-]{0,63}$/
const LANGUAGE = new RegExp(resolve(flowSchema, { $ref: '#/definitions/language_code' }).schema.pattern as string)
/** What a file's own names are; a flow and a sound are named by their file. */
const RENAMED: readonly Kind[] = ['state', 'prompt', 'value', 'schedule', 'list', 'table', 'switch', 'message', 'exit', 'language']

/** What would be renamed at an offset. Throws a ResponseError, which the editor shows, where nothing can be. */
export function renamable(scene: Scene, offset: number): { readonly range: Range; readonly placeholder: string } {
  const named = find(scene, offset)
  return { range: rangeOf(scene.view, named.span), placeholder: named.name }
}

/** The edits of every file that give what stands at an offset a new name. Throws a ResponseError for a name that it cannot have. */
export function rename(scene: Scene, offset: number, to: string): readonly (readonly [View, TextEdit[]])[] {
  const named = find(scene, offset)
  if (to === named.name) return []
  if (RESERVED.has(to)) refuse(`\`${to}\` cannot be used as a name: ${to === 'end' ? '`end` is the target that ends a call' : 'it means something else to other programs'}`)
  if (named.kind === 'language' && !LANGUAGE.test(to)) refuse(`\`${to}\` cannot be a language here: its code has two or three small letters, where needed with a region, as in \`sv\` or \`en-GB\``)
  if (named.kind !== 'language' && !NAME.test(to)) refuse(`\`${to}\` cannot be a name here: a name begins with a letter from a to z and goes on with small letters, digits, \`-\` and \`_\`, 64 at most`)
  if (named.kind === 'value' && Object.hasOwn(BUILT_IN, to)) refuse(`\`${to}\` is a value of tonval's own and cannot be set`)
  if (namesOf(scene, named.kind, named.flow).includes(to)) refuse(`there is already a ${named.kind} \`${to}\` in \`${named.flow}\``)
  const byView = new Map<View, TextEdit[]>()
  for (const one of placesOf(scene, named)) {
    const edits = byView.get(one.view) ?? []
    byView.set(one.view, edits)
    edits.push({ range: rangeOf(one.view, one.span), newText: one.bare ? to : JSON.stringify(one.head + to + one.tail) })
  }
  for (const view of byView.keys()) {
    // in a file that is only half read, half of the places would keep the old name
    const { tree } = parse(view.path, view.text)
    if (tree === undefined || tree.unread.length > 0) refuse(`\`${view.path.slice(view.path.lastIndexOf('/') + 1)}\` cannot be read whole: mend what YAML cannot read in it first`)
  }
  return [...byView]
}

function find(scene: Scene, offset: number): Occurrence {
  const named = occurrenceAt(scene, offset)
  if (named === undefined) refuse(`here stands nothing that has a name: a ${quoted(['state', 'prompt', 'value'], 'or')} can be renamed`)
  if (named.kind === 'flow') refuse(`a flow has the name of its file: rename \`${named.name}.yaml\` and \`${named.name}.calls.yaml\``)
  if (named.kind === 'file') refuse(`\`${named.name}\` is a file: rename the file, then its name here`)
  if (!RENAMED.includes(named.kind) || !placesOf(scene, named).some(one => one.isDefinition)) {
    refuse(named.kind === 'value' && Object.hasOwn(BUILT_IN, named.name) ? `\`${named.name}\` is a value of tonval's own` : `nothing in \`${named.flow}\` defines the ${named.kind} \`${named.name}\``)
  }
  return named
}

function refuse(why: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, why)
}
