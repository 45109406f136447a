import type { FileRule } from '../rule.ts'
import { eachScalar } from '../walk-nodes.ts'
import { quote } from '../quote.ts'

export const unquotedNumber: FileRule = {
  name: 'unquoted-number',
  severity: 'warning',
  why: 'This program reads what is written, but other YAML programs lose the plus sign of a number, or the zero that it begins with.',
  valid: `
start: desk
states:
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: desk
states:
  desk: { connect: +46846500411, on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  checkFile({ tree, tell }) {
    eachScalar(tree, scalar => {
      if (scalar.quoted || !/^(\+\d{5,}|0\d+)$/.test(scalar.text) || tree.text.slice(scalar.span.start, scalar.span.end) !== scalar.text) return
      tell(scalar.span, {
        message: `the number \`${scalar.text}\` stands without quotes`, help: `write "${scalar.text}"`,
        fix: { safe: true, edits: [{ span: scalar.span, text: quote(scalar.text) }] },
      })
    })
  },
}
