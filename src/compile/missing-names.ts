/**
 * Names that are used and nowhere written. One mistake is one problem: a misspelt definition is told where it stands,
 * however many use it; a name that is used several times once; names that nothing in the file resembles together, for
 * whoever cut the end off a file has lost them together.
 */
import type { Span } from '../problem/problem.ts'
import type { Path } from '../parse/tree.ts'
import { editDistance } from '../validate/nearest.ts'
import { quoted } from '../validate/words.ts'
import { guess, placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import type { MissingName, NameKind } from './missing-name.ts'

/** Other places that are listed with a problem. */
const MOST_RELATED = 50

interface Group {
  readonly uses: MissingName[]
  readonly first: MissingName
  /** The word that is meant, and whether it is a definition that nothing uses. */
  word?: string
  isUnused?: boolean
}

/** Reports the names that were found missing, when all uses and definitions are known. */
export function tellMissing(context: Context): void {
  const groups = new Map<string, Group>()
  const places = new Set<string>()
  for (const use of context.missing) {
    const { start } = spanOf(context, use)
    if (places.has(`${start} ${use.name}`)) continue
    places.add(`${start} ${use.name}`)
    const group = groups.get(`${use.kind} ${use.name}`)
    if (group === undefined) groups.set(`${use.kind} ${use.name}`, { uses: [use], first: use })
    else group.uses.push(use)
  }
  const nowhere: Group[] = []
  const weak: Group[] = []
  const unused = new Map<NameKind, readonly string[]>()
  for (const group of groups.values()) {
    const { kind, name } = group.first
    if (!unused.has(kind)) unused.set(kind, unusedNames(context, kind))
    findWord(context, group, unused.get(kind) ?? [])
    if (kind === 'sound') tellNear(context, group)
    else if (group.word !== undefined && (group.isUnused === true || isLikely(name, group.word))) tellNear(context, group)
    else (group.word === undefined ? nowhere : weak).push(group)
  }
  for (const kinds of [['state', 'prompt'], ['value'], ['language']] as const) tellFar(context, kinds, weak, nowhere)
  if (context.document.tree.unread.length > 0) for (const kind of ['state', 'prompt'] as const) tellMeantInUnread(context, kind)
}

/** Names that nothing resembles, or not much: one with what is nearest, several together. */
function tellFar(context: Context, kinds: readonly NameKind[], allWeak: readonly Group[], all: readonly Group[]): void {
  const ofKinds = (group: Group): boolean => kinds.includes(group.first.kind)
  const weak = allWeak.filter(ofKinds)
  const nowhere = all.filter(ofKinds)
  // what was lost with a part that could not be read may be these names
  if (areLost(context, [...weak, ...nowhere])) tellNowhere(context, nowhere.filter(group => !isName(group.first.name)))
  else if (weak.length === 1 && nowhere.length === 0) weak.forEach(group => tellNear(context, group))
  else tellNowhere(context, [...weak, ...nowhere])
}

/** A definition that nothing uses, where a part that could not be read uses nearly its name. */
function tellMeantInUnread(context: Context, kind: 'state' | 'prompt'): void {
  const { tree, stateNames, data } = context.document
  const known = new Set(kind === 'state' ? stateNames : Object.keys(data.prompts ?? {}))
  const used = tree.unread.flatMap(({ start, end }) => [...tree.text.slice(start, end).matchAll(/[\s:[]([a-z][a-z0-9_-]{3,})(?=\s*(?:[,}\]]|$))/gm)].map(match => match[1] as string)).filter(word => !known.has(word))
  for (const name of used.length === 0 ? [] : unusedNames(context, kind)) {
    const word = guess(context, name, used)
    const definition = word !== undefined && isLikely(name, word) ? definitionOf(context, kind, name) : undefined
    if (definition === undefined) continue
    tell(context, definition.path, {
      code: kind === 'state' ? 'unknown-target' : 'unknown-prompt', span: definition.span, message: `nothing uses \`${name}\`, and \`${word}\`, which is named where this file cannot be read, is not there`,
      label: `is this \`${word}\`?`, help: `did you mean \`${word}\`?`, fix: { safe: false, edits: [{ span: definition.span, text: word as string }] },
    })
  }
}

function areLost({ document: { lost } }: Context, groups: readonly Group[]): boolean {
  const count = (kind: NameKind): number => groups.filter(group => group.first.kind === kind).length
  return count('value') <= lost.values && count('state') <= lost.states && count('prompt') <= lost.prompts && count('language') === 0
}

function findWord(context: Context, group: Group, unused: readonly string[]): void {
  const { name, known } = group.first
  const misspelt = unused.length === 0 ? undefined : guess(context, name, unused)
  group.isUnused = misspelt !== undefined
  group.word = misspelt ?? guess(context, name, known())
}

function isName(text: string): boolean {
  return /^[a-z][a-z0-9_-]{0,63}$/.test(text)
}

/** Whether one name is the other, misspelt by a letter or two: `menu-1` and `menu-2` are two names. */
function isLikely(one: string, other: string): boolean {
  return one.replace(/\d+/g, '0') !== other.replace(/\d+/g, '0') && editDistance(one, other) <= 2
}

