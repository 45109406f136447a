import type { Rule } from '../rule.ts'

export const duplicateEdge: Rule = {
  name: 'duplicate-edge',
  severity: 'error',
  ofOneState: true,
  why: 'Of two lines with the same test the second is never taken.',
  valid: `
start: who
states:
  who:
    route:
      - { when: { caller: "+46701740601" }, goto: news }
      - { when: { caller: "+46701740602" }, goto: desk }
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
      - { when: { caller: "+46701740601" }, goto: news }
      - { when: { caller: "+46701740601" }, goto: desk }
      - { goto: bye }
  news: { play: news.mp3, next: end }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'route') continue
      const first = new Map<string, number>()
      state.lines.forEach(({ when }, line) => {
        if (when === undefined) return
        const test = JSON.stringify(when)
        const before = first.get(test)
        if (before === undefined) return void first.set(test, line)
        tell([...state.path, 'route', line, 'when'], {
          message: `line ${line + 1} of this route has the test of line ${before + 1}`, effect: 'nobody comes this way', help: 'correct the test, or delete the line',
        }, 'key')
      })
    }
  },
}
