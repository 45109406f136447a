/** Whether a request can be the operator's own: neither another site's page nor a foreign name that resolves to us. */
const LOOPBACK = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i

/**
 * `anyHost`: beyond loopback a token is asked for, which no other page can know; then every name may lead here, and
 * only a page of another origin is turned away.
 */
export function isOurs(host: string | undefined, origin: string | undefined, site: string | string[] | undefined, anyHost: boolean): boolean {
  if (host === undefined || (!anyHost && !LOOPBACK.test(host))) return false
  if (site === 'cross-site' || site === 'same-site') return false
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase()
}
