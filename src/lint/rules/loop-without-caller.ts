import { traps } from '../walk/trap.ts'
import { isOrdinary } from '../walk/walk.ts'
import { wordsFor } from '../walk/tell-trap.ts'
import type { Trap } from '../walk/trap.ts'
import type { State } from '../../compile/flow.ts'
import type { Linted, Rule } from '../rule.ts'

/** Verbs at which somebody is asked or rung, or the call ends. */
const WAITS: ReadonlySet<State['verb']> = new Set(['ivr', 'connect', 'hangup', 'handover'])

/** Circles in which nobody is asked anything and nobody is rung. */
export function loopsWithoutCaller({ linked, walk }: Pick<Linted, 'linked' | 'walk'>): Trap[] {
  return traps(walk, isOrdinary, state => {
    const verb = linked.states[state]?.verb
    return verb !== undefined && (WAITS.has(verb) || (verb === 'flow' && walk.ways[state]?.some(({ meets }) => meets !== undefined && [...meets].some(one => WAITS.has(one))) === true))
  })
}

export const loopWithoutCaller: Rule = {
  name: 'loop-without-caller',
  severity: 'error',
  why: 'Sounds in a circle, with nothing for the caller to press, run up minutes until somebody gives up.',
  valid: `
start: news
states:
  news: { play: news.mp3, next: thanks }
  thanks: { play: thanks.mp3, next: end }
`,
  invalid: `
start: news
states:
  news: { play: news.mp3, next: thanks }
  thanks: { play: thanks.mp3, next: news }
`,
  check(linted) {
    for (const trap of loopsWithoutCaller(linted)) {
      const { name, effect } = wordsFor(trap, linted)
      linted.tell(linted.flow.states[trap.states[0] as number]?.path ?? [], {
        message: `from \`${name}\` on, sounds follow each other in a circle`, effect,
        help: 'let one of them lead to `end`, to a person, or to an `ivr` that asks',
      }, 'key')
    }
  },
}
