/** Where what stands in a valid flow: every key and value with its part in the language. */
import { entryOf } from '../../../src/parse/tree.ts'
import type { Entry, List, Mapping, Node, Path, Scalar } from '../../../src/parse/tree.ts'
import { interfaceOf } from './interfaces.ts'
import { BESIDE, INTEGERS, OPTIONS, OUTCOMES, TESTS, TOP, VALUES, VERBS } from './words.ts'

export type KeyPart = 'top' | 'verb' | 'option' | 'outcome' | 'digit' | 'test' | 'line' | 'inner' | 'wording' | 'state name' | 'prompt name' | 'var name' | 'value name' | 'input name' | 'given' | 'item'
export type ValuePart = 'target' | 'start' | 'prompt' | 'file' | 'number' | 'caller' | 'integer' | 'choice' | 'text' | 'template' | 'regex' | 'save' | 'timezone' | 'language' | 'visited' | 'table' | 'flow' | 'exit' | 'exit name' | 'input type' | 'taken' | 'parts'

export interface Site {
  readonly path: Path
  readonly key: Scalar | undefined
  readonly node: Node
  /** The map that the key stands in. */
  readonly inside: Mapping | undefined
  readonly keyPart: KeyPart
  readonly valuePart: ValuePart
  /** Words that may stand in place of the key. */
  readonly words: readonly string[]
  /** The verb of the state that it stands in. */
  readonly verb: string | undefined
  /** The state that it stands in: its name, and the key that holds it. */
  readonly state: { readonly path: Path; readonly key: Scalar | undefined; readonly map: Mapping } | undefined
}

type Found = Omit<Site, 'path' | 'key' | 'node' | 'inside'>

/** The texts of a list. */
function textsOf(list: Node | undefined): readonly string[] {
  return list?.kind === 'list' ? list.items.flatMap(item => (item.kind === 'scalar' ? [item.text] : [])) : []
}

