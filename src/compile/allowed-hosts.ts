/**
 * `TONVAL_FETCH_HOSTS`: which hosts the server may ask. An entry is a host (`crm.example`, `10.0.0.7`, `[fd00::7]`), with a
 * port where only that one is meant (`localhost:3000`), or a pattern: `*.example.com` for all names below that one, `*` for
 * every host. A host that is named may have any address; those that only a pattern covers must be reachable for everybody,
 * see outbox/reachable.ts.
 */

/** How a host comes to be allowed: by an entry of its own, or by a pattern. */
export type Allowed = 'named' | 'covered'

/** The entries of the setting as they are compared, and those that are none. */
export function readHosts(text: string): { readonly hosts: readonly string[]; readonly wrong: readonly string[] } {
  const entries = text.split(',').map(entry => entry.trim()).filter(entry => entry !== '')
  const hosts: string[] = []
  const wrong: string[] = []
  for (const entry of entries) {
    const host = readHost(entry)
    if (host === undefined) wrong.push(entry)
    else hosts.push(host)
  }
  return { hosts, wrong }
}

/** An entry in the spelling that addresses have once they were read; undefined for what is no host. */
function readHost(entry: string): string | undefined {
  if (entry === '*') return entry
  const match = /^(\*\.)?(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\*%]+)(:\d{1,5})?$/.exec(entry)
  if (match === null || Number((match[3] ?? ':0').slice(1)) > 65535) return undefined
  const url = `http://${match[2]}/`
  if (!URL.canParse(url)) return undefined
  return `${match[1] ?? ''}${hostOf(new URL(url))}${match[3] ?? ''}`
}

/** Whether the server may ask an address, and by which kind of entry. */
export function allowedAs(hosts: readonly string[], url: URL): Allowed | undefined {
  const entry = allowedBy(hosts, url)
  return entry === undefined ? undefined : entry.startsWith('*') ? 'covered' : 'named'
}

/** The entry that allows an address: one of its own before any pattern. */
export function allowedBy(hosts: readonly string[], url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  const host = hostOf(url)
  const withPort = `${host}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`
  let pattern: string | undefined
  for (const entry of hosts) {
    if (entry === host || entry === withPort) return entry
    if (entry.startsWith('*') && (entry === '*' || host.endsWith(entry.slice(1)) || withPort.endsWith(entry.slice(1)))) pattern ??= entry
  }
  return pattern
}

/** A name with a dot at its end is the same name. */
function hostOf(url: URL): string {
  return url.hostname.replace(/\.$/, '')
}
