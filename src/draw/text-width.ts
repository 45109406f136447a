/** How wide a text is, about: pictures are made where there are no fonts. */

/** Widths of letters in thousandths of the font's size, as sans-serif fonts have them, the wider ones counted. */
const NARROW = /[ijl.,:;'|!()[\]ftrI-]/
const WIDE = /[mwMW@%“”…–—]/
const CAPITAL = /[A-ZÅÄÖ0-9_+{}=<>]/

/** Pixels of a line in a font of so many pixels. */
export function textWidth(text: string, size: number): number {
  let sum = 0
  for (const sign of text) sum += NARROW.test(sign) ? 340 : WIDE.test(sign) ? 900 : CAPITAL.test(sign) ? 640 : sign > '\u2e80' ? 1000 : 560
  return Math.ceil(sum * size / 1000)
}

/** As much of a line as fits into so many pixels, with `…` where it was cut. */
export function fitted(text: string, size: number, most: number): string {
  if (textWidth(text, size) <= most) return text
  const signs = [...text]
  let [low, high] = [0, signs.length]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (textWidth(`${signs.slice(0, middle).join('')}…`, size) <= most) low = middle
    else high = middle - 1
  }
  return `${signs.slice(0, low).join('').trimEnd()}…`
}
