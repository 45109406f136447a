import { fixedNumbers } from '../fixed-numbers.ts'
import type { Rule } from '../rule.ts'

const MOBILE = /^\+467[02369]\d{7}$/

export const mobileToLandline: Rule = {
  name: 'mobile-to-landline',
  severity: 'warning',
  why: 'Calls to a Swedish mobile line of the carrier\'s may be connected to Swedish mobile numbers only.',
  valid: `
start: desk
numbers: ["+46766861004"]
states:
  desk: { connect: "+46701740611", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
numbers: ["+46766861004"]
states:
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    const line = flow.numbers.find(number => MOBILE.test(number))
    if (line === undefined) return
    for (const { number, path, state } of fixedNumbers(flow, data)) {
      if (MOBILE.test(number) || !number.startsWith('+')) continue
      tell(path, { message: `${line} is a Swedish mobile line, and \`${state.name}\` rings ${number}, which is no Swedish mobile`, effect: 'the carrier would not connect the call', help: 'answer another kind of line, or ring a mobile' })
    }
  },
}
