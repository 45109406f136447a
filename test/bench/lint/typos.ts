/** One or two wrong letters in a key, a name or a value; and words of other systems. */
import type { Scalar } from '../../../src/parse/tree.ts'
import { editDistance } from '../../../src/validate/nearest.ts'
import type { Base } from './base.ts'
import { inner, isAmbiguous, namesLike } from './base.ts'
import { moved } from './mutation.ts'
import type { At, Kind, Made, Mutation } from './mutation.ts'
import type { NameKind } from './names.ts'
import type { Random } from './random.ts'
import type { Site } from './sites.ts'
import { SYNONYMS, VALUES } from './words.ts'

const ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']

function neighbour(letter: string, random: Random): string {
  const row = ROWS.find(one => one.includes(letter.toLowerCase()))
  if (row === undefined) return random.pick([...'asdfghjkl'])
  const at = row.indexOf(letter.toLowerCase())
  return random.pick([row[at - 1], row[at + 1]].filter(one => one !== undefined))
}

function oneWrong(word: string, random: Random): string {
  const at = random.below(word.length)
  const [before, letter, after] = [word.slice(0, at), word[at] as string, word.slice(at + 1)]
  switch (random.below(5)) {
    case 0: return before + after
    case 1: return before + letter + letter + after
    case 2: return before + neighbour(letter, random) + after
    case 3: return before + neighbour(letter, random) + letter + after
    default: return after === '' ? before + letter + letter : before + after[0] + letter + after.slice(1)
  }
}

/** The word with so many wrong letters, as fingers make them; a name stays one. */
export function misspelt(word: string, letters: 1 | 2, random: Random): string | undefined {
  for (let tries = 0; tries < 30; tries++) {
    const wrong = letters === 1 ? oneWrong(word, random) : oneWrong(oneWrong(word, random), random)
    if (editDistance(wrong, word) === letters && /^[a-z]/i.test(wrong) && wrong.length > 1 && !/[-_./]$|\.\./.test(wrong)) return wrong
  }
  return undefined
}

/** What can be misspelt at a place: the scalar, what is around it, and what is said of it. */
interface Target {
  readonly scalar: Scalar
  readonly codes: readonly string[]
  readonly words: readonly string[]
  readonly what: string
  readonly name?: { readonly kind: NameKind; readonly defines: boolean }
  readonly freely?: string
}

function targetsOf(base: Base, site: Site): Target[] {
  const { key, node, keyPart, valuePart, words } = site
  const targets: Target[] = []
  if (key !== undefined && /^[a-z]/.test(key.text)) {
    const codes = { verb: ['no-verb'], outcome: ['impossible-outcome'], test: ['no-verb', 'unknown-field'], option: ['unknown-field'], line: ['unknown-field'], inner: ['unknown-field'], given: ['unknown-field'], wording: ['unknown-language'], top: ['unknown-field'] }[keyPart as string]
    const isReply = site.verb === 'fetch' && keyPart === 'outcome' && !words.includes(key.text)
    if (codes !== undefined) targets.push({ scalar: key, codes: keyPart === 'outcome' && site.verb === 'flow' ? ['exit-missing'] : codes, words, what: `the ${keyPart} \`${key.text}\``, ...(isReply ? { freely: 'any text of a reply may be meant' } : {}) })
    if (keyPart === 'state name') targets.push({ scalar: key, codes: ['unknown-target'], words: namesLike(base, 'state'), what: 'a state’s definition', name: { kind: 'state', defines: true } })
    if (keyPart === 'prompt name') targets.push({ scalar: key, codes: ['unknown-prompt'], words: namesLike(base, 'prompt'), what: 'a prompt’s definition', name: { kind: 'prompt', defines: true } })
    if (keyPart === 'var name' || keyPart === 'value name' || keyPart === 'input name') targets.push({ scalar: key, codes: ['undefined-value'], words: namesLike(base, 'value'), what: 'a value’s definition', name: { kind: 'value', defines: true } })
  }
  if (node.kind !== 'scalar' || !/^[a-z]/i.test(node.text)) return targets
  const said = `the value of \`${key?.text ?? 'an item'}\``
  if (valuePart === 'target' || valuePart === 'start' || valuePart === 'visited') {
    if (/^https?:/.test(node.text)) targets.push({ scalar: node, codes: [], words: [], what: said, freely: 'another address is another application' })
    else targets.push({ scalar: node, codes: ['unknown-target'], words: namesLike(base, 'state'), what: 'a target', name: { kind: 'state', defines: false } })
  } else if (valuePart === 'prompt' || valuePart === 'file') {
    if (node.text.includes('{{') || /^(https?:|sound\/)/.test(node.text)) return targets
    targets.push({ scalar: node, codes: ['unknown-prompt', 'missing-audio'], words: namesLike(base, 'prompt'), what: valuePart === 'file' ? 'a sound file' : 'a prompt’s name', name: { kind: 'prompt', defines: false } })
  } else if (valuePart === 'table') targets.push({ scalar: node, codes: ['unknown-table'], words: [], what: 'a table’s name' })
  else if (valuePart === 'flow') targets.push({ scalar: node, codes: ['unknown-flow'], words: Object.keys(base.others), what: 'a flow’s name' })
  else if (valuePart === 'exit' || valuePart === 'exit name') targets.push({ scalar: node, codes: ['exit-missing'], words: namesLike(base, 'exit'), what: valuePart === 'exit' ? 'an exit' : 'an exit’s definition', name: { kind: 'exit', defines: valuePart === 'exit name' } })
  else if (valuePart === 'input type') targets.push({ scalar: node, codes: ['bad-value', 'wrong-type'], words: ['number', 'prompt', 'seconds', 'text'], what: said })
  else if (valuePart === 'choice') targets.push({ scalar: node, codes: ['bad-value', 'wrong-type'], words: VALUES[key?.text ?? ''] ?? [], what: said })
  else if (valuePart === 'timezone') targets.push({ scalar: node, codes: ['unknown-timezone'], words: Intl.supportedValuesOf('timeZone'), what: said })
  else if (valuePart === 'save') targets.push({ scalar: node, codes: ['undefined-value'], words: namesLike(base, 'value'), what: 'a value’s definition', name: { kind: 'value', defines: true } })
  else if (valuePart === 'text' || valuePart === 'language') targets.push({ scalar: node, codes: [], words: [], what: said, freely: valuePart === 'text' ? 'any text may be meant' : 'any language may be meant' })
  return targets
}

