/** What changed between two texts, line by line, as `diff -u` shows it and `patch` takes it. */

/** Unchanged lines shown around a change. */
const AROUND = 3
/** Lines on one side that are compared one by one; more than that are shown as all changed. */
const MOST = 2000

interface Line {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The difference between two texts; empty where there is none. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const lines = compare(splitLines(before), splitLines(after))
  const changes = lines.flatMap((line, index) => (line.sign === ' ' ? [] : [index]))
  if (changes.length === 0) return ''
  let shown = `--- ${path}\n+++ ${path}\n`
  for (let at = 0; at < changes.length;) {
    const first = changes[at] as number
    let last = first
    while (at < changes.length && (changes[at] as number) - last <= 2 * AROUND) last = changes[at++] as number
    shown += hunk(lines, Math.max(0, first - AROUND), Math.min(lines.length, last + AROUND + 1))
  }
  return shown
}

function hunk(lines: readonly Line[], from: number, to: number): string {
  const count = (part: readonly Line[], sign: '-' | '+'): number => part.filter(line => line.sign === ' ' || line.sign === sign).length
  const before = lines.slice(0, from)
  const part = lines.slice(from, to)
  const range = (sign: '-' | '+'): string => `${sign}${count(before, sign) + (count(part, sign) > 0 ? 1 : 0)},${count(part, sign)}`
  const body = part.map(({ sign, text }) => (text.endsWith('\n') ? sign + text : `${sign}${text}\n\\ No newline at end of file\n`))
  return `@@ ${range('-')} ${range('+')} @@\n${body.join('')}`
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
