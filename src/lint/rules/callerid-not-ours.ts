import { fixedText } from '../../compile/template.ts'
import { whereWritten } from '../written.ts'
import type { Rule } from '../rule.ts'

export const calleridNotOurs: Rule = {
  name: 'callerid-not-ours',
  severity: 'warning',
  why: 'The carrier refuses to show a number that is not one of the account\'s own.',
  valid: `
start: desk
numbers: ["+46846500400"]
states:
  desk: { connect: "+46846500411", callerid: "+46846500400", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
numbers: ["+46846500400"]
states:
  desk: { connect: "+46846500411", callerid: "+46846500499", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, outside, tell }) {
    const told = new Set<string>()
    for (const state of flow.states) {
      const number = state.verb !== 'connect' || state.callerid === undefined ? undefined : fixedText(state.callerid)
      // where no flow says which lines it answers, nobody knows which are ours
      if (number === undefined || number === '' || outside.numbers.size === 0 || outside.numbers.has(number)) continue
      const path = whereWritten(data, state, ['callerid']) ?? state.path
      if (told.has(path.join('.'))) continue
      told.add(path.join('.'))
      tell(path, { message: `${number} is no line that a flow of this folder answers`, effect: 'the carrier may refuse the call, or show another number', help: 'use a number of your own account, or `caller`' })
    }
  },
}
