/** What stands under the cursor, explained. */
import type { Hover } from 'vscode-languageserver'
import { languageName } from '../compile/languages.ts'
import { walkOf } from '../lint/walk/walk.ts'
import { entryOf } from '../parse/tree.ts'
import type { Node } from '../parse/tree.ts'
import { counted } from '../problem/findings.ts'
import { callsSchema, flowSchema } from '../validate/schema.ts'
import type { RootSchema } from '../validate/schema.ts'
import { edgesOf, leadsTo, placeWords } from './edges.ts'
import { heardOf, wordingLines } from './heard.ts'
import { occurrenceAt, placesOf } from './meant.ts'
import type { Occurrence } from './occurrences.ts'
import { flowView, rangeOf, topLevel, treeOf } from './scene.ts'
import type { Scene, View } from './scene.ts'
import { facts } from './schema-words.ts'
import { FILTER_WORDS, MESSAGE_WORDS, VALUE_WORDS } from './value-words.ts'
import { alternativesOf, describe, walkDocument } from './walk-document.ts'
import type { Place } from './walk-document.ts'

/** Places of use that are listed; the rest is counted. */
const MOST_PLACES = 12

/** An explanation of what stands at an offset; undefined where there is nothing to say. */
export function hover(scene: Scene, offset: number): Hover | undefined {
  const { view } = scene
  const named = occurrenceAt(scene, offset)
  const said = named === undefined ? undefined : namedWords(scene, named)
  if (named !== undefined && said !== undefined) return { contents: { kind: 'markdown', value: said }, range: rangeOf(view, named.span) }
  const place = placeAt(view, offset)
  const words = place === undefined ? undefined : filterWords(view, offset) ?? schemaWords(view.kind === 'flow' ? flowSchema : callsSchema, place)
  return place === undefined || words === undefined ? undefined : { contents: { kind: 'markdown', value: words }, range: rangeOf(view, place.node.span) }
}

function placeAt(view: View, offset: number): Place | undefined {
  const tree = treeOf(view)
  let found: Place | undefined
  if (tree !== undefined) {
    walkDocument(tree, view.kind === 'flow' ? flowSchema : callsSchema, view.kind, place => {
      const { span } = place.node
      if (place.node.kind === 'scalar' && span.start <= offset && offset <= span.end && span.end > span.start) found = place
    })
  }
  return found
}

/** What the schema says of a key, or of a word that it knows. */
function schemaWords(root: RootSchema, { schema, node, isKey }: Place): string | undefined {
  if (schema === undefined) return undefined
  const text = node.kind === 'scalar' ? node.text : ''
  const word = isKey ? undefined : alternativesOf(root, schema).all.find(one => one.schema.enum?.some(value => String(value) === text))
  const description = word?.schema.description ?? describe(root, schema)
  if (description === undefined) return undefined
  const known = facts(root, schema)
  return [description, ...(known === undefined ? [] : [`*${known}*`])].join('\n\n')
}

