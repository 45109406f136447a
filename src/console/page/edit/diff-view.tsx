/** Two texts, line by line: what was taken away, what was added, and a little around it. */
import { compareLines } from '../../../diff/lines.ts'
import type { Line } from '../../../diff/lines.ts'
import { useWords } from '../words.ts'

/** Unchanged lines around a change. */
const AROUND = 3

export function DiffView({ before, after, label }: { readonly before: string; readonly after: string; readonly label: string }) {
  const words = useWords()
  const lines = compareLines(before, after)
  if (lines.every(line => line.sign === ' ')) return <p class="none">{words.sameText}</p>
  return <div class="diff" tabIndex={0} role="region" aria-label={label}>
    {pieces(lines).map((piece, at) => (typeof piece === 'number'
      ? <p key={at} class="diff-same">{words.linesSame(piece)}</p>
      : <pre key={at}>{piece.map((line, n) => (line.sign === ' ' ? <span key={n} class="diff-line">{`  ${shown(line)}`}</span> : line.sign === '-' ? <del key={n} class="diff-line">{`− ${shown(line)}`}</del> : <ins key={n} class="diff-line">{`+ ${shown(line)}`}</ins>))}</pre>))}
  </div>
}

function shown({ text }: Line): string {
  return text.replace(/\r?\n$/, '')
}

/** Changes with what stands around them; between them, how many lines are the same. */
function pieces(lines: readonly Line[]): (number | Line[])[] {
  const near = new Set(lines.flatMap((line, at) => (line.sign === ' ' ? [] : Array.from({ length: 2 * AROUND + 1 }, (_, n) => at - AROUND + n))))
  const found: (number | Line[])[] = []
  lines.forEach((line, at) => {
    const last = found.at(-1)
    if (near.has(at)) {
      if (Array.isArray(last)) last.push(line)
      else found.push([line])
    } else if (typeof last === 'number') found[found.length - 1] = last + 1
    else found.push(1)
  })
  return found
}
