import type { Flow, State } from '../../compile/flow.ts'
import { placeOf } from '../../parse/tree.ts'
import type { Walk } from '../walk/walk.ts'
import type { Rule } from '../rule.ts'

/** Verbs that the carrier is asked for something by. */
const ANSWERS: ReadonlySet<State['verb']> = new Set(['ivr', 'play', 'connect', 'record'])

/** States that a call can come to before the carrier was asked for anything. */
function firstAnswers(flow: Flow, walk: Walk): Set<number> {
  const found = new Set<number>([flow.start])
  for (const state of found) {
    const verb = flow.states[state]?.verb
    if (verb === 'route' || verb === 'set') for (const { to } of walk.ways[state] ?? []) found.add(to)
    if (verb === 'flow') for (const { to, meets } of walk.ways[state] ?? []) if (meets === undefined || ![...meets].some(one => ANSWERS.has(one))) found.add(to)
  }
  return found
}

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
