/** What can be typed where the cursor stands, from the schema and from the files of this folder. */
import { CompletionItemKind } from 'vscode-languageserver'
import type { CompletionItem } from 'vscode-languageserver'
import { FILTERS } from '../compile/template.ts'
import { PAGES } from '../lint/pages.ts'
import type { Span } from '../problem/problem.ts'
import { completeKeys } from './complete-keys.ts'
import { completeTexts } from './complete-texts.ts'
import { cursorAt } from './cursor.ts'
import type { InTree, InValue } from './cursor.ts'
import type { Offer } from './offer.ts'
import { rangeOf } from './scene.ts'
import type { Scene } from './scene.ts'
import { FILTER_WORDS, MESSAGE_WORDS, VALUE_WORDS } from './value-words.ts'
import { namesOf } from './names.ts'

/** The offers at an offset; those that do not fit what is typed are left to the editor. */
export function complete(scene: Scene, offset: number): CompletionItem[] {
  const { view } = scene
  const cursor = cursorAt(view.text, offset, view.kind)
  if (cursor === undefined) return []
  switch (cursor.at) {
    case 'ignored-rule': return items(scene, cursor.word, ruleOffers())
    case 'filter': return items(scene, cursor.word, FILTERS.map(filterOffer))
    case 'value-name': return items(scene, cursor.word, valueOffers(scene, cursor))
    case 'tree': return items(scene, cursor.word, treeOffers(scene, cursor))
  }
}

function treeOffers(scene: Scene, cursor: InTree): Offer[] {
  const keys = cursor.keys === undefined ? [] : completeKeys(scene, cursor, cursor.keys)
  return [...keys, ...(cursor.value === undefined ? [] : completeTexts(scene, cursor, cursor.value))]
}

function ruleOffers(): Offer[] {
  return [...PAGES.values()].filter(page => page.severity !== 'error').map(page => ({ text: page.name, kind: CompletionItemKind.EnumMember, documentation: page.why, written: `${page.name} -- ` }))
}

function filterOffer(name: string): Offer {
  return { text: name, kind: CompletionItemKind.Function, documentation: FILTER_WORDS[name] ?? '', ...(name === 'default' ? { written: 'default: ""' } : {}) }
}

function valueOffers(scene: Scene, cursor: InValue): Offer[] {
  const end = cursor.closed ? '' : '}}'
  const own = namesOf(scene, 'value').map(name => ({ text: name, kind: CompletionItemKind.Variable, detail: 'a value of this flow', rank: 0 }))
  const switches = namesOf(scene, 'switch').map(name => ({ text: `switch.${name}`, kind: CompletionItemKind.Variable, detail: 'how the switch stands', rank: 1 }))
  const builtIn = Object.entries(VALUE_WORDS).map(([name, documentation]) => ({ text: name, kind: CompletionItemKind.Constant, detail: 'a value of tonval\'s', documentation, rank: 2 }))
  const ofMessages = Object.entries(MESSAGE_WORDS).map(([name, documentation]) => ({ text: name, kind: CompletionItemKind.Constant, detail: 'a value that messages know', documentation, rank: 3 }))
  return [...own, ...switches, ...builtIn, ...ofMessages].map(offer => ({ ...offer, written: offer.text + end }))
}

function items(scene: Scene, word: Span, offers: readonly Offer[]): CompletionItem[] {
  const range = rangeOf(scene.view, word)
  const seen = new Set<string>()
  return offers.filter(({ text }) => !seen.has(text) && seen.add(text)).map(offer => ({
    label: offer.text, kind: offer.kind, sortText: `${offer.rank ?? 5}${offer.text}`, filterText: offer.written?.startsWith('"') === true ? offer.written : offer.text,
    ...(offer.detail === undefined ? {} : { detail: offer.detail }),
    ...(offer.documentation === undefined ? {} : { documentation: { kind: 'markdown' as const, value: offer.documentation } }),
    textEdit: { range, newText: offer.written ?? offer.text },
  }))
}