function tellNear(context: Context, { uses, first, word = '', isUnused }: Group): void {
  const definition = definitionOf(context, first.kind, word)
  if (isUnused === true && uses.length > 1 && definition !== undefined) {
    const { file } = context.document.tree
    tell(context, definition.path, {
      code: first.told.code, span: definition.span,
      message: `nothing uses \`${word}\`, and \`${first.name}\`, which is used in ${uses.length} places, is not there`,
      label: `is this \`${first.name}\`?`, ...(first.told.effect === undefined ? {} : { effect: first.told.effect }),
      help: `did you mean \`${first.name}\`?`,
      related: uses.slice(0, MOST_RELATED).map(use => ({ file, span: spanOf(context, use), message: `\`${first.name}\` is used here` })),
      fix: { safe: false, edits: [{ span: definition.span, text: first.name }] },
    })
    return
  }
  const edits = uses.map(use => (use.write === undefined || word === '' ? undefined : { span: spanOf(context, use), text: use.write(word) })).filter(one => one !== undefined)
  const also = [...(definition === undefined ? [] : [{ span: definition.span, message: `\`${word}\` is here` }]), ...uses.slice(1, MOST_RELATED).map(use => ({ span: spanOf(context, use), message: `\`${first.name}\` is used here too` }))]
  tell(context, first.path, {
    ...first.told, ...(first.span === undefined ? {} : { span: first.span }),
    help: word === '' ? first.help : `did you mean \`${first.kind === 'value' ? `{{${word}}}` : word}\`?`,
    ...(also.length === 0 ? {} : { related: also.map(one => ({ file: context.document.tree.file, ...one })) }),
    ...(edits.length === 0 || edits.length < uses.length ? {} : { fix: { safe: false, edits } }),
  })
}

function tellNowhere(context: Context, groups: readonly Group[]): void {
  const together = [...groups].sort((a, b) => spanOf(context, a.first).start - spanOf(context, b.first).start)
  const first = together[0]?.first
  if (first === undefined) return
  const names = [...new Set(together.map(group => group.first.name))]
  const others = together.flatMap(group => group.uses).filter(use => use !== first)
  tell(context, first.path, {
    ...first.told, ...(first.span === undefined ? {} : { span: first.span }),
    help: names.length === 1 ? first.help : `${quoted(names)} are used and nowhere written: is the end of the file missing? Else ${first.help}`,
    ...(others.length === 0 ? {} : { related: others.slice(0, MOST_RELATED).map(use => ({ file: context.document.tree.file, span: spanOf(context, use), message: use.name === first.name ? `\`${use.name}\` is used here too` : `\`${use.name}\` is not there either` })) }),
  })
}

function spanOf(context: Context, { path, span }: MissingName): Span {
  return span ?? placeIn(context, path).value
}

/** Names of a kind that the file defines and nothing uses, as far as it could be read. */
function unusedNames(context: Context, kind: NameKind): readonly string[] {
  const names = definedAndUnused(context, kind)
  return context.unreadWords.size === 0 ? names : names.filter(name => !context.unreadWords.has(name))
}

function definedAndUnused({ document, found, used, promptsUsed, vars, values }: Context, kind: NameKind): readonly string[] {
  if (kind === 'state') return found.slice(0, document.stateNames.length).map(one => one.name).filter(name => !used.has(`state ${name}`))
  if (kind === 'prompt') return Object.keys(document.data.prompts ?? {}).filter(name => name !== 'note' && !promptsUsed.has(name))
  if (kind === 'language') return (document.data.languages ?? []).filter(language => !used.has(`language ${language}`))
  // what a flow with exits sets, whoever runs it may use
  const kept = document.data.exits === undefined ? values.keys() : Object.keys(document.data.inputs ?? {})
  return kind === 'value' ? [...vars.keys(), ...kept].filter(name => !used.has(`value ${name}`)) : []
}

/** Where a name is defined, if it is once. */
function definitionOf(context: Context, kind: NameKind, name: string): { readonly path: Path; readonly span: Span } | undefined {
  const keyOf = (path: Path): { path: Path; span: Span } | undefined => {
    const { key } = placeIn(context, path)
    return key === undefined ? undefined : { path, span: key }
  }
  if (kind === 'state') return context.document.stateNames.includes(name) ? keyOf(['states', name]) : undefined
  if (kind === 'prompt') return Object.hasOwn(context.document.data.prompts ?? {}, name) ? keyOf(['prompts', name]) : undefined
  if (kind === 'sound') return undefined
  if (kind === 'language') {
    const path = ['languages', context.document.data.languages?.indexOf(name) ?? 0]
    return { path, span: placeIn(context, path).value }
  }
  for (const key of ['vars', 'inputs'] as const) if (Object.hasOwn(context.document.data[key] ?? {}, name)) return keyOf([key, name])
  const places = context.found.flatMap(({ data, path }) => [
    ...(data?.['save'] === name ? [{ path: [...path, 'save'], span: placeIn(context, [...path, 'save']).value }] : []),
    ...['set', 'save'].flatMap(key => (Object.hasOwn(mapOf(data?.[key]), name) ? [keyOf([...path, key, name])] : [])),
  ])
  return places.length === 1 ? places[0] : undefined
}

function mapOf(data: unknown): object {
  return typeof data === 'object' && data !== null ? data : {}
}
