/** Of a picture with very many parts, only those in sight are laid out: all of them would take a browser seconds. */

export interface View {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly scale: number
}

/** Below this scale nothing is read: boxes and arrows only. */
const FAR = 0.22
/** Pixels of the picture beside what is seen, so that a slow hand never sees an empty edge. */
const BESIDE = 300

/** Tells which parts can be seen. */
export function createSight(svg: SVGSVGElement, parts: readonly SVGGElement[]): (view: View) => void {
  // nothing is laid out before somebody looks
  const boxes = parts.map(part => { part.classList.add('away'); return { part, ...reachOf(part), isAway: true } })
  return ({ left, top, right, bottom, scale }) => {
    svg.classList.toggle('far', scale < FAR)
    for (const box of boxes) {
      const isAway = box.right < left - BESIDE || box.left > right + BESIDE || box.bottom < top - BESIDE || box.top > bottom + BESIDE
      if (isAway === box.isAway) continue
      box.isAway = isAway
      box.part.classList.toggle('away', isAway)
    }
  }
}

/** Where a part reaches, as its attributes say: nothing has to be laid out for that. */
function reachOf(part: SVGGElement): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
  const [, x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(part.getAttribute('transform') ?? '') ?? []
  if (x !== undefined && y !== undefined) {
    const card = part.querySelector('.card')
    return { left: Number(x), top: Number(y), right: Number(x) + Number(card?.getAttribute('width') ?? 0), bottom: Number(y) + Number(card?.getAttribute('height') ?? 0) }
  }
  const numbers = (part.querySelector('.way')?.getAttribute('d')?.match(/-?[\d.]+/g) ?? []).map(Number)
  const [xs, ys] = [numbers.filter((_one, at) => at % 2 === 0), numbers.filter((_one, at) => at % 2 === 1)]
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) }
}
