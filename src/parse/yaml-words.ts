/** What the yaml library stumbles over, in the words of a person who writes menus. */
import type { YAMLParseError, YAMLWarning } from 'yaml'

export type Stumble = YAMLParseError | YAMLWarning

export interface Words {
  readonly message: string
  readonly help: string
}

export const WORDS: Partial<Record<YAMLParseError['code'], Words>> = {
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
