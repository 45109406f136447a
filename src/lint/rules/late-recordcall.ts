import { firstAnswers } from '../walk/first-answers.ts'
import type { Rule } from '../rule.ts'

export const lateRecordcall: Rule = {
  name: 'late-recordcall',
  severity: 'warning',
  why: 'From when the carrier records a call that is already going on is not documented.',
  valid: `
start: desk
states:
  desk: { connect: "+46701740602", recordcall: true, on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: welcome.mp3, next: desk }
  desk: { connect: "+46701740602", recordcall: true, on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, walk, tell }) {
    const first = firstAnswers(flow, walk)
    flow.states.forEach((state, index) => {
      if (state.verb !== 'connect' || state.deliver === undefined || first.has(index) || !walk.reached(index)) return
      tell([...state.path, 'recordcall'], {
        message: `\`${state.name}\` records a call that was answered before`, effect: 'some of the talk may be missing, or what was said before may be there',
        help: 'record the whole call with `recordcall: { deliver: … }` at the top of the file, and say so to the caller',
      })
    })
  },
}
