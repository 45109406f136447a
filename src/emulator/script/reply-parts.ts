/** What of a reply a flow looks at: the rest of it does not belong in a file. */
import type { ReplyPath } from '../../compile/asking.ts'

/** The value with nothing in it but what leads to the paths; lists keep their positions. */
export function partsOf(value: unknown, paths: readonly ReplyPath[]): unknown {
  if (typeof value !== 'object' || value === null || paths.some(path => path.length === 0)) return value
  const below = (key: string): readonly ReplyPath[] => paths.filter(path => path[0] === key).map(path => path.slice(1))
  if (Array.isArray(value)) {
    const last = Math.max(-1, ...paths.map(path => Number(path[0])).filter(place => Number.isInteger(place) && place < value.length))
    return value.slice(0, last + 1).map((one, place) => (below(String(place)).length === 0 ? null : partsOf(one, below(String(place)))))
  }
  return Object.fromEntries(Object.entries(value).filter(([key]) => below(key).length > 0).map(([key, one]) => [key, partsOf(one, below(key))]))
}
