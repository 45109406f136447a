import { END } from '../../compile/flow.ts'
import { targets } from '../targets.ts'
import type { Rule } from '../rule.ts'

export const unreachableState: Rule = {
  name: 'unreachable-state',
  severity: 'warning',
  why: 'A state that no call can come to is either a forgotten edge or dead text.',
  valid: `
start: bye
states:
  bye: { play: sound/beep, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: sound/beep, next: end }
  lost: { play: sound/beep, next: end }
`,
  check({ flow, tell }) {
    const seen = new Set<number>()
    const queue = [flow.start, flow.onError].filter(index => index !== END)
    for (let index = queue.pop(); index !== undefined; index = queue.pop()) {
      if (seen.has(index)) continue
      seen.add(index)
      const state = flow.states[index]
      if (state !== undefined) for (const to of targets(state)) if (to !== END) queue.push(to)
    }
    flow.states.forEach((state, index) => {
      const inPlace = state.path.length !== 2 || state.path[0] !== 'states'
      if (seen.has(index) || inPlace) return
      tell(state.path, {
        message: `no call can come to \`${state.name}\``,
        label: 'counted from `start:`',
        help: 'let an edge lead here, or delete the state',
      }, 'key')
    })
  },
}