/** Misspellings of everything that can be misspelt, each place once. */
export function typos(base: Base, letters: 1 | 2, random: Random): Made[] {
  const kind: Kind = letters === 1 ? 'typo of one letter' : 'typo of two letters'
  const ofSites = base.sites.flatMap(site => targetsOf(base, site).map(target => misspell(base, target, letters, kind, random)))
  const ofUses = base.names.uses.filter(one => one.kind === 'value').map(use => {
    const wrong = misspelt(use.name, letters, random)
    if (wrong === undefined || wrong.length < 3) return undefined
    const edit = { span: use.span, text: wrong }
    const at: At = { span: moved(use.around, edit), word: use.name }
    return { kind, what: 'a value’s use', edit, codes: ['undefined-value'], at: withName(base, edit, at, use.name, wrong, 'value'), names: [use.name] }
  })
  return [...ofSites, ...ofUses].filter(one => one !== undefined)
}

function misspell(base: Base, { scalar, codes, words, what, name, freely }: Target, letters: 1 | 2, kind: Kind, random: Random): Made | undefined {
  const meant = scalar.text
  // two wrong letters of a short word are another word
  if (meant.length < (letters === 1 ? 2 : 5)) return undefined
  const wrong = misspelt(meant, letters, random)
  if (wrong === undefined) return undefined
  if (freely !== undefined) return { reason: freely }
  if (words.includes(wrong)) return { reason: 'the misspelt word is another word of the place' }
  const at = inner(scalar)
  const edit = { span: { start: at.start, end: at.end }, text: wrong }
  const word = isAmbiguous(wrong, meant, words) ? {} : { word: meant }
  const here: At = { span: moved(scalar.span, edit), ...word }
  if (name === undefined) return { kind, what, edit, codes, at: [here] }
  if (!name.defines) return { kind, what, edit, codes, at: withName(base, edit, here, meant, wrong, name.kind), names: [meant] }
  const uses = base.names.uses.filter(one => one.kind === name.kind && one.name === meant)
  if (uses.length === 0) return { reason: 'a name that nothing uses may be any' }
  if (base.names.definitions.filter(one => one.kind === name.kind && one.name === meant).length > 1) return { reason: 'the name is defined elsewhere too' }
  const only = uses.length === 1 ? uses[0] : undefined
  return { kind, what, edit, codes, at: only === undefined ? [here] : [here, { span: moved(only.around, edit), ...(word.word === undefined ? {} : { word: wrong }) }], names: [meant] }
}

/** Where a name is used wrongly; where that was its only use, its definition may be the wrong one as well. */
function withName(base: Base, edit: Mutation['edit'], here: At, meant: string, wrong: string, kind: NameKind): At[] {
  if (base.names.uses.filter(one => one.kind === kind && one.name === meant).length > 1) return [here]
  const definition = base.names.definitions.find(one => one.kind === kind && one.name === meant)
  return definition === undefined ? [here] : [here, { span: moved(definition.span, edit), ...(here.word === undefined ? {} : { word: wrong }) }]
}

const RULE_OF: Partial<Record<Site['keyPart'], readonly string[]>> = { verb: ['no-verb'], outcome: ['impossible-outcome'], option: ['unknown-field', 'field-not-here'], line: ['unknown-field'], top: ['unknown-field'] }

/** Words of other systems in place of ours. */
export function synonyms({ sites }: Base, random: Random): Made[] {
  return sites.flatMap(({ key, node, keyPart, valuePart, words, inside }): Made[] => {
    const codes = RULE_OF[keyPart]
    const made: Made[] = []
    for (const word of codes === undefined || key === undefined ? [] : random.shuffled(SYNONYMS[key.text] ?? []).slice(0, 2)) {
      const { span, text } = key as Scalar
      if (words.includes(word) || inside?.entries.some(entry => entry.key.text === word)) made.push({ reason: 'the other system’s word is a word of the place' })
      else {
        const edit = { span, text: word }
        made.push({ kind: 'synonym', what: `\`${word}\` for \`${text}\``, edit, codes: codes as readonly string[], at: [{ span: moved(span, edit), word: text }] })
      }
    }
    for (const word of valuePart === 'choice' && node.kind === 'scalar' ? (SYNONYMS[node.text] ?? []) : []) {
      const edit = { span: node.span, text: word }
      made.push({ kind: 'synonym', what: `\`${word}\` for \`${(node as Scalar).text}\``, edit, codes: ['bad-value'], at: [{ span: moved(node.span, edit), word: (node as Scalar).text }] })
    }
    return made
  })
}
