import type { Problem } from '../../problem/problem.ts'
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

/**
 * The problems of a text that is no YAML, with the true reason of those on a line that begins with such a character:
 * YAML does not count it as indentation, and stumbles over what follows.
 */
export function explainInvisible(text: string, problems: readonly Problem[]): Problem[] {
  const told = new Set<number>()
  const explained = problems.flatMap(problem => {
    const lineStart = text.lastIndexOf('\n', problem.span.start - 1) + 1
    const indent = /^[\s\u00ad\u200b-\u200f\u2060\ufeff]*/.exec(text.slice(lineStart, problem.span.start + 1))?.[0] ?? ''
    const at = lineStart + indent.search(INVISIBLE)
    if (at < lineStart || problem.code !== 'yaml-syntax') return [problem]
    if (told.has(at)) return []
    told.add(at)
    return [invisible(problem.file, text, at)]
  })
  // the lines around it only seem to be out of place
  return told.size === 0 ? explained : explained.filter(problem => problem.code !== 'yaml-syntax')
}

function invisible(file: string, text: string, at: number): Problem {
  const span = { start: at, end: at + 1 }
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')
  return {
    code: invisibleCharacter.name, severity: invisibleCharacter.severity, file, span,
    message: `a space that is none (U+${code}) stands in the indentation`, effect: 'YAML takes it for a letter',
    help: 'indent with usual spaces', fix: { safe: true, edits: [{ span, text: ' ' }] },
  }
}
