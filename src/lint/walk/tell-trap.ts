/** What is said of a trap: the call that leads into it, and once around it. */
import type { Linted } from '../rule.ts'
import type { Trap } from './trap.ts'

/** The words for a trap: which call, and how it goes round. */
export function wordsFor(trap: Trap, { linked, walk }: Pick<Linted, 'linked' | 'walk'>): { name: string; effect: string } {
  const first = trap.states[0] as number
  const nameOf = (state: number): string => linked.states[state]?.name ?? 'end'
  const call = walk.callTo(first)
  const steps = trap.circle.flatMap(({ way }) => [...(way.say === '' ? [] : [way.say]), `\`${nameOf(way.to)}\``])
  const shown = steps.length <= 12 ? steps : [...steps.slice(0, 6), '…', ...steps.slice(-5)]
  return { name: nameOf(first), effect: `call${call === '' ? '' : `, ${call}`}: \`${nameOf(first)}\`, ${shown.join(', ')}, and so on without an end` }
}
