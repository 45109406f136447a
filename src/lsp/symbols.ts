/** What a file holds, for the outline of an editor: states with their verbs, those written in place below them, prompts, and other names; of scripted calls the calls. */
import { SymbolKind } from 'vscode-languageserver'
import type { DocumentSymbol } from 'vscode-languageserver'
import { entryOf } from '../parse/tree.ts'
import type { Entry, Node } from '../parse/tree.ts'
import { counted } from '../problem/findings.ts'
import { heardOf, promptWords, VERB_NAMES } from './heard.ts'
import { rangeOf, treeOf } from './scene.ts'
import type { View } from './scene.ts'

/** Other top-level maps, with what their entries are. */
const NAMED: Readonly<Record<string, SymbolKind>> = {
  vars: SymbolKind.Variable, schedules: SymbolKind.Event, lists: SymbolKind.Array, tables: SymbolKind.Array, switches: SymbolKind.Boolean, messages: SymbolKind.String, inputs: SymbolKind.Variable,
}

export function symbolsOf(view: View): DocumentSymbol[] {
  const tree = treeOf(view)
  if (tree === undefined) return []
  if (view.kind === 'calls') return callSymbols(view, entryOf(tree.root, 'calls')?.value)
  return tree.root.entries.flatMap((entry): DocumentSymbol[] => {
    const { key, value } = entry
    if (value.kind !== 'map') return []
    if (key.text === 'states') return [group(view, entry, value.entries.map(one => stateSymbol(view, one, one.key.text)))]
    if (key.text === 'prompts') return [group(view, entry, value.entries.map(one => symbol(view, one, one.key.text, SymbolKind.String, promptWords(view, one.value))))]
    const kind = NAMED[key.text]
    return kind === undefined ? [] : [group(view, entry, value.entries.map(one => symbol(view, one, one.key.text, kind, one.value.kind === 'scalar' ? one.value.text : '')))]
  })
}

function group(view: View, entry: Entry, children: DocumentSymbol[]): DocumentSymbol {
  return { ...symbol(view, entry, entry.key.text, SymbolKind.Namespace, String(children.length)), children }
}

function stateSymbol(view: View, entry: Entry, name: string): DocumentSymbol {
  const heard = entry.value.kind === 'map' ? heardOf(view, entry.value) : undefined
  return { ...symbol(view, entry, name, SymbolKind.Function, heard === undefined ? '' : `${heard.verb}: ${heard.words}`), children: inPlace(view, entry.value, []) }
}

/** States written in place, each by its way there. */
function inPlace(view: View, node: Node, way: readonly string[]): DocumentSymbol[] {
  if (node.kind === 'list') return node.items.flatMap((item, index) => inPlace(view, item, [...way, String(index)]))
  if (node.kind !== 'map') return []
  return node.entries.flatMap(entry => {
    const { key, value } = entry
    const here = [...way, key.text]
    const isState = value.kind === 'map' && (key.text === 'next' || key.text === 'goto' || way.at(-1) === 'on') && value.entries.some(one => VERB_NAMES.includes(one.key.text))
    return isState ? [stateSymbol(view, entry, here.join('.'))] : inPlace(view, value, here)
  })
}

function callSymbols(view: View, calls: Node | undefined): DocumentSymbol[] {
  if (calls?.kind !== 'list') return []
  return calls.items.flatMap((call): DocumentSymbol[] => {
    const name = call.kind === 'map' ? entryOf(call, 'name') : undefined
    const steps = call.kind === 'map' ? entryOf(call, 'steps')?.value : undefined
    if (name?.value.kind !== 'scalar' || name.value.text === '') return []
    const count = steps?.kind === 'list' ? steps.items.length : 0
    return [{ name: name.value.text, kind: SymbolKind.Event, detail: counted(count, 'step'), range: rangeOf(view, call.span), selectionRange: rangeOf(view, name.value.span) }]
  })
}

function symbol(view: View, { key, value }: Entry, name: string, kind: SymbolKind, detail: string): DocumentSymbol {
  // a name may be empty in a half-typed file, and editors refuse that
  return { name: name === '' ? '?' : name, kind, detail, range: rangeOf(view, { start: key.span.start, end: Math.max(key.span.end, value.span.end) }), selectionRange: rangeOf(view, key.span) }
}
