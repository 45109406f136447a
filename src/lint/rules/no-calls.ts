import type { Rule } from '../rule.ts'

export const noCalls: Rule = {
  name: 'no-calls',
  severity: 'info',
  why: 'Nothing guards this flow: an edit that breaks it is noticed by a caller.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  beside: { noCalls: true },
  check({ flow, outside, tell }) {
    // calls begin in the flows that run one with exits
    if (outside.hasCalls !== false || !flow.answers) return
    tell([], {
      span: { start: 0, end: 0 }, message: `no scripted calls stand beside \`${flow.name}\``,
      help: `write the calls that must work into ${flow.name}.calls.yaml`,
    })
  },
}
