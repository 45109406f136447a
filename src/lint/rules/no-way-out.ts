import { traps } from '../walk/trap.ts'
import { isOrdinary } from '../walk/walk.ts'
import type { Trap } from '../walk/trap.ts'
import { wordsFor } from '../walk/tell-trap.ts'
import type { Linted, Rule } from '../rule.ts'
import { loopsWithoutCaller } from './loop-without-caller.ts'

/** Circles that no key, no silence and nobody who is rung leads out of, and that are not said already. */
export function withoutWayOut(linted: Pick<Linted, 'linked' | 'walk'>): Trap[] {
  const said = new Set(loopsWithoutCaller(linted).flatMap(trap => trap.states))
  return traps(linted.walk, isOrdinary, () => false).filter(trap => !trap.states.some(state => said.has(state)))
}

export const noWayOut: Rule = {
  name: 'no-way-out',
  severity: 'error',
  why: 'Whatever the caller does, the call never comes to an end: only hanging up helps. The cap of 180 states is no way out.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: menu, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: menu } }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: news, noinput: news, nomatch: menu, failed: desk } }
  news: { play: news.mp3, skippable: false, next: menu }
  desk: { connect: "+46846500411", on: { failed: menu } }
`,
  check(linted) {
    for (const trap of withoutWayOut(linted)) {
      const { name, effect } = wordsFor(trap, linted)
      linted.tell(linted.flow.states[trap.states[0] as number]?.path ?? [], {
        message: `from \`${name}\` no path ends the call`, effect,
        help: 'add an edge to a person, a recording, or `end`',
      }, 'key')
    }
  },
}
