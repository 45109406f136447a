import type { IvrState, RouteState, Test } from '../../compile/flow.ts'
import { covers, sameTest } from '../walk/implies.ts'
import type { Linted, Rule } from '../rule.ts'

/** Lines above one that it is compared with. */
const NEAR = 50

function shadowedLines(state: RouteState, tell: Linted['tell']): void {
  // a route is short; of a generated one only the lines just above are compared, so that the time stays linear
  state.lines.forEach(({ when }, line) => {
    if (when === undefined) return
    const above = state.lines.slice(Math.max(0, line - NEAR), line).map(one => one.when).filter((one): one is Test => one !== undefined)
    if (above.some(one => sameTest(one, when)) || !above.some(one => covers(one, when))) return
    tell([...state.path, 'route', line, 'when'], {
      message: `line ${line + 1} of this route holds only where a line above it does`, effect: 'nobody comes this way',
      help: 'move the narrower line up, or delete it',
    }, 'key')
  })
}

function shadowedKeys(state: IvrState, tell: Linted['tell']): void {
  const all = (pattern: string): boolean => [...'0123456789'].every(digit => state.keys[pattern.replace('x', digit)] !== undefined)
  for (const { pattern } of state.patterns) {
    if (pattern.split('x').length !== 2 || !all(pattern)) continue
    tell([...state.path, 'on', pattern], { message: `every number that \`${pattern}\` stands for is a key of its own`, effect: 'nobody comes this way', help: 'delete it' }, 'key')
  }
  if (state.any === undefined || state.digits !== 1 || !all('x')) return
  tell([...state.path, 'on', 'any'], { message: 'every digit is a key of its own, and `any` is left with none', effect: 'nobody comes this way', help: 'delete it' }, 'key')
}

export const shadowedEdge: Rule = {
  name: 'shadowed-edge',
  severity: 'error',
  ofOneState: true,
  why: 'A line or key behind one that takes everything is never reached.',
  valid: `
start: who
states:
  who:
    route:
      - { when: { caller: "+46701740601" }, goto: news }
      - { when: { caller: "+4670*" }, goto: desk }
      - { goto: bye }
  news: { play: news.mp3, next: end }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: who
states:
  who:
    route:
      - { when: { caller: "+4670*" }, goto: news }
      - { when: { caller: "+46701740601" }, goto: desk }
      - { goto: bye }
  news: { play: news.mp3, next: end }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      if (state.verb === 'route') shadowedLines(state, tell)
      if (state.verb === 'ivr') shadowedKeys(state, tell)
    }
  },
}
