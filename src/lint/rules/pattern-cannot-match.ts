import { fixedText } from '../../compile/template.ts'
import { matchLengths } from '../match-lengths.ts'
import { matchesWhole } from '../../compile/regex.ts'
import type { IvrState } from '../../compile/flow.ts'
import { isTaken } from '../walk/ways.ts'
import type { Linted, Rule } from '../rule.ts'

/** Keys that `min`, `valid` or `equals` refuse; those that are too long are for digits-vs-keys to tell. */
function refusedKeys(state: IvrState, tell: Linted['tell']): void {
  for (const key of Object.keys(state.keys)) {
    if (key.length > state.digits || isTaken(state, key)) continue
    const by = key.length < state.min ? `\`min: ${state.min}\`` : state.valid !== undefined && !matchesWhole(state.valid, key) ? '`valid`' : '`equals`'
    tell([...state.path, 'on', key], { message: `${by} refuses the key \`${key}\` of \`${state.name}\``, effect: `a caller who enters ${key} would be told that it is wrong`, help: `delete the key, or let ${by} accept it` }, 'key')
  }
}

export const patternCannotMatch: Rule = {
  name: 'pattern-cannot-match',
  severity: 'error',
  ofOneState: true,
  why: 'Nobody gets past an expression that no entry can match.',
  valid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 5, valid: "[1-9][0-9]{4}", next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 4, valid: "[1-9][0-9]{4}", next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr') continue
      const fixed = state.equals === undefined ? undefined : fixedText(state.equals)
      const lengths = state.valid === undefined ? undefined : matchLengths(state.valid)
      const equals = fixed !== undefined && fixed !== '' && !(/^[0-9*]+$/.test(fixed) && fixed.length >= state.min && fixed.length <= state.digits)
      const few = state.min === state.digits ? String(state.digits) : `${state.min} to ${state.digits}`
      if (equals) {
        tell([...state.path, 'equals'], { message: `no entry of ${few} digits is \`${fixed}\``, effect: 'no caller gets past it', help: 'correct the text, or `digits`' })
      } else if (lengths !== undefined && (lengths.most < state.min || lengths.least > state.digits)) {
        const wants = lengths.least === Infinity ? 'something that is no digit' : lengths.least === lengths.most ? `${lengths.least} digits` : `${lengths.least} ${lengths.most === Infinity ? 'digits or more' : `to ${lengths.most} digits`}`
        tell([...state.path, 'valid'], { message: `no entry of \`${state.name}\` can match: the expression wants ${wants}, and ${few} are collected`, effect: 'no caller gets past it', help: 'correct the expression, `digits` or `min`' })
      } else refusedKeys(state, tell)
    }
  },
}
