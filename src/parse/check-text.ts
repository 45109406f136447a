/** Looks at a file's text before YAML does: its size, and marks that git left behind. */
import type { Report } from '../problem/problem.ts'

/** Bytes would be counted by the reader; this is in UTF-16 units, never more than the bytes. */
export const MAX_LENGTH = 4 * 1024 * 1024
/** Levels of maps and lists. Composing some thousand levels can abort the whole process, uncatchably. */
export const MAX_DEPTH = 50

/** Whether the text may be parsed at all. */
export function checkText(file: string, text: string, report: Report): boolean {
  if (text.length > MAX_LENGTH) {
    report({
      code: 'too-large', severity: 'error', file, span: { start: 0, end: 0 },
      message: `this file is larger than ${MAX_LENGTH / 1024 / 1024} MiB`, help: 'split it into several flows',
    })
    return false
  }
  const bad = text.indexOf('\uFFFD')
  if (bad >= 0) {
    report({
      code: 'bad-encoding', severity: 'error', file, span: { start: bad, end: bad + 1 },
      message: 'here stands a character that is not UTF-8',
      effect: 'it would be spoken or shown wrong',
      help: 'save the file as UTF-8 (in many editors: Save with encoding)',
    })
    return false
  }
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text)
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).padStart(4, '0')
    report({
      code: 'bad-encoding', severity: 'error', file, span: { start: control.index, end: control.index + 1 },
      message: `here stands the control character U+${code.toUpperCase()}, which no text holds`,
      help: 'is this really a text file? Delete the character, or restore the file',
    })
    return false
  }
  const conflict = /^(<{7}|>{7})(?= |$)/m.exec(text)
  if (conflict !== null) {
    report({
      code: 'merge-conflict', severity: 'error', file, span: { start: conflict.index, end: conflict.index + 7 },
      message: 'git left a merge conflict in this file',
      help: 'choose one of the two texts between `<<<<<<<` and `>>>>>>>` and delete the marks',
    })
    return false
  }
  return true
}
