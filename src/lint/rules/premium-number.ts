import { refusal } from '../../compile/dialable.ts'
import { fixedNumbers } from '../fixed-numbers.ts'
import type { Rule } from '../rule.ts'
import { sentNumbers } from '../sent-to.ts'

export const premiumNumber: Rule = {
  name: 'premium-number',
  severity: 'warning',
  why: 'Calls to premium numbers are how stolen telephone systems are turned into money.',
  valid: `
start: desk
states:
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
states:
  desk: { connect: "+46900123456", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const { number, path, state } of fixedNumbers(flow, data)) {
      if (refusal(number, []) !== 'premium') continue
      tell(path, { message: `\`${state.name}\` rings the premium number ${number}`, effect: 'it would not be rung: the caller goes on as if nobody had answered', help: 'ring an ordinary number' })
    }
    for (const { text, path } of sentNumbers(data)) {
      if (refusal(text, []) === 'premium') tell(path, { message: `${text} is a premium number`, effect: 'nothing would be sent', help: 'write an ordinary number' })
    }
  },
}
