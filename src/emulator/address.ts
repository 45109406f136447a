/** Addresses as the carrier takes them, and as a person can read them. */

/** The address, if it is absolute and http or https; relative ones are undocumented, so nothing is guessed. */
export function readAddress(text: string): URL | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined
  return URL.canParse(text) ? new URL(text) : undefined
}

/** An address fit for a screen: no password, no query (secrets stand there), long segments (tokens) cut short. */
export function shortAddress(text: string): string {
  const url = readAddress(text)
  if (url === undefined) return text.length > 60 ? `${text.slice(0, 57)}...` : text
  const path = url.pathname
    .split('/')
    .map((segment) => (segment.length > 28 ? `${segment.slice(0, 8)}...` : segment))
    .join('/')
  return `${url.protocol}//${url.host}${path}${url.search === '' ? '' : '?...'}`
}

/** What a sound is called on a screen: the last segment of its address's path; built-in and local ones keep their whole name. */
export function soundName(text: string): string {
  const url = readAddress(text)
  if (url === undefined) return text
  const last = url.pathname.split('/').filter((segment) => segment !== '').at(-1)
  if (last === undefined) return url.host
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
