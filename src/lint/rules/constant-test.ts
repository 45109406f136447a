import { constantResult } from '../walk/constant.ts'
import type { Rule } from '../rule.ts'

export const constantTest: Rule = {
  name: 'constant-test',
  severity: 'warning',
  why: 'A test that always or never holds is mostly a slip, and hides what was meant.',
  valid: `
start: who
states:
  who:
    route:
      - { when: { value: "{{caller | lower}}", is: malmö }, goto: news }
      - { when: { caller: hidden }, goto: news }
      - { goto: bye }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: who
vars: { office: stockholm }
states:
  who:
    route:
      - { when: { value: "{{office}}", is: malmö }, goto: news }
      - { when: { caller: hidden }, goto: news }
      - { goto: bye }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, walk, tell }) {
    flow.states.forEach((state, index) => {
      if (state.verb !== 'route' || !walk.reached(index)) return
      state.lines.forEach(({ when }, line) => {
        const constant = when === undefined ? undefined : constantResult(flow, index, when)
        if (constant === undefined) return
        tell([...state.path, 'route', line, 'when'], {
          message: `this test ${constant ? 'always' : 'never'} holds`, effect: constant ? 'every call takes this line, and none a line below' : 'no call takes this line',
          help: 'correct the test, or delete it',
        }, 'key')
      })
    })
  },
}
