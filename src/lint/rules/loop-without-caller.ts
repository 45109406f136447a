import { traps } from '../walk/trap.ts'
import { isOrdinary } from '../walk/walk.ts'
import { wordsFor } from '../walk/tell-trap.ts'
import type { Trap } from '../walk/trap.ts'
import type { Linted, Rule } from '../rule.ts'

/** Circles in which nobody is asked anything and nobody is rung. */
export function loopsWithoutCaller({ flow, walk }: Pick<Linted, 'flow' | 'walk'>): Trap[] {
  return traps(walk, isOrdinary, state => {
    const verb = flow.states[state]?.verb
    return verb === 'ivr' || verb === 'connect' || verb === 'hangup' || verb === 'handover'
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
