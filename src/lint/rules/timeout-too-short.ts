import { whereWritten } from '../written.ts'
import type { Rule } from '../rule.ts'

export const timeoutTooShort: Rule = {
  name: 'timeout-too-short',
  severity: 'warning',
  ofOneState: true,
  why: 'Nobody finds and presses that many digits in so few seconds.',
  valid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 10, next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 10, timeout: 3, next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr' || state.action.do !== 'ivr' || state.digits < 2) continue
      const least = Math.ceil(state.digits / 2)
      if (state.action.timeout >= least) continue
      tell(whereWritten(data, state, ['timeout']) ?? state.path, {
        message: `${state.action.timeout} seconds for up to ${state.digits} digits`, effect: 'callers would be taken for silent while they look for the number',
        help: `at least ${least} seconds; the carrier's default is 10`,
      })
    }
  },
}
