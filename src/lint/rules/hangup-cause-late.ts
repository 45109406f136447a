import { placeOf } from '../../parse/tree.ts'
import { firstAnswers } from '../walk/first-answers.ts'
import type { Rule } from '../rule.ts'

export const hangupCauseLate: Rule = {
  name: 'hangup-cause-late',
  severity: 'error',
  why: '`busy` and `404` count only as the first answer to a call; later the carrier knows a plain end.',
  valid: `
start: refuse
states:
  refuse: { hangup: busy }
`,
  invalid: `
start: sorry
states:
  sorry: { play: sorry.mp3, next: refuse }
  refuse: { hangup: busy }
`,
  check({ flow, walk, tree, tell }) {
    const first = firstAnswers(flow, walk)
    flow.states.forEach((state, index) => {
      if (state.verb !== 'hangup' || state.action.cause === 'reject' || first.has(index) || !walk.reached(index)) return
      const path = [...state.path, 'hangup']
      tell(path, {
        message: `\`${state.action.cause}\` comes after the call was answered`, effect: 'the caller would hear a plain end of the call',
        help: 'write `reject`', fix: { safe: true, edits: [{ span: placeOf(tree, path).value, text: 'reject' }] },
      })
    })
  },
}
