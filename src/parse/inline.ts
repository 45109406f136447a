/** Plain data → YAML on one line, as people write it: JSON, whose keys lose their quotes where they need none. */

/** Words that some YAML reader takes for something else than text. */
export const RESERVED = /^(true|false|null|yes|no|on|off|y|n)$/i

/** The value on one line. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).map(([key, one]) => `${/^[a-z][\w.-]*$/i.test(key) && !RESERVED.test(key) ? key : JSON.stringify(key)}: ${inline(one)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}
