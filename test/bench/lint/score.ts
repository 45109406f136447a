/** Lint's answers held against what is known of each mistake. */
import { TEXTS } from '../../../src/lint/example.ts'
import { check } from '../../../src/check.ts'
import type { Memo } from '../../../src/check.ts'
import type { Problem, Span } from '../../../src/problem/problem.ts'
import { SILENCE_FILE } from '../../../src/prompts/silence.ts'
import { remember } from '../../remember.ts'
import type { Remembered } from '../../remember.ts'
import type { Others } from './base.ts'
import type { Mutant } from './corpus.ts'
import type { At, Mutation } from './mutation.ts'

/** Hits and tries. */
export interface Tally {
  hits: number
  of: number
}

export const MEASURES = ['reported', 'one problem', 'right rule', 'right range', 'first suggestion', 'both of two', 'valid without error'] as const
export type Measure = (typeof MEASURES)[number]
export type Scores = Record<Measure, Tally>

export interface Miss {
  readonly measure: Measure
  readonly mutant: Mutant
  readonly problems: readonly Problem[]
}

export interface Scored {
  readonly scores: Scores
  readonly misses: readonly Miss[]
}

/** Errors and warnings of a flow in a text, its sounds beside it. */
export function problemsIn(text: string, sounds: readonly string[], others: Others = {}, memo?: Memo): readonly Problem[] {
  const files = new Map(sounds.map(name => [name, { hash: name, format: 'mp3' as const }]))
  const { problems } = check({ flows: [{ name: 'menu', path: 'flow.yaml', text }, ...Object.entries(others).map(([name, other]) => ({ name, path: `${name}.yaml`, text: other }))], sounds: files, files: new Map(Object.entries(TEXTS).map(([path, text]) => [path, { path, text }])) }, { env: {}, hosts: [], silence: SILENCE_FILE }, memo === undefined ? {} : { memo })
  return problems.filter(problem => problem.severity !== 'info')
}

export function emptyScores(): Scores {
  return Object.fromEntries(MEASURES.map(measure => [measure, { hits: 0, of: 0 }])) as Scores
}

interface Known {
  readonly said: ReadonlySet<string>
  readonly remembered: Remembered
}

/** What lint says of a mutant that it does not say of its flow. */
function newProblems({ base, text }: Mutant, known: Map<string, Known>): Problem[] {
  const of = known.get(base.name) ?? lookAt(base)
  known.set(base.name, of)
  return problemsIn(text, base.sounds, base.others, of.remembered.know).filter(one => !of.said.has(`${one.code} ${one.message}`))
}

function lookAt({ text, sounds, others }: Mutant['base']): Known {
  const remembered = remember()
  return { remembered, said: new Set(problemsIn(text, sounds, others, remembered.learn).map(one => `${one.code} ${one.message}`)) }
}

/** The measures of design/lint.md over single and double mistakes. */
export function score(singles: readonly Mutant[], doubles: readonly Mutant[]): Scored {
  const scores = emptyScores()
  const misses: Miss[] = []
  const known = new Map<string, Known>()
  const count = (measure: Measure, hit: boolean, mutant: Mutant, problems: readonly Problem[]): void => {
    scores[measure].of++
    if (hit) scores[measure].hits++
    else misses.push({ measure, mutant, problems })
  }
  for (const mutant of singles) {
    const problems = newProblems(mutant, known)
    const mutation = mutant.mutations[0] as Mutation
    const told = problems.find(one => tells(one, mutation)) ?? problems.find(one => mutation.at.some(at => isAt(one.span, at))) ?? problems[0]
    count('reported', told !== undefined, mutant, problems)
    if (told === undefined) continue
    count('one problem', problems.length === 1, mutant, problems)
    count('right rule', mutation.codes.includes(told.code), mutant, problems)
    count('right range', mutation.at.some(at => isAt(told.span, at)), mutant, problems)
    const words = mutation.kind.startsWith('typo') || mutation.kind === 'synonym' ? mutation.at.filter(at => at.word !== undefined) : []
    if (words.length > 0) count('first suggestion', words.some(at => isAt(told.span, at) && at.word === suggestion(told)), mutant, problems)
  }
  for (const mutant of doubles) {
    const problems = newProblems(mutant, known)
    const [first, second] = mutant.mutations as [Mutation, Mutation]
    const of = (mutation: Mutation): Problem[] => problems.filter(one => tells(one, mutation) || one.related?.some(({ span }) => mutation.at.some(at => isAt(span, at))))
    const one = of(first)
    const other = of(second)
    count('both of two', one.length > 0 && other.length > 0 && problems.length >= 1, mutant, problems)
  }
  return { scores, misses }
}

function tells(problem: Problem, { codes, at }: Mutation): boolean {
  return codes.includes(problem.code) && at.some(one => isAt(problem.span, one))
}

function isAt(span: Span, at: At): boolean {
  return at.within === true ? span.start >= at.span.start && span.end <= at.span.end : span.start === at.span.start && span.end === at.span.end
}

/** The word that a problem offers first. */
export function suggestion({ help, fix }: Problem): string | undefined {
  const word = /did you mean `([^`]+)`/.exec(help ?? '')?.[1] ?? fix?.edits[0]?.text
  return word?.replace(/^\{\{\s*|\s*\}\}$|^"|"$/g, '')
}
