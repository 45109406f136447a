/** Turns offsets of one text into lines and columns; both count from 1, columns in UTF-16 units, as editors do. */
export class Lines {
  readonly text: string
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.text = text
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1)
  }

  /** The place of an offset; one past the end is the end. */
  at(offset: number): { line: number; column: number; offset: number } {
    const inside = Math.max(0, Math.min(offset, this.text.length))
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= inside) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: inside - (this.#starts[low] as number) + 1, offset: inside }
  }

  /** The text of a line, without its end; empty where there is no such line. */
  line(number: number): string {
    const start = this.#starts[number - 1]
    if (start === undefined) return ''
    const next = this.#starts[number]
    return this.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, '')
  }

  /** The offset at which a line begins. */
  start(number: number): number {
    return this.#starts[number - 1] ?? this.text.length
  }

  get count(): number {
    return this.#starts.length
  }
}
