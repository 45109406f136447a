/** Where the states of a flow stand in its text: found by its layout alone, so that it holds while somebody types. */

interface Begin {
  readonly name: string
  /** From 1. */
  readonly line: number
}

function beginsOf(text: string): readonly Begin[] {
  const lines = text.split('\n')
  const first = lines.findIndex(line => /^states\s*:/.test(line))
  if (first < 0) return []
  let indent: number | undefined
  const found: Begin[] = []
  for (let at = first + 1; at < lines.length; at++) {
    const [, space = '', quoted, plain] = /^(\s*)(?:["']([^"']+)["']|([^\s#:][^\s:]*))\s*:/.exec(lines[at] as string) ?? []
    const name = quoted ?? plain
    if (/^[^\s#]/.test(lines[at] as string)) break
    if (name === undefined) continue
    indent ??= space.length
    if (space.length === indent) found.push({ name, line: at + 1 })
  }
  return found
}

/** The state in which a line stands; undefined outside of all. */
export function stateAt(text: string, line: number): string | undefined {
  const lines = text.split('\n')
  const begin = beginsOf(text).filter(one => one.line <= line).at(-1)
  // what is written to the left of the states is none of them
  return begin !== undefined && lines.slice(begin.line, line).every(one => /^(\s|#|$)/.test(one)) ? begin.name : undefined
}

/** The line on which a state begins; of one that is written in place, that of the state around it. */
export function lineOfState(text: string, state: string): number | undefined {
  const begins = beginsOf(text)
  return (begins.find(one => one.name === state) ?? begins.find(one => state.startsWith(`${one.name}.`)))?.line
}
