/** Lines, keys and values that are gone. */
import { entryOf } from '../../../src/parse/tree.ts'
import type { Scalar } from '../../../src/parse/tree.ts'
import type { Span } from '../../../src/problem/problem.ts'
import type { Base } from './base.ts'
import { lineOf } from './base.ts'
import { beginsLine, extentOf, isFlow } from './extents.ts'
import { interfaceOf } from './interfaces.ts'
import { isAnnounced, isHandledWithout, isUsedElsewhere } from './meaning.ts'
import { moved } from './mutation.ts'
import type { At, Made, Mutation } from './mutation.ts'
import type { NameKind } from './names.ts'
import type { Site } from './sites.ts'

/** A whole entry: its key, and all that belongs to it. */
export function deletedEntries(base: Base): Made[] {
  return base.sites.map(site => deleteEntry(base, site)).filter(one => one !== undefined)
}

function deleteEntry(base: Base, site: Site): Made | undefined {
  const { key, inside, node, keyPart, state, verb, path } = site
  if (key === undefined || inside === undefined) return undefined
  const entry = { key, value: node }
  const span = extentOf(base.text, inside, entry)
  if (span === undefined || inside.entries.length === 1) return undefined
  const edit = { span, text: '' }
  const made = (codes: readonly string[], at: readonly At[], names: readonly string[] = []): Mutation => ({ kind: 'deletion', what: `all of \`${key.text}\` (${keyPart})`, edit, codes, at, names })
  const holder = (): At[] => (state?.key === undefined ? [] : [{ span: moved(state.key.span, edit) }])
  switch (keyPart) {
    case 'top': {
      if (key.text === 'start' || key.text === 'states') return made(key.text === 'start' ? ['missing-start'] : ['missing-field'], [{ span: firstEntry(base, edit), within: true }], key.text === 'states' ? base.names.definitions.map(one => one.name) : [])
      if (['prompts', 'vars', 'inputs', 'exits'].includes(key.text)) return gone(base, made, edit)
      return { reason: key.text === 'defaults' || key.text === 'keys' ? 'which states need what is shared depends on all of them' : 'the key may be left out' }
    }
    case 'state name': return gone(base, made, edit, [key.text, 'state'])
    case 'prompt name': return gone(base, made, edit, [key.text, 'prompt'])
    case 'var name': case 'value name': case 'input name': return gone(base, made, edit, [key.text, 'value'])
    case 'verb': return made(['no-verb'], holder())
    case 'option': case 'outcome': {
      if (state === undefined || verb === undefined) return { reason: 'which states need what is shared depends on all of them' }
      if (key.text === 'save' && node.kind === 'map') return gone(base, made, edit)
      if (key.text === 'with' || keyPart === 'outcome' && verb === 'flow' || verb === 'flow' && ['on', 'next'].includes(key.text)) return ofFlow(base, site, made, edit)
      if (key.text === 'save') return gone(base, made, edit, [(node as Scalar).text, 'value'])
      if (['on', 'next'].includes(key.text) || keyPart === 'outcome') {
        if (!isHandledWithout(base, state.map, verb, entry)) return made(['unhandled-outcome'], holder())
        return { reason: 'the reports of the state still lead somewhere' }
      }
      return { reason: 'an option may be left out' }
    }
    case 'given': return ofFlow(base, site, made, edit)
    case 'digit': {
      const text = node.kind === 'scalar' ? node.text : ''
      if (path[0] === 'keys') return { reason: 'the key may be left out' }
      if (isAnnounced(base, site, key.text) && state !== undefined) return made(['prompt-names-missing-key'], state.map.entries.filter(one => one.key.text === verb || one.key.text === 'on').flatMap(one => [{ span: moved(one.key.span, edit) }, { span: moved(one.value.span, edit) }]), [text])
      if (node.kind === 'scalar' && base.names.definitions.some(one => one.name === text) && !isUsedElsewhere(base, text, entry)) {
        const definition = base.names.definitions.find(one => one.kind === 'state' && one.name === text)
        return made(['unreachable-state'], definition === undefined ? [] : [{ span: moved(definition.span, edit) }], [text])
      }
      return { reason: 'a menu may have fewer keys' }
    }
    case 'line': return key.text === 'goto' ? made(['missing-field'], [{ span: moved(inside.span, edit), within: true }]) : whenGone(made, inside.span, edit, site, base)
    case 'test': return made(['no-verb', 'missing-field'], [{ span: moved(inside.span, edit), within: true }, { span: { start: Math.max(0, moved(inside.span, edit).start - 6), end: moved(inside.span, edit).end }, within: true }])
    case 'wording': return site.words[0] === key.text ? made(['missing-translation'], promptOf(base, site, edit)) : { reason: 'the first language stands in for a wording that is left out' }
    case 'inner': {
      if (key.text === 'matches' || key.text === 'is') return made(['missing-field'], [{ span: moved(inside.span, edit), within: true }])
      return key.text === 'file' ? { reason: 'a prompt may be a text alone' } : { reason: 'the key may be left out' }
    }
    default: return undefined
  }
}

/** What a state says of the flow that it runs: what it must be given, and where each of its exits leads. */
function ofFlow(base: Base, { key, node, state, verb, keyPart }: Site, made: (codes: readonly string[], at: readonly At[]) => Mutation, edit: Mutation['edit']): Made {
  const run = state === undefined ? undefined : entryOf(state.map, 'flow')?.value
  if (state === undefined || run === undefined || key === undefined || verb === undefined) return { reason: 'which states need what is shared depends on all of them' }
  const at = [{ span: moved(run.span, edit) }]
  if (key.text === 'with' || keyPart === 'given') {
    const { inputs } = interfaceOf(base.others, state.map)
    const gone = keyPart === 'given' ? [key.text] : Object.keys(inputs)
    return gone.every(name => inputs[name] === 'text') ? { reason: 'an input that is a text may be left out' } : made(['missing-field'], at)
  }
  return isHandledWithout(base, state.map, verb, { key, value: node }) ? { reason: 'the reports of the state still lead somewhere' } : made(['exit-unhandled'], at)
}

