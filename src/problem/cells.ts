/** Text as a terminal shows it: how many columns each character takes, and nothing that could move the cursor. */

/** One character as a reader sees it, with its marks and joiners. */
export interface Cell {
  /** What is printed for it. */
  readonly shown: string
  /** Columns: 0, 1, 2, or up to TAB. */
  readonly width: number
  /** UTF-16 offset in the text that was taken apart. */
  readonly from: number
}

const TAB = 4
const EASY = /^[\x20-\x7e]*$/
const WIDE = /^(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u
const EMOJI = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u
const MARKS_ONLY = /^\p{M}+$/u
// what would move the cursor, end the line or turn the reading direction round: an escape sequence in a flow must not reach the terminal
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029]|(?!\u200d)\p{Cf}/gu

/** The text with every control character as something visible. */
export function printable(text: string): string {
  return EASY.test(text) ? text : text.replace(UNSAFE, visible)
}

function visible(character: string): string {
  const code = character.codePointAt(0) as number
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return /\p{Cf}/u.test(character) ? '·' : '\ufffd'
}

let segmenter: Intl.Segmenter | undefined

/** The characters of one line. */
export function cellsOf(line: string): Cell[] {
  if (EASY.test(line)) return Array.from(line, (shown, from) => ({ shown, width: 1, from }))
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  const cells: Cell[] = []
  let column = 0
  for (const { segment, index } of segmenter.segment(line)) {
    const width = segment === '\t' ? TAB - (column % TAB) : widthOfCharacter(segment)
    cells.push({ shown: segment === '\t' ? ' '.repeat(width) : printable(segment), width, from: index })
    column += width
  }
  return cells
}

/** The columns that a text without tabs takes. */
export function widthOf(text: string): number {
  return EASY.test(text) ? text.length : cellsOf(text).reduce((sum, cell) => sum + cell.width, 0)
}

function widthOfCharacter(character: string): number {
  if (MARKS_ONLY.test(character)) return 0
  return EMOJI.test(character) || WIDE.test(character) ? 2 : 1
}
