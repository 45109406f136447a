/** A mistake made in a valid flow, with what lint should say of it: known from what was done, never from what lint says. */
import type { Span } from '../../../src/problem/problem.ts'

export type Kind = 'typo of one letter' | 'typo of two letters' | 'synonym' | 'deletion' | 'duplication' | 'move' | 'wrong type' | 'cut'

/** A place that may be called the wrong token, in the mutated text. */
export interface At {
  readonly span: Span
  /** Any place inside the span counts: what is damaged is a line, or what belongs to a key. */
  readonly within?: true
  /** The word that should stand there. */
  readonly word?: string
}

export interface Mutation {
  readonly kind: Kind
  /** In a few words, for the list of misses. */
  readonly what: string
  /** The part of the valid text that is replaced. */
  readonly edit: { readonly span: Span; readonly text: string }
  /** Rules of which one should tell it. */
  readonly codes: readonly string[]
  readonly at: readonly At[]
  /** Names of the file that the mistake is about: another mistake about them is not independent. */
  readonly names?: readonly string[]
}

/** What was done and is no mistake, by the reason in the language. */
export interface NoMistake {
  readonly reason: string
}

export type Made = Mutation | NoMistake

export function isMutation(made: Made): made is Mutation {
  return 'edit' in made
}

/** The text with the mistake in it. */
export function applied(text: string, { edit }: Mutation): string {
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end)
}

/** A place of the text, where the edited text has it. */
export function moved({ start, end }: Span, { span: old, text }: Mutation['edit']): Span {
  const by = text.length - (old.end - old.start)
  const isAfter = start >= old.end && start > old.start || start > old.end || start === old.end && end > start && old.start === old.end
  return { start: isAfter ? start + by : start, end: end > old.end || (end === old.end && (old.end > old.start || isAfter)) ? end + by : end }
}
