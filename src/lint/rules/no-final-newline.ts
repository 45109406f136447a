import type { FileRule } from '../rule.ts'

export const noFinalNewline: FileRule = {
  name: 'no-final-newline',
  severity: 'warning',
  why: 'A file whose last line does not end was perhaps cut off on its way.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }`,
  checkFile({ tree: { text }, tell }) {
    if (text.endsWith('\n')) return
    tell({ start: text.length - 1, end: text.length }, {
      message: 'the last line of this file does not end', label: 'no line end after this', help: 'if nothing is missing, end the line',
      fix: { safe: true, edits: [{ span: { start: text.length, end: text.length }, text: '\n' }] },
    })
  },
}
