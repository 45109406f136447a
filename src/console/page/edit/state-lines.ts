/** Where the states of a flow stand in its text: found by its layout alone, so that it holds while somebody types. */

interface Begin {
  readonly name: string
  /** From 1. */
  readonly line: number
}

/** The states, and the first line behind all of them. */
function beginsOf(text: string): { readonly begins: readonly Begin[]; readonly end: number } {
  const lines = text.split('\n')
  const first = lines.findIndex(line => /^states\s*:/.test(line))
  if (first < 0) return { begins: [], end: 0 }
  let indent: number | undefined
  const begins: Begin[] = []
  for (let at = first + 1; at < lines.length; at++) {
    const [, space = '', quoted, plain] = /^(\s*)(?:["']([^"']+)["']|([^\s#:][^\s:]*))\s*:/.exec(lines[at] as string) ?? []
    const name = quoted ?? plain
    // what is written to the left of the states is none of them
    if (/^[^\s#]/.test(lines[at] as string)) return { begins, end: at + 1 }
    if (name === undefined) continue
    indent ??= space.length
    if (space.length === indent) begins.push({ name, line: at + 1 })
  }
  return { begins, end: Infinity }
}

/** Tells the state in which a line stands; undefined outside of all. The text is read once, however many lines are asked for. */
export function stateFinder(text: string): (line: number) => string | undefined {
  const { begins, end } = beginsOf(text)
  return line => (line < end ? begins.findLast(one => one.line <= line)?.name : undefined)
}

/** The state in which a line stands. */
export function stateAt(text: string, line: number): string | undefined {
  return stateFinder(text)(line)
}

/** The line on which a state begins; of one that is written in place, that of the state around it. */
export function lineOfState(text: string, state: string): number | undefined {
  const { begins } = beginsOf(text)
  return (begins.find(one => one.name === state) ?? begins.find(one => state.startsWith(`${one.name}.`)))?.line
}
