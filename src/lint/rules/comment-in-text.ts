import type { FileRule } from '../rule.ts'
import { eachScalar } from '../walk-nodes.ts'
import { quote } from '../quote.ts'

/** Fields that people read or hear. */
const TEXTS = new Set(['text', 'say', 'title', 'subject', 'label'])

export const commentInText: FileRule = {
  name: 'comment-in-text',
  severity: 'warning',
  why: 'A ` #` in a text without quotes begins a comment: the rest of the text is cut off.',
  valid: `
start: bye
title: "Line # 1"
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
title: Line # 1
states:
  bye: { play: bye.mp3, next: end }
`,
  checkFile({ tree, comments, tell }) {
    const starts = new Map(comments.map(comment => [comment.span.start, comment]))
    eachScalar(tree, (scalar, key, isKey) => {
      if (isKey || scalar.quoted || key === undefined || !TEXTS.has(key) || scalar.text === '') return
      // one space: a remark beside the text stands further off
      const comment = starts.get(scalar.span.end + 1)
      if (comment === undefined) return
      tell(comment.span, {
        message: `\`${key}\` ends before the \`#\``, label: 'this is a comment, not text',
        help: 'if it belongs to the text, put all of it in quotes; if it is a remark, put the text before it in quotes',
        fix: { safe: true, edits: [{ span: scalar.span, text: quote(scalar.text) }] },
      })
    })
  },
}
