/** The screen of a call: what happened, line under line, and at the bottom one line of what goes on. */
import { printable, widthOf } from '../../problem/cells.ts'
import type { Output } from '../io.ts'

export interface Screen {
  /** Writes lines for good; `mark` is what they are about: it stands before the first, and its width before the others. */
  say(mark: string, text: string, style?: Style): void
  /** What goes on now; undefined: nothing. */
  live(text: string | undefined): void
  /** Gives the terminal back: no line of what goes on, the cursor on. May be called twice. */
  close(): void
}

export type Style = 'strong' | 'quiet' | 'warning' | 'error'

const CODES: Readonly<Record<Style, string>> = { strong: '1', quiet: '2', warning: '33', error: '31' }
const LEAST_WIDTH = 20

/** A screen on a terminal. The cursor is off until it is closed. */
export function openScreen(output: Output, color: boolean): Screen {
  let bottom: string | undefined
  let open = true
  // the width is asked for each time: a terminal may be resized. The last column stays free, where some terminals wrap
  const width = (): number => Math.max(LEAST_WIDTH, output.columns ?? 80) - 1
  // a terminal that became narrower has broken the line: it begins some rows further up
  const rowsUp = (): number => Math.ceil(widthOf(bottom ?? '') / Math.max(1, output.columns ?? 80)) - 1
  const clear = (): string => (bottom === undefined ? '' : `${rowsUp() > 0 ? `\u001b[${rowsUp()}A` : ''}\r\u001b[J`)
  const draw = (): string => bottom ?? ''
  output.write('\u001b[?25l')
  return {
    say(mark, text, style) {
      const lines = wrap(text, width() - widthOf(mark)).map((line, i) => (i === 0 ? mark : ' '.repeat(widthOf(mark))) + paint(line, color ? style : undefined))
      output.write(`${clear()}${lines.join('\r\n')}\r\n${draw()}`)
    },
    live(text) {
      if (!open) return
      const next = text === undefined ? undefined : cut(printable(text), width())
      if (next === bottom) return
      const cleared = clear()
      bottom = next
      output.write(`${cleared}${draw()}`)
    },
    close() {
      if (!open) return
      const cleared = clear()
      bottom = undefined
      open = false
      output.write(`${cleared}\u001b[?25h`)
    },
  }
}

function paint(text: string, style: Style | undefined): string {
  return style === undefined ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`
}

/** Lines of at most so many columns, broken between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  // what an application sends must not move the cursor
  for (const part of text.split('\n').map(printable)) {
    let line = ''
    for (const word of part.split(' ')) {
      const longer = line === '' ? word : `${line} ${word}`
      if (widthOf(longer) <= width) {
        line = longer
        continue
      }
      if (line !== '') lines.push(line)
      line = word
      while (widthOf(line) > width) {
        const head = cut(line, width)
        lines.push(head)
        line = line.slice(head.length)
      }
    }
    lines.push(line)
  }
  return lines
}

function cut(text: string, width: number): string {
  let kept = ''
  for (const sign of text) {
    if (widthOf(kept + sign) > width) break
    kept += sign
  }
  return kept
}
