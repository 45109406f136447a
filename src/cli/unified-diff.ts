/** What changed between two texts, line by line, as `diff -u` shows it and `patch` takes it. */
import { compareLines } from '../diff/lines.ts'
import type { Line } from '../diff/lines.ts'

/** Unchanged lines shown around a change. */
const AROUND = 3

/** The difference between two texts; empty where there is none. */
export function unifiedDiff(path: string, before: string, after: string): string {
  const lines = compareLines(before, after)
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
