/** Lines of the log on their way out: put together once, when many have come. */

/** Lines that are written together: waking the thread that writes costs more than what it writes. */
const MOST_LINES = 64

export interface LogBundle {
  /** Adds a line that is whole. */
  write(line: string): void
  /** Adds a line in pieces, the last of which ends it: cheaper than to put each line together. */
  add(pieces: readonly string[]): void
  /** Hands over what has come. */
  flush(): void
}

/** `out` takes many lines at a time. */
export function createLogBundle(out: (lines: string) => void): LogBundle {
  let waiting: string[] = []
  let lines = 0
  const flush = (): void => {
    if (lines === 0) return
    const text = waiting.join('')
    waiting = []
    lines = 0
    out(text)
  }
  const count = (): void => { if (++lines >= MOST_LINES) flush() }
  return {
    write(line) {
      waiting.push(line)
      count()
    },
    add(pieces) {
      for (const piece of pieces) waiting.push(piece)
      count()
    },
    flush,
  }
}
