/** The yaml library's errors, said in the words of a person who writes menus. */
import type { YAMLParseError } from 'yaml'
import type { Fix, Report, Span } from '../problem/problem.ts'

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
  BLOCK_IN_FLOW: { message: 'a line with a dash or an indented map cannot stand inside braces', help: 'write the whole part over several lines, without braces' },
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

/** Reports one error of the yaml library under the rule that it belongs to. */
export function explainYaml(file: string, text: string, error: YAMLParseError, report: Report): void {
  const span = visible(text, { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) })
  if (error.code === 'MULTIPLE_DOCS') return
  const star = error.code === 'BAD_ALIAS' || text[span.start] === '*' ? /^\*[^\s:]*/.exec(text.slice(span.start)) : null
  if (star !== null) {
    const isKey = /^\*\s*:/.test(text.slice(span.start))
    const at = { start: span.start, end: span.start + star[0].length }
    const fix: Fix = { safe: true, edits: [{ span: at, text: `"${star[0]}"` }] }
    if (isKey) {
      report({
        code: 'star-key', severity: 'error', file, span: at, message: '`*` without quotes is an alias in YAML, not the star key',
        help: 'write "*": with quotes', fix,
      })
      return
    }
    report({ code: 'yaml-syntax', severity: 'error', file, span: at, message: `\`${star[0]}\` is read as an alias, and there is no anchor of that name`, help: `write "${star[0]}" with quotes`, fix })
    return
  }
  const code = error.code === 'TAB_AS_INDENT' ? 'tab-indent' : 'yaml-syntax'
  const words = WORDS[error.code] ?? { message: error.message, help: 'put texts in quotes and check the indentation' }
  const missing = error.code === 'MISSING_CHAR' ? missingCharacter(error.message) : undefined
  report({ code, severity: 'error', file, span, message: missing ?? words.message, help: words.help })
}

function missingCharacter(message: string): string | undefined {
  if (/closing .*quote/i.test(message)) return 'a text in quotes is not closed'
  const expected = /end with (?:a )?(\S)|expected .*?([\]}])/i.exec(message)
  const sign = expected?.[1] ?? expected?.[2]
  return sign === undefined ? undefined : `a \`${sign}\` is missing`
}

/** A span of at least one visible character where there is one, on one line. */
function visible(text: string, span: Span): Span {
  const start = Math.min(span.start, Math.max(0, text.length - 1))
  const newline = text.indexOf('\n', start)
  const lineEnd = newline < 0 ? text.length : newline
  const end = Math.min(Math.max(span.end, start + 1), Math.max(lineEnd, start + 1))
  return { start, end }
}
