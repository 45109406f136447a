/** Columns of text, for people. */

/** Rows under their headings; columns in which nothing stands are left out. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = headings.map((_, column) => rows.some(row => row[column] !== ''))
  const lines = [headings, ...rows].map(row => row.filter((_, column) => used[column]))
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map(line => (line[column] as string).length)))
  return lines.map(line => `${line.map((cell, column) => cell.padEnd(widths[column] as number)).join('  ').trimEnd()}\n`).join('')
}

const UNITS: readonly (readonly [milliseconds: number, unit: string])[] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's']]

/** How long ago, in the largest unit of which there is one. */
export function relativeTime(milliseconds: number): string {
  const [length, unit] = UNITS.find(([length]) => milliseconds >= length) ?? [1000, 's']
  return `${Math.max(0, Math.floor(milliseconds / length))} ${unit}`
}

/** Bytes as people say them. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
