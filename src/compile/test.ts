/** A TEST, compiled: what a line of a `route` asks, and the `when` of an item. */
import type { Template } from './sound.ts'

export type Test =
  | { readonly test: 'caller' | 'called'; readonly matches: readonly string[]; /** Names in `Flow.lists`. */ readonly lists?: readonly string[] }
  | { readonly test: 'direction'; readonly is: 'incoming' | 'outgoing' }
  | { readonly test: 'value'; readonly value: Template; readonly compare: Compare }
  | { readonly test: 'switch'; readonly name: string; readonly is: string }
  /** `place`: what draws, as a path of the file. */
  | { readonly test: 'chance'; readonly share: number; readonly place: string }
  | { readonly test: 'visited'; readonly state: number; readonly times: number }
  | { readonly test: 'answered' | 'recorded'; readonly state: number }
  | { readonly test: 'schedule'; /** Its place in Flow.schedules. */ readonly schedule: number; readonly name: string; readonly is: 'open' | 'closed' | 'holiday' }
  | { readonly test: 'any' | 'all'; readonly tests: readonly Test[] }
  | { readonly test: 'not'; readonly tests: readonly [Test] }

export type Compare =
  | { readonly by: 'in'; readonly texts: readonly Template[] }
  | { readonly by: 'matches'; readonly pattern: string }
  | { readonly by: 'empty'; readonly empty: boolean }
  | { readonly by: 'above' | 'below'; readonly number: number }