function filterWords(view: View, offset: number): string | undefined {
  const line = view.text.slice(view.text.lastIndexOf('\n', offset - 1) + 1, offset)
  if (!/\{\{[^{}]*\|[^{}]*$/.test(line)) return undefined
  const start = /[a-z0-9]*$/.exec(line)?.[0] ?? ''
  const name = start + (/^[a-z0-9]*/.exec(view.text.slice(offset))?.[0] ?? '')
  return Object.hasOwn(FILTER_WORDS, name) ? `filter \`${name}\`\n\n${FILTER_WORDS[name]}` : undefined
}

function namedWords(scene: Scene, named: Occurrence): string | undefined {
  const flow = flowView(scene, named.flow)
  switch (named.kind) {
    case 'state': return flow === undefined ? undefined : stateWords(scene, flow, named.name)
    case 'prompt': return promptHover(scene, flow, named)
    case 'file': return [`file \`${named.name}\`${/\.(mp3|wav|ogg)$/i.test(named.name) && !scene.sounds.includes(named.name) ? ' (not in this folder)' : ''}`, uses(scene, named)].join('\n\n')
    case 'value': return valueWords(scene, flow, named)
    case 'flow': return flowWords(flowView(scene, named.name), named.name)
    case 'language': return [`language \`${named.name}\``, ...[languageName(named.name) ?? []].flat(), uses(scene, named)].join('\n\n')
    case 'exit': return `exit \`${named.name}\` of \`${named.flow}\`\n\n${uses(scene, named)}`
    default: {
      const defined = excerpt(flow, `${named.kind === 'switch' ? 'switche' : named.kind}s`, named.name)
      return defined === undefined ? undefined : `${named.kind} \`${named.name}\`\n\n${defined}\n\n${uses(scene, named)}`
    }
  }
}

function stateWords(scene: Scene, flow: View, name: string): string | undefined {
  const states = topLevel(flow, 'states')
  const state = states?.kind === 'map' ? entryOf(states, name)?.value : undefined
  if (state === undefined) return undefined
  const heard = state.kind === 'map' ? heardOf(flow, state) : undefined
  const note = state.kind === 'map' ? entryOf(state, 'note')?.value : undefined
  const edges = state.kind === 'map' && heard !== undefined ? edgesOf(flow, state, heard.verb) : []
  const from = leadsTo(flow, name)
  return [
    `state \`${name}\`${heard === undefined ? '' : ` · ${heard.verb}: ${heard.words}`}`,
    ...(note?.kind === 'scalar' ? [note.text] : []),
    ...(edges.length === 0 ? [] : [`Leads on:\n${list(edges)}`]),
    from.length === 0 ? 'Nothing leads here.' : `Comes from:\n${list(from)}`,
    ...wayTo(scene, flow, name),
  ].join('\n\n')
}

/** What a caller does to come to a state, where the flow was last compiled. */
function wayTo(scene: Scene, flow: View, name: string): string[] {
  const compiled = scene.compiled.get(flow.flow)
  const index = compiled?.states.findIndex(state => state.name === name) ?? -1
  if (compiled === undefined || index < 0) return []
  const walk = walkOf(compiled)
  const call = walk.callTo(index)
  return walk.reached(index) && call !== '' ? [`A caller comes here by: ${call}`] : []
}

function promptHover(scene: Scene, flow: View | undefined, named: Occurrence): string | undefined {
  const prompts = topLevel(flow, 'prompts')
  const entry = prompts?.kind === 'map' ? entryOf(prompts, named.name)?.value : undefined
  if (flow === undefined || entry === undefined) return undefined
  const files = fileNames(entry)
  return [`prompt \`${named.name}\``, wordingLines(flow, entry), ...(files.length === 0 ? ['No file: it is spoken.'] : [files.map(file => `\`${file}\`${scene.sounds.includes(file) ? '' : ' (not in this folder)'}`).join(', ')]), uses(scene, named)].join('\n\n')
}

function fileNames(node: Node): string[] {
  if (node.kind !== 'map') return []
  return node.entries.flatMap(({ key, value }) => (value.kind === 'map' ? fileNames(value) : key.text === 'file' && value.kind === 'scalar' ? [value.text] : []))
}

function valueWords(scene: Scene, flow: View | undefined, named: Occurrence): string | undefined {
  const definitions = placesOf(scene, named).filter(one => one.isDefinition)
  const known = { ...VALUE_WORDS, ...MESSAGE_WORDS }
  if (definitions.length === 0) return Object.hasOwn(known, named.name) ? `\`{{${named.name}}}\`\n\n${known[named.name]}` : undefined
  const vars = topLevel(flow, 'vars')
  const fixed = vars?.kind === 'map' ? entryOf(vars, named.name)?.value : undefined
  const env = fixed?.kind === 'map' ? entryOf(fixed, 'env')?.value : undefined
  return [
    `value \`${named.name}\``,
    ...(fixed?.kind === 'scalar' ? [`always \`${fixed.text}\``] : []), ...(env?.kind === 'scalar' ? [`from the environment: \`${env.text}\``] : []),
    `Set by:\n${list(definitions.map(one => placeWords(one.path)))}`, uses(scene, named),
  ].join('\n\n')
}

function flowWords(flow: View | undefined, name: string): string {
  const title = topLevel(flow, 'title')
  return [`flow \`${name}\`${flow === undefined ? ' (not in this folder)' : ''}`, ...(title?.kind === 'scalar' ? [title.text] : [])].join('\n\n')
}

/** The lines of the file that define a name. */
function excerpt(flow: View | undefined, key: string, name: string): string | undefined {
  const map = topLevel(flow, key)
  const entry = map?.kind === 'map' ? entryOf(map, name) : undefined
  return entry === undefined || flow === undefined ? undefined : `\`\`\`yaml\n${flow.text.slice(entry.key.span.start, entry.value.span.end)}\n\`\`\``
}

function uses(scene: Scene, named: Occurrence): string {
  const references = placesOf(scene, named).filter(one => !one.isDefinition)
  const inFlow = [...new Set(references.filter(one => one.view.kind === 'flow').map(one => placeWords(one.path)))]
  const inCalls = references.filter(one => one.view.kind === 'calls').length
  const shown = inFlow.slice(0, MOST_PLACES)
  if (inFlow.length > shown.length) shown.push(`${inFlow.length - shown.length} more`)
  if (inCalls > 0) shown.push(counted(inCalls, 'place') + ' in scripted calls')
  return shown.length === 0 ? 'Used nowhere.' : `Used by:\n${list(shown)}`
}

function list(lines: readonly string[]): string {
  return lines.map(line => `- ${line}`).join('\n')
}
