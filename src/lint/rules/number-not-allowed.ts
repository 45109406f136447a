import { callingCode, countriesOf, isAllowed } from '../../compile/dialable.ts'
import { quoted } from '../../validate/words.ts'
import { fixedNumbers } from '../fixed-numbers.ts'
import type { Rule } from '../rule.ts'
import { sentNumbers } from '../sent-to.ts'

export const numberNotAllowed: Rule = {
  name: 'number-not-allowed',
  severity: 'warning',
  why: 'A server rings the countries of its own lines and what `TONVAL_DIAL_ALLOW` lists: calls abroad are what stolen telephone systems are used for.',
  valid: `
start: desk
numbers: ["+46846500400"]
states:
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
numbers: ["+46846500400"]
states:
  desk: { connect: "+442079460411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, outside, tell }) {
    const allow = outside.dial ?? countriesOf(outside.numbers)
    const help = (number: string): string => `set TONVAL_DIAL_ALLOW=${allow.join(',')},${callingCode(number)} where the server runs, with the beginnings of all numbers that may be rung`
    for (const { number, path, state } of fixedNumbers(flow, data)) {
      if (!isAllowed(number, allow)) tell(path, { message: `\`${state.name}\` rings ${number}, and this server rings ${quoted(allow)} only`, effect: 'it would not be rung: the caller goes on as if nobody had answered', help: help(number) })
    }
    for (const { text: number, path } of sentNumbers(data)) {
      if (!isAllowed(number, allow)) tell(path, { message: `this server rings and writes to ${quoted(allow)} only, and not to ${number}`, effect: 'nothing would be sent', help: help(number) })
    }
  },
}
