/** The corpus: single mistakes and pairs of them, the same at every run. */
import type { Span } from '../../../src/problem/problem.ts'
import type { Base } from './base.ts'
import { bases } from './bases.ts'
import { cuts } from './cuts.ts'
import { deletedEntries, deletedHalves, deletedHeaders } from './deletions.ts'
import { duplications } from './duplications.ts'
import { indentations, otherParents } from './moves.ts'
import { applied, isMutation, moved } from './mutation.ts'
import type { At, Kind, Made, Mutation } from './mutation.ts'
import { random } from './random.ts'
import type { Random } from './random.ts'
import { deletedDashes, deletedSigns } from './signs.ts'
import { synonyms, typos } from './typos.ts'
import { wrongTypes } from './wrong-types.ts'

/** How many of each kind. */
const SIZES: Readonly<Record<Kind, number>> = {
  'typo of one letter': 700, 'typo of two letters': 350, 'synonym': 160, 'deletion': 480, 'duplication': 160, 'move': 240, 'wrong type': 180, 'cut': 130,
}
const PAIRS = 200
export const SEED = 46

export interface Mutant {
  readonly base: Base
  readonly mutations: readonly Mutation[]
  readonly text: string
}

export interface Corpus {
  readonly bases: readonly Base[]
  readonly singles: readonly Mutant[]
  readonly doubles: readonly Mutant[]
  /** What was made and is no mistake: how often, by the reason. */
  readonly excluded: ReadonlyMap<string, number>
}

function allOf(base: Base, chance: Random): Made[] {
  return [
    ...typos(base, 1, chance), ...typos(base, 1, chance), ...typos(base, 2, chance), ...synonyms(base, chance), ...wrongTypes(base),
    ...deletedEntries(base), ...deletedHeaders(base), ...deletedHalves(base), ...deletedSigns(base), ...deletedDashes(base),
    ...duplications(base), ...indentations(base), ...otherParents(base, chance), ...cuts(base),
  ]
}

/** `seed`: which of the many that can be made. */
export function corpus(seed = SEED): Corpus {
  const chance = random(seed)
  const excluded = new Map<string, number>()
  const drawn: { base: Base; mutation: Mutation; key: number }[] = []
  const flows = bases()
  for (const { base, weight } of flows) {
    const seen = new Set<string>()
    for (const made of allOf(base, chance)) {
      if (!isMutation(made)) excluded.set(made.reason, (excluded.get(made.reason) ?? 0) + 1)
      else if (applied(base.text, made) !== base.text && !seen.has(applied(base.text, made))) {
        seen.add(applied(base.text, made))
        drawn.push({ base, mutation: made, key: (chance.below(1e9) / 1e9) ** (1 / weight) })
      }
    }
  }
  drawn.sort((a, b) => b.key - a.key)
  const singles = (Object.keys(SIZES) as Kind[]).flatMap(kind => drawn.filter(one => one.mutation.kind === kind).slice(0, SIZES[kind]))
  return { bases: flows.map(one => one.base), singles: singles.map(({ base, mutation }) => ({ base, mutations: [mutation], text: applied(base.text, mutation) })), doubles: pairs(singles, chance), excluded }
}

/** Pairs of mistakes in one flow that have nothing to do with each other; in half of them YAML itself is broken by one. */
function pairs(singles: readonly { base: Base; mutation: Mutation }[], chance: Random): Mutant[] {
  const made: Mutant[] = []
  const fit = singles.filter(one => one.mutation.kind !== 'cut' && !one.base.name.startsWith('page '))
  const broken = fit.filter(one => one.mutation.codes[0] === 'yaml-syntax')
  for (let tries = 0; made.length < PAIRS && tries < PAIRS * 500; tries++) {
    const one = chance.pick(made.length % 2 === 0 ? broken : fit)
    const other = chance.pick(fit.filter(each => each.base === one.base))
    const [first, second] = one.mutation.edit.span.start < other.mutation.edit.span.start ? [one, other] : [other, one]
    if (areIndependent(one.base, first.mutation, second.mutation)) made.push(double(one.base, first.mutation, second.mutation))
  }
  return made
}

/** In different states or keys of the file, neither about a name that the other is about or stands in. */
function areIndependent(base: Base, first: Mutation, second: Mutation): boolean {
  const names = new Set([...(first.names ?? []), ...blockNames(base, first.edit.span)])
  if ([...(second.names ?? []), ...blockNames(base, second.edit.span)].some(name => names.has(name))) return false
  // what stands twice stands once where one of the two is misspelt
  const repeats = (one: Mutation, two: Mutation): boolean => one.kind === 'duplication' && one.edit.text.trimStart().startsWith(base.text.slice(two.edit.span.start, two.edit.span.end))
  if (repeats(first, second) || repeats(second, first)) return false
  const [a, b] = [blockOf(base, first.edit.span), blockOf(base, second.edit.span)]
  // the neighbours of a line that is lost, or indented otherwise, may be taken for parts of it
  return a.end + 1 < b.start && base.text.slice(a.end, b.start).trim().split('\n').length > 2
}

/** The state, prompt or key of the file that a place stands in. */
function blockOf({ tree, text }: Base, span: Span): Span {
  const tops = tree.root.entries.flatMap(({ key, value }) => (value.kind === 'map' && text.slice(value.span.start, value.span.end).includes('\n') ? value.entries : [{ key, value }]))
  const block = tops.find(({ key, value }) => key.span.start <= span.end && Math.max(value.span.end, key.span.end) >= span.start)
  return block === undefined ? span : { start: Math.min(span.start, block.key.span.start), end: Math.max(span.end, block.value.span.end, block.key.span.end) }
}

function blockNames({ names }: Base, { start, end }: Span): string[] {
  return names.definitions.filter(one => one.span.start >= start && one.span.end <= end).map(one => one.name)
}

function double(base: Base, first: Mutation, second: Mutation): Mutant {
  const late = { ...second.edit, span: moved(second.edit.span, first.edit) }
  const shift = (at: readonly At[], edit: Mutation['edit']): At[] => at.map(one => ({ ...one, span: moved(one.span, edit) }))
  const text = applied(applied(base.text, first), { ...second, edit: late })
  return { base, text, mutations: [{ ...first, at: shift(first.at, late) }, { ...second, at: shift(second.at, first.edit) }] }
}
