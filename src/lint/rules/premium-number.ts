import { refusal } from '../../compile/dialable.ts'
import { fixedNumbers } from '../fixed-numbers.ts'
import type { Rule } from '../rule.ts'
import { sentNumbers } from '../sent-to.ts'

/** Premium series of the Nordic countries, Germany, Britain and North America. */
const PREMIUM = /^\+(?:46(?:900|939|944)|47(?:82|829)|4590|358(?:600|700)|49900|449|1900)\d+$/

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
      if (!PREMIUM.test(number)) continue
      tell(path, { message: `\`${state.name}\` rings the premium number ${number}`, effect: 'each such call costs the owner of the line', help: 'ring an ordinary number' })
    }
    for (const { text, path } of sentNumbers(data)) {
      if (refusal(text, []) === 'premium') tell(path, { message: `${text} is a premium number`, effect: 'nothing would be sent', help: 'write an ordinary number' })
    }
  },
}
