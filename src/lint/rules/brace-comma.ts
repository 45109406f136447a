import { lostColon } from '../../validate/lost-colon.ts'
import { flowSchema } from '../../validate/schema.ts'
import type { FileRule } from '../rule.ts'
import { eachEntry } from '../walk-nodes.ts'

/** Every key that a map of the language may have. */
const WORDS = Object.values(flowSchema.definitions).flatMap(schema => Object.keys(schema.properties ?? {}))

export const braceComma: FileRule = {
  name: 'brace-comma',
  severity: 'error',
  why: 'In one-line braces a comma ends a text: the rest of it is read as a key.',
  valid: `
start: bye
title: "Sales, support"
states:
  bye: { play: bye.mp3, note: "Said at night, too", next: end }
`,
  invalid: `
start: bye
title: "Sales, support"
states:
  bye: { play: bye.mp3, note: Said at night, too, next: end }
`,
  checkFile({ tree, tell, cover }) {
    let last = -1
    eachEntry(tree, ({ key, value }, map, index) => {
      const before = map.entries[index - 1]
      if (tree.text[map.span.start] !== '{' || before === undefined || key.quoted || value.kind !== 'scalar' || value.text !== '' || value.quoted) return
      // a word of the language is a key that lost its colon: whoever reads the flow says so
      if (lostColon({ key, value }, WORDS) !== undefined) return
      const after = /^\s*([,}])/.exec(tree.text.slice(key.span.end, key.span.end + 200))
      if (after === null || before.value.kind !== 'scalar') return
      // of one text that was split twice, the second part is the same mistake: it is only covered
      const told = before.key.span.start === last
      last = key.span.start
      if (told) return cover(key.span)
      tell(key.span, {
        message: `a comma in one-line braces ended the text before \`${key.text}\``, label: 'this was read as a key of its own',
        help: `put the whole text in quotes: ${before.key.text}: "${before.value.text}, ${key.text}"`,
      }, [key.span])
    })
  },
}
