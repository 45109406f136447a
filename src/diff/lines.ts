/** Two texts, line by line. */

/** Lines on one side that are compared one by one; more than that are taken for all changed. */
const MOST = 2000

export interface Line {
  readonly sign: ' ' | '-' | '+'
  /** With its line break, if it has one. */
  readonly text: string
}

/** The lines of both texts, those that both have once. */
export function compareLines(before: string, after: string): Line[] {
  return compare(splitLines(before), splitLines(after))
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const kept = (lines: readonly string[]): Line[] => lines.map(text => ({ sign: ' ', text }))
  const middle = between(before.slice(start, before.length - end), after.slice(start, after.length - end))
  return [...kept(before.slice(0, start)), ...middle, ...kept(before.slice(before.length - end))]
}

/** Longest common subsequence. */
function between(before: readonly string[], after: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ sign: '-', text })
  const added = (text: string): Line => ({ sign: '+', text })
  if (before.length > MOST || after.length > MOST) return [...before.map(removed), ...after.map(added)]
  const width = after.length + 1
  const longest = new Uint16Array((before.length + 1) * width)
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      longest[i * width + j] = before[i] === after[j] ? (longest[(i + 1) * width + j + 1] as number) + 1 : Math.max(longest[(i + 1) * width + j] as number, longest[i * width + j + 1] as number)
    }
  }
  const lines: Line[] = []
  let i = 0
  let j = 0
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i++] as string })
      j++
    } else if (i < before.length && (j >= after.length || (longest[(i + 1) * width + j] as number) >= (longest[i * width + j + 1] as number))) lines.push(removed(before[i++] as string))
    else lines.push(added(after[j++] as string))
  }
  return lines
}
