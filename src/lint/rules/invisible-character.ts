import type { FileRule } from '../rule.ts'
import { eachScalar } from '../walk-nodes.ts'

const INVISIBLE = /[\u00a0\u00ad\u2000-\u200f\u2028\u2029\u202f\u2060\u3000\ufeff]/
/** Fields in which such a character may be meant: as in "10 000", kept on one line. */
const TEXTS = new Set(['text', 'say', 'title', 'note', 'subject', 'label'])

export const invisibleCharacter: FileRule = {
  name: 'invisible-character',
  severity: 'error',
  why: 'A space that is none, mostly pasted from a document, makes another name of a name.',
  valid: `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: bye
states:
  bye: { play: bye.mp3, next: end\u00a0}
`,
  checkFile({ tree, tell }) {
    eachScalar(tree, (scalar, key, isKey) => {
      if (!isKey && (scalar.quoted || (key !== undefined && TEXTS.has(key)))) return
      const written = tree.text.slice(scalar.span.start, scalar.span.end + 1)
      const found = INVISIBLE.exec(written)
      if (found === null) return
      const at = { start: scalar.span.start + found.index, end: scalar.span.start + found.index + 1 }
      const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
      const isSpace = /\s/.test(found[0]) && found[0] !== '\ufeff'
      tell(at, {
        message: `${isSpace ? 'a space that is none' : 'a character that cannot be seen'} (U+${code}) stands ${isKey ? 'in the key' : 'in'} \`${scalar.text.replace(new RegExp(INVISIBLE, 'g'), isSpace ? ' ' : '').trim()}\``,
        effect: 'the word would be another one than it looks', help: isSpace ? 'put a usual space there' : 'delete it',
        fix: { safe: true, edits: [{ span: at, text: isSpace ? ' ' : '' }] },
      })
    })
  },
}