/** Every place of a flow's tree, in its order. */
export function sitesOf(root: Mapping, others: Readonly<Record<string, string>> = {}): Site[] {
  const sites: Site[] = []
  const add = (path: Path, entry: Entry, inside: Mapping, found: Found): void => void sites.push({ path, key: entry.key, node: entry.value, inside, ...found })
  const none = { verb: undefined, state: undefined }
  const languages = textsOf(entryOf(root, 'languages')?.value)

  const top = (entry: Entry): void => {
    const key = entry.key.text
    const path = [key]
    const valuePart: ValuePart = key === 'start' ? 'start' : key === 'on_error' ? 'target' : key === 'timezone' ? 'timezone' : key === 'language' ? 'language' : ['title', 'note', 'country'].includes(key) ? 'text' : 'parts'
    add(path, entry, root, { ...none, keyPart: 'top', valuePart: entry.value.kind === 'scalar' ? valuePart : 'parts', words: TOP })
    const below = entry.value
    if (key === 'on_error') target(path, below)
    if (key === 'numbers' && below.kind === 'list') items(path, below, 'number', none)
    if (key === 'exits' && below.kind === 'list') items(path, below, 'exit name', none)
    if (below.kind !== 'map') return
    for (const child of below.entries) {
      const at = [key, child.key.text]
      if (key === 'states') named(at, child, below)
      else if (key === 'inputs') add(at, child, below, { ...none, keyPart: 'input name', valuePart: 'input type', words: [] })
      else if (key === 'keys') {
        add(at, child, below, { ...none, keyPart: 'digit', valuePart: child.value.kind === 'map' ? 'parts' : 'target', words: [] })
        target(at, child.value)
      } else if (key === 'defaults') defaults(at, child, below)
      else if (key === 'vars' || key === 'prompts') {
        const part = child.value.kind !== 'scalar' ? 'parts' : key === 'vars' ? 'text' : 'file'
        add(at, child, below, { ...none, keyPart: key === 'vars' ? 'var name' : 'prompt name', valuePart: part, words: [] })
        if (child.value.kind === 'map') for (const entry of child.value.entries) inner([...at, entry.key.text], entry, child.value, key === 'vars' ? ['env', 'default', 'note'] : ['file', 'text', 'note'])
      }
    }
  }

  const inner = (path: Path, entry: Entry, inside: Mapping, words: readonly string[]): void => {
    if (entry.value.kind !== 'map') return add(path, entry, inside, { ...none, keyPart: 'inner', valuePart: entry.key.text === 'file' ? 'file' : 'text', words })
    add(path, entry, inside, { ...none, keyPart: 'wording', valuePart: 'parts', words: languages })
    for (const below of entry.value.entries) inner([...path, below.key.text], below, entry.value, words)
  }

  const named = (path: Path, entry: Entry, inside: Mapping): void => {
    add(path, entry, inside, { ...none, keyPart: 'state name', valuePart: 'parts', words: [] })
    if (entry.value.kind === 'map') state(path, entry.value, entry.key)
  }

  const defaults = (path: Path, entry: Entry, inside: Mapping): void => {
    const verb = entry.key.text
    add(path, entry, inside, { ...none, keyPart: 'inner', valuePart: 'parts', words: ['ivr', 'play', 'connect', 'record'] })
    if (entry.value.kind === 'map') options(path, entry.value, verb, undefined)
  }

  const target = (path: Path, node: Node, key?: Scalar): void => {
    if (node.kind === 'map') state(path, node, key)
  }

  const state = (path: Path, map: Mapping, key: Scalar | undefined): void => {
    const verb = map.entries.find(entry => VERBS.includes(entry.key.text))?.key.text
    if (verb !== undefined) options(path, map, verb, { path, key, map })
  }

  const options = (path: Path, map: Mapping, verb: string, inState: Site['state']): void => {
    const shared = { verb, state: inState }
    for (const entry of map.entries) {
      const key = entry.key.text
      const at = [...path, key]
      const isVerb = inState !== undefined && key === verb
      const part = isVerb ? verbPart(verb, entry.value) : optionPart(key, entry.value)
      add(at, entry, map, { ...shared, keyPart: isVerb ? 'verb' : 'option', valuePart: entry.value.kind === 'scalar' ? part : 'parts', words: isVerb ? VERBS : (OPTIONS[verb] ?? []) })
      if (verb === 'flow' && entry.value.kind === 'map') ofFlow(at, entry.value, map, shared)
      if (entry.value.kind === 'list' && verb === 'connect') items(at, entry.value, 'number', shared)
      if (isVerb && verb === 'route' && entry.value.kind === 'list') lines(at, entry.value, shared)
      if (isVerb && verb === 'set' && entry.value.kind === 'map') for (const one of entry.value.entries) add([...at, one.key.text], one, entry.value, { ...shared, keyPart: 'value name', valuePart: 'template', words: [] })
      if (key === 'next') target(at, entry.value, entry.key)
      if (key !== 'on' || entry.value.kind !== 'map') continue
      for (const outcome of entry.value.entries) {
        const digit = /^[0-9x*#]+$/.test(outcome.key.text)
        add([...at, outcome.key.text], outcome, entry.value, { ...shared, keyPart: digit ? 'digit' : 'outcome', valuePart: outcome.value.kind === 'map' ? 'parts' : 'target', words: verb === 'flow' ? [...interfaceOf(others, map).exits, 'failed', 'note'] : OUTCOMES[verb] ?? [] })
        target([...at, outcome.key.text], outcome.value, outcome.key)
      }
    }
  }

  /** What a state gives to the flow that it runs, and what it keeps of it. */
  const ofFlow = (path: Path, values: Mapping, map: Mapping, shared: Pick<Site, 'verb' | 'state'>): void => {
    const { inputs } = interfaceOf(others, map)
    for (const one of values.entries) {
      const name = one.key.text
      if (path.at(-1) === 'with') add([...path, name], one, values, { ...shared, keyPart: 'given', valuePart: inputs[name] === 'prompt' ? 'prompt' : 'template', words: Object.keys(inputs) })
      if (path.at(-1) === 'save') add([...path, name], one, values, { ...shared, keyPart: 'value name', valuePart: 'taken', words: [] })
    }
  }

  const items = (path: Path, list: List, valuePart: ValuePart, shared: Pick<Site, 'verb' | 'state'>): void => {
    list.items.forEach((node, index) => sites.push({ path: [...path, index], key: undefined, node, inside: undefined, keyPart: 'item', valuePart, words: [], ...shared }))
  }

  const lines = (path: Path, list: List, shared: Pick<Site, 'verb' | 'state'>): void => {
    list.items.forEach((line, index) => {
      if (line.kind !== 'map') return
      sites.push({ path: [...path, index], key: undefined, node: line, inside: undefined, keyPart: 'item', valuePart: 'parts', words: [], ...shared })
      for (const entry of line.entries) {
        const at = [...path, index, entry.key.text]
        add(at, entry, line, { ...shared, keyPart: 'line', valuePart: entry.key.text === 'goto' && entry.value.kind === 'scalar' ? 'target' : 'parts', words: ['when', 'goto', 'note'] })
        if (entry.key.text === 'goto') target(at, entry.value, entry.key)
        else if (entry.value.kind === 'map') test(at, entry.value, shared)
      }
    })
  }

  const test = (path: Path, map: Mapping, shared: Pick<Site, 'verb' | 'state'>): void => {
    const told = map.entries.find(entry => TESTS.includes(entry.key.text))?.key.text ?? ''
    for (const entry of map.entries) {
      const key = entry.key.text
      const at = [...path, key]
      const scalar = entry.value.kind === 'scalar'
      const part: ValuePart = !scalar ? 'parts' : key === 'caller' || key === 'called' ? 'caller' : key === 'visited' || key === 'answered' ? 'visited' : key === 'matches' ? 'regex' : key === 'value' ? 'template' : key in VALUES ? 'choice' : key in INTEGERS ? 'integer' : 'text'
      add(at, entry, map, { ...shared, keyPart: key === told ? 'test' : 'inner', valuePart: part, words: key === told ? TESTS : (BESIDE[told] ?? ['note']) })
      if (entry.value.kind === 'list') entry.value.items.forEach((one, index) => one.kind === 'map' && test([...at, index], one, shared))
      else if (key === 'not' && entry.value.kind === 'map') test(at, entry.value, shared)
    }
  }

  root.entries.forEach(top)
  return sites
}

function verbPart(verb: string, node: Node): ValuePart {
  if (node.kind === 'scalar' && node.text === 'true') return 'text'
  if (verb === 'lookup') return 'table'
  if (verb === 'send') return 'parts'
  if (verb === 'flow' || verb === 'exit') return verb
  return verb === 'connect' ? 'number' : verb === 'hangup' ? 'text' : 'prompt'
}

function optionPart(key: string, node: Node): ValuePart {
  if (key === 'next') return 'target'
  if (key === 'silent' && node.kind === 'scalar' && node.text === 'true') return 'text'
  if (['sorry', 'silent', 'again'].includes(key)) return 'prompt'
  if (key === 'callerid') return 'number'
  if (key === 'valid') return 'regex'
  if (key === 'save') return 'save'
  if (key === 'equals') return 'template'
  if (key in VALUES) return 'choice'
  return key in INTEGERS ? 'integer' : 'text'
}
