/** Where a menu is wide, what it leads to stands in several rows below it: nobody reads a line of thirty boxes. */

interface Ends {
  readonly from: number
  readonly to: number
}

/** How much wider than high the picture of a large flow becomes, in boxes, which are themselves wider than high. */
const SHAPE = 0.7
/** Leaves of one state beside each other, in a flow that is not large. */
const MOST_BESIDE = 6

/**
 * The links, each with the rows between its boxes at least. What one state leads to first is a tree: its branches are
 * put on shelves below each other, as wide as makes the whole about as wide as a screen. `start`: the first box.
 */
export function inRows<T extends Ends>(boxes: number, links: readonly T[], start: number, isLarge: boolean): (T & { readonly rows: number })[] {
  const children = treeOf(boxes, links, start)
  const size = new Array<Size>(boxes).fill({ width: 1, height: 1 })
  const rows = new Map<number, number>()
  for (const at of upwards(children)) {
    const links = children[at] as readonly { readonly link: number; readonly to: number }[]
    const sizes = links.map(({ to }) => size[to] as Size)
    const area = sizes.reduce((sum, one) => sum + one.width * one.height, 0)
    const limit = isLarge ? Math.max(...sizes.map(one => one.width), Math.sqrt(area * SHAPE)) : sizes.every(one => one.height === 1) ? MOST_BESIDE : Infinity
    let [left, top, widest, deepest] = [0, 1, 1, 0]
    links.forEach(({ link }, index) => {
      const { width, height } = sizes[index] as Size
      if (left > 0 && left + width > limit) [left, top, deepest] = [0, top + deepest, 0]
      rows.set(link, top)
      left += width
      widest = Math.max(widest, left)
      deepest = Math.max(deepest, height)
    })
    size[at] = { width: widest, height: top + deepest }
  }
  return links.map((link, at) => ({ ...link, rows: rows.get(at) ?? 1 }))
}

interface Size {
  readonly width: number
  readonly height: number
}

/** For each box the links by which others are come to first. */
function treeOf(boxes: number, links: readonly Ends[], start: number): { readonly link: number; readonly to: number }[][] {
  const out = Array.from({ length: boxes }, (): number[] => [])
  links.forEach(({ from }, at) => out[from]?.push(at))
  const children = Array.from({ length: boxes }, (): { link: number; to: number }[] => [])
  const known = new Array<boolean>(boxes).fill(false)
  for (const root of [start, ...out.keys()]) {
    if (known[root] !== false) continue
    known[root] = true
    const queue = [root]
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      for (const link of out[at] ?? []) {
        const { to } = links[link] as Ends
        if (known[to] !== false) continue
        known[to] = true
        children[at]?.push({ link, to })
        queue.push(to)
      }
    }
  }
  return children
}

/** The boxes with children, each after those below it. */
function upwards(children: readonly (readonly { readonly to: number }[])[]): number[] {
  const isChild = new Array<boolean>(children.length).fill(false)
  for (const all of children) for (const { to } of all) isChild[to] = true
  const order: number[] = []
  const queue = children.flatMap((_all, at) => (isChild[at] === true ? [] : [at]))
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    order.push(at)
    for (const { to } of children[at] ?? []) queue.push(to)
  }
  return order.reverse().filter(at => (children[at] ?? []).length > 0)
}