/** The name of the prompt that a wording is of. */
function promptOf({ sites }: Base, { path }: Site, edit: Mutation['edit']): At[] {
  const prompt = sites.find(site => site.keyPart === 'prompt name' && site.key?.text === path[1])
  return prompt?.key === undefined ? [] : [{ span: moved(prompt.key.span, edit) }]
}

/** Where the file says that a key of its own is missing. */
function firstEntry({ tree }: Base, edit: Mutation['edit']): Span {
  const { start } = tree.root.span
  return { start: 0, end: Math.max(start, edit.span.start) + 200 }
}

/** A line without a test: everybody takes it, and what stands below is lost. */
function whenGone(made: (codes: readonly string[], at: readonly At[]) => Mutation, line: Span, edit: Mutation['edit'], { path }: Site, { sites }: Base): Made {
  const list = path.slice(0, -2).join('/')
  const last = sites.filter(site => site.key === undefined && site.path.slice(0, -1).join('/') === list).at(-1)
  return last?.path.at(-1) === path.at(-2) ? { reason: 'the last line of a route has no test' } : made(['shadowed-edge'], [{ span: moved(line, edit), within: true }])
}

/** A definition that is gone with all that is in it: what still uses it is told. */
function gone(base: Base, made: (codes: readonly string[], at: readonly At[], names: readonly string[]) => Made, edit: Mutation['edit'], one?: readonly [string, NameKind]): Made {
  const inLost = (span: Span): boolean => span.start >= edit.span.start && span.end <= edit.span.end
  const defined = one === undefined ? base.names.definitions.filter(definition => inLost(definition.span)) : base.names.definitions.filter(definition => definition.name === one[0] && definition.kind === one[1])
  if (one !== undefined && defined.length > 1) return { reason: 'the name is defined elsewhere too' }
  const uses = base.names.uses.filter(use => !inLost(use.span) && defined.some(definition => definition.kind === use.kind && definition.name === use.name))
  if (uses.length === 0) return { reason: 'nothing uses what is gone' }
  const codes = [...new Set(uses.map(use => ({ state: 'unknown-target', prompt: 'unknown-prompt', value: 'undefined-value', exit: 'exit-missing' })[use.kind]))]
  return made(codes, uses.flatMap(use => [{ span: moved(use.span, edit) }, { span: moved(use.around, edit) }]), defined.map(definition => definition.name))
}

/** The line of a key that others belong to, without them: they are left to whatever stands above. */
export function deletedHeaders(base: Base): Made[] {
  return base.sites.map((site): Made | undefined => {
    const { key, node, inside, keyPart } = site
    if (key === undefined || inside === undefined || node.kind === 'scalar' || isFlow(base.text, node) || !beginsLine(base.text, key.span)) return undefined
    const line = lineOf(base.text, key.span.start)
    const edit = { span: line, text: '' }
    const uses = base.names.uses.filter(use => use.name === key.text && (keyPart === 'state name' ? use.kind === 'state' : keyPart === 'prompt name' && use.kind === 'prompt'))
    // where the first of a map is gone, the next one is at odds with what it leaves behind
    const end = moved(node.span, edit).end
    const orphans: At = { span: { start: Math.max(0, line.start - 1), end: inside.entries[0]?.key === key ? lineOf(base.text, line.end - line.start + lineOf(base.text, node.span.end).end).end : end }, within: true }
    const lacking: At[] = keyPart === 'top' ? [{ span: firstEntry(base, edit), within: true }] : site.state?.key === undefined ? [] : [{ span: moved(site.state.key.span, edit) }]
    return {
      kind: 'deletion', what: `the line of \`${key.text}:\` (${keyPart})`, edit,
      codes: ['yaml-syntax', 'missing-field', 'two-verbs', 'duplicate-key', 'no-verb', 'carrier-shape', 'field-not-here', 'unknown-field', 'unknown-target', 'unknown-prompt', 'undefined-value', 'wrong-type', 'unhandled-outcome', 'impossible-outcome', 'exit-unhandled', 'exit-missing'],
      at: [orphans, ...lacking, ...uses.map(use => ({ span: moved(use.span, edit) }))], names: [key.text, ...base.names.definitions.filter(one => one.span.start >= node.span.start && one.span.end <= node.span.end).map(one => one.name)],
    }
  }).filter(one => one !== undefined)
}

/** A key before its colon, and a value after it. */
export function deletedHalves({ text, sites }: Base): Made[] {
  return sites.flatMap(({ key, node, keyPart, inside }): Made[] => {
    if (key === undefined || node.kind !== 'scalar' || node.text === '' || inside === undefined) return []
    const line = lineOf(text, key.span.start)
    const keyless = { span: key.span, text: '' }
    const region = isFlow(text, inside) ? { start: key.span.start - 1, end: node.span.end - (key.span.end - key.span.start) } : { start: line.start, end: line.end - (key.span.end - key.span.start) }
    const valueless = { span: { start: key.span.end + 1, end: node.span.end }, text: '' }
    return [
      { kind: 'deletion', what: `the key of \`${key.text}: …\` (${keyPart})`, edit: keyless, codes: ['yaml-syntax'], at: [{ span: region, within: true }], names: [key.text] },
      { kind: 'deletion', what: `the value of \`${key.text}: …\` (${keyPart})`, edit: valueless, codes: ['missing-field'], at: [{ span: key.span }], names: node.text === '' ? [] : [node.text] },
    ]
  })
}
