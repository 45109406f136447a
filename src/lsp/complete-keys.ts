/** The keys that may stand in a map, beside those that do. */
import { CompletionItemKind } from 'vscode-languageserver'
import { entryOf } from '../parse/tree.ts'
import { callsSchema, flowSchema } from '../validate/schema.ts'
import { isNotYet } from '../validate/not-yet.ts'
import type { Resolved, RootSchema, Schema } from '../validate/schema.ts'
import type { InTree } from './cursor.ts'
import { flowsThrough, inputsOfPlaced } from './meant.ts'
import { namesOf } from './names.ts'
import { INPUTS, otherFlow } from './occurrences.ts'
import type { Offer } from './offer.ts'
import { flowView, namesUnder } from './scene.ts'
import type { Scene } from './scene.ts'
import { facts } from './schema-words.ts'
import { alternativesOf, describe } from './walk-document.ts'
import type { Owner } from './walk-document.ts'

/** Keys of a telephone, as a menu names them. */
const PRESSED = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']

/** Maps whose keys are names of the flow's. */
const NAMED: Readonly<Record<string, Parameters<typeof namesOf>[1]>> = { 'given.vars': 'value', 'given.random': 'value', 'given.switches': 'switch', 'given.lists': 'list', 'given.fetch': 'state' }

export function completeKeys(scene: Scene, cursor: InTree, owner: Owner): Offer[] {
  const root = scene.view.kind === 'flow' ? flowSchema : callsSchema
  const present = (key: string): boolean => entryOf(owner.map, key) !== undefined
  // a kind that no key distinguishes is only meant where no other is
  const isTold = owner.choice?.schema.required !== undefined || owner.all.length <= 1
  const offers = owner.choice === undefined ? [] : properties(root, cursor, owner.choice)
  return [...telling(root, cursor, owner, !isTold), ...offers, ...names(scene, cursor, owner)].filter(offer => !present(offer.text))
}

/** The keys that would tell what a map is, of the kinds that it can still be; while nothing tells, the options that these have, too. */
function telling(root: RootSchema, cursor: InTree, { all, map }: Owner, withOptions: boolean): Offer[] {
  // what this version would refuse is no offer
  const built = all.filter(one => one.schema.required !== undefined && (one.definition === undefined || !isNotYet(one.definition)))
  const firsts = built.map(one => ({ key: one.schema.required?.[0] as string, one }))
  const verbs = firsts.map(({ key, one }) => keyOffer(root, cursor, key, one.schema.properties?.[key] as Schema, 0, one.schema.description))
  const fits = built.filter(one => map.entries.every(entry => one.schema.properties !== undefined && Object.hasOwn(one.schema.properties, entry.key.text)))
  const options = (map.entries.length === 0 || !withOptions ? [] : fits).flatMap(one => properties(root, cursor, one).map(offer => ({ ...offer, rank: 6 })))
  return [...verbs.filter((_, index) => fits.includes(built[index] as Resolved)), ...options]
}

function properties(root: RootSchema, cursor: InTree, choice: Resolved): Offer[] {
  const { schema } = choice
  const known = Object.entries(schema.properties ?? {}).filter(([key]) => !isNotYet(`${choice.definition ?? cursor.label}.${key}`))
  const offers = known.map(([key, property]) => keyOffer(root, cursor, key, property, key === 'note' ? 8 : schema.required?.includes(key) === true ? 1 : 4))
  const pattern = Object.values(schema.patternProperties ?? {})[0]
  if (pattern !== undefined) offers.push(...[...PRESSED, '*', '#'].map((key, index) => ({ ...keyOffer(root, cursor, key, pattern, index < PRESSED.length ? 2 : 7), detail: 'a key of the telephone' })))
  if (schema.propertyNames?.$ref === '#/definitions/key') offers.push(...[...PRESSED, '*', '#'].map(key => keyOffer(root, cursor, key, schema.additionalProperties as Schema, 5)))
  return offers
}

function names(scene: Scene, cursor: InTree, owner: Owner): Offer[] {
  const kind = NAMED[cursor.label]
  const named = kind === undefined ? [] : flowsThrough(scene).flatMap(flow => namesOf(scene, kind, flow))
  const other = otherFlow(cursor.tree, cursor.keysPath.slice(0, -1))
  const given = !INPUTS.includes(owner.choice?.definition ?? cursor.label) ? [] : other !== undefined ? namesUnder(flowView(scene, other), 'inputs') : inputsOfPlaced(scene).map(input => input.name)
  const ofCall = cursor.label === 'given.inputs' ? namesUnder(flowView(scene), 'inputs') : []
  const exits = owner.choice?.definition === 'flow_on' && other !== undefined ? namesOf(scene, 'exit', other) : []
  // a prompt of which nothing says yet that it has one wording for all
  const isWorded = owner.all.some(one => one.definition === 'wording_per_language') && owner.choice?.schema.required === undefined
  const languages = isWorded ? namesOf(scene, 'language') : cursor.label === 'verb_set.set' && namesOf(scene, 'language').length > 0 ? ['language'] : []
  return [...new Set([...named, ...given, ...ofCall]), ...exits, ...languages].map(text => ({ text, kind: CompletionItemKind.Variable, written: written(cursor, text, undefined), rank: 1 }))
}

function keyOffer(root: RootSchema, cursor: InTree, key: string, schema: Schema, rank: number, documentation = describe(root, schema)): Offer {
  const known = facts(root, schema)
  return { text: key, kind: CompletionItemKind.Property, rank, written: written(cursor, key, { root, schema }), ...(documentation === undefined ? {} : { documentation }), ...(known === undefined ? {} : { detail: known }) }
}

function written(cursor: InTree, key: string, value: { readonly root: RootSchema; readonly schema: Schema } | undefined): string {
  const quoted = cursor.quote !== '' || !/^[*#]$/.test(key) ? key : `"${key}"`
  if (cursor.hasColon || cursor.quote !== '') return quoted
  const isBlock = !cursor.inBraces && value !== undefined && alternativesOf(value.root, value.schema).all.every(one => one.schema.type === 'object')
  return isBlock ? `${quoted}:` : `${quoted}: `
}
