/** The yaml library's errors, said in the words of a person who writes menus. */
import type { YAMLParseError, YAMLWarning } from 'yaml'
import type { Fix, Report, Span } from '../problem/problem.ts'
import type { Unclosed } from './look.ts'

type Stumble = YAMLParseError | YAMLWarning

interface Words {
  readonly message: string
  readonly help: string
}

const WORDS: Partial<Record<YAMLParseError['code'], Words>> = {
  BAD_INDENT: { message: 'this line is not indented like its neighbours', help: 'lines of one map begin in the same column; what belongs to a key stands further right than the key' },
  TAB_AS_INDENT: { message: 'a tab stands where only spaces may', help: 'indent with spaces: two for each level' },
  UNEXPECTED_TOKEN: { message: 'YAML did not expect this here', help: 'a text that holds `: `, ` #`, or begins with one of `&*!|>%@{[` needs quotes' },
  MISSING_CHAR: { message: 'something is missing here', help: 'look for a quote, a bracket or a colon that was left out' },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a text with a second colon cannot stand here without quotes', help: 'put the text in quotes: `say: "Welcome: press 1"`' },
  MULTILINE_IMPLICIT_KEY: { message: 'this line has no colon, or its colon is missing the space after it', help: 'write `key: value`' },
  BLOCK_IN_FLOW: { message: 'inside braces, entries need commas between them, and lines with a dash cannot stand', help: 'put a comma before each further `key:`, or write the part over several lines, without braces' },
  BAD_DQ_ESCAPE: { message: 'a backslash in double quotes begins an escape that YAML does not know', help: 'use single quotes, or write the backslash twice' },
  BAD_SCALAR_START: { message: 'a text cannot begin with this character', help: 'put the text in quotes' },
  BAD_ALIAS: { message: 'a `*` without quotes is read as an alias, and there is no such anchor', help: 'put it in quotes' },
  BAD_DIRECTIVE: { message: 'a line that begins with % is a YAML directive', help: 'put the text in quotes' },
  BAD_COLLECTION_TYPE: { message: 'this tag does not fit what follows', help: 'delete the tag (the word that begins with !)' },
  TAG_RESOLVE_FAILED: { message: 'tags (words that begin with !) have no meaning in a flow', help: 'delete the tag, or put the text in quotes' },
  MULTIPLE_ANCHORS: { message: 'two anchors stand here', help: 'keep one' },
  MULTIPLE_TAGS: { message: 'two tags stand here', help: 'delete them' },
  BAD_PROP_ORDER: { message: 'an anchor stands in the wrong place', help: 'put it right before its value' },
  ALIAS_PROPS: { message: 'an alias cannot have an anchor or tag of its own', help: 'delete it' },
  KEY_OVER_1024_CHARS: { message: 'a key may be at most 1,024 characters long', help: 'is a quote missing above?' },
}

/**
 * Reports the errors of the yaml library under the rules that they belong to. One mistake makes the library stumble
 * several times: of each line only the first counts, and after something that is never closed nothing does.
 */
export function explainYaml(file: string, text: string, errors: readonly Stumble[], unclosed: Unclosed | undefined, report: Report): void {
  const sorted = errors.filter(error => error.code !== 'MULTIPLE_DOCS').sort((a, b) => a.pos[0] - b.pos[0])
  const last = text.trimEnd().length
  // the line that was told of last: a file of one line can have a hundred thousand errors
  let told = -1
  let hasTabs = false
  for (const error of sorted) {
    if (error.pos[0] <= told) continue
    const span = visible(text, last, { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) })
    if (unclosed !== undefined && span.start >= unclosed.span.start) break
    if (span.start <= told) continue
    const end = text.indexOf('\n', span.start)
    told = end < 0 ? text.length : end
    // whoever indents one line with tabs does so with all of them: that is one mistake, with one mend
    if (error.code === 'TAB_AS_INDENT' && hasTabs) continue
    hasTabs ||= error.code === 'TAB_AS_INDENT'
    explain(file, text, error, span, text.lastIndexOf('\n', span.start - 1) + 1, report)
    if (error.code === 'BAD_DIRECTIVE') return
  }
  if (unclosed !== undefined) report({ code: 'yaml-syntax', severity: 'error', file, span: unclosed.span, message: unclosed.message, help: unclosed.help })
}

function explain(file: string, text: string, error: Stumble, span: Span, lineStart: number, report: Report): void {
  const star = /^((?:.*[{,])?\s*)\*\s*:(?=\s)/.exec(text.slice(lineStart, lineStart + 1000))
  if (star !== null && lineStart + (star[1] as string).length <= span.start) {
    const at = { start: lineStart + (star[1] as string).length, end: lineStart + (star[1] as string).length + 1 }
    report({
      code: 'star-key', severity: 'error', file, span: at, message: '`*` without quotes is an alias in YAML, not the star key',
      help: 'write "*": with quotes', fix: { safe: true, edits: [{ span: at, text: '"*"' }] },
    })
    return
  }
  const code = error.code === 'TAB_AS_INDENT' ? 'tab-indent' : 'yaml-syntax'
  const words = WORDS[error.code] ?? { message: error.message, help: 'put texts in quotes and check the indentation' }
  report({ code, severity: 'error', file, span, message: words.message, help: words.help, ...(code === 'tab-indent' ? spacesForTabs(text, lineStart) : {}) })
}

/** All lines of the file that tabs indent, indented with spaces: of several problems the mend is one. */
function spacesForTabs(text: string, lineStart: number): { fix?: Fix } {
  if (!/^[ \t]*\t/.test(text.slice(lineStart, lineStart + 200))) return {}
  const unit = /^( {1,8})[^\s#-]/m.exec(text)?.[1] ?? '  '
  const edits = [...text.matchAll(/^[ \t]*\t[ \t]*/gm)].map(({ index, 0: indent }) => ({ span: { start: index, end: index + indent.length }, text: indent.replaceAll('\t', unit) }))
  return { fix: { safe: true, edits } }
}

/** A span of at least one visible character where there is one, on one line. */
function visible(text: string, last: number, span: Span): Span {
  const start = Math.min(span.start, Math.max(0, last - 1))
  const newline = text.indexOf('\n', start)
  const lineEnd = newline < 0 ? text.length : newline
  const end = Math.min(Math.max(span.end, start + 1), Math.max(lineEnd, start + 1))
  return { start, end }
}
