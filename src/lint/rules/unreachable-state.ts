import type { Rule } from '../rule.ts'

export const unreachableState: Rule = {
  name: 'unreachable-state',
  severity: 'warning',
  why: 'A state that no call can come to is either a forgotten edge or dead text.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
  lost: { play: sorry.mp3, next: end }
`,
  givesWayTo: ['loop-without-caller', 'no-way-out', 'constant-test'],
  check({ flow, walk, tell }) {
    flow.states.forEach((state, index) => {
      const named = state.path.length === 2 && state.path[0] === 'states'
      if (!named || walk.reached(index)) return
      tell(state.path, {
        message: `no call can come to \`${state.name}\``,
        label: 'counted from `start:`',
        help: 'let an edge lead here, or delete the state',
      }, 'key')
    })
  },
}
