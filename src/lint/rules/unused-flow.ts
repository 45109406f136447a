import type { Rule } from '../rule.ts'

export const unusedFlow: Rule = {
  name: 'unused-flow',
  severity: 'info',
  why: 'A flow that no line can begin in and no other flow runs answers nobody.',
  valid: `
start: pin
states:
  pin: { flow: another, on: { ok: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
exits: [ok]
states:
  hello: { play: welcome.mp3, next: done }
  done: { exit: ok }
`,
  another: `
start: desk
exits: [ok]
states:
  desk: { play: welcome.mp3, next: done }
  done: { exit: ok }
`,
  beside: {
    other: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  },
  check({ flow, data, outside, tell }) {
    if (flow.answers || outside.isUsed) return
    tell([data.exits === undefined ? 'inputs' : 'exits'], { message: `no flow runs \`${flow.name}\`, and no call can begin in it`, help: `run it with \`flow: ${flow.name}\`, or delete it` }, 'key')
  },
}
