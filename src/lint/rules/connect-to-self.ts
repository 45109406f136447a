import { fixedNumbers } from '../fixed-numbers.ts'
import type { Rule } from '../rule.ts'

export const connectToSelf: Rule = {
  name: 'connect-to-self',
  severity: 'error',
  why: 'The line rings itself, is busy with itself, and pays for both calls.',
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
  desk: { connect: "+46846500400", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    const lines = new Set(flow.numbers)
    for (const { number, path, state } of fixedNumbers(flow, data)) {
      if (!lines.has(number)) continue
      tell(path, { message: `\`${state.name}\` rings ${number}, the line that this flow answers`, effect: 'the call would come in again, and pay twice', help: 'ring the number of a person' })
    }
  },
}
