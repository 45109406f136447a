/** The beginning of the addresses that we hand out. */
import type { Socket } from 'node:net'

/** A name or address with an optional port, as a Host header may hold it; nothing that would need escaping in JSON. */
const HOST = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?$/

/** What a request tells of the address that it was sent to. */
export interface SentTo {
  readonly host: string
  readonly protocol: string
  readonly socket: Socket
}

/** `https://host` from the settings, or from the request; a forwarded host and protocol count only from a trusted proxy. */
export function publicBase(publicUrl: string | undefined): (request: SentTo) => string {
  if (publicUrl !== undefined) return () => publicUrl
  return request => {
    const { host } = request
    if (HOST.test(host)) return `${request.protocol === 'https' ? 'https' : 'http'}://${host}`
    // no usable Host header: the address that the request reached
    const { localAddress, localPort } = request.socket
    const address = localAddress?.includes(':') === true && !localAddress.startsWith('::ffff:') ? `[${localAddress}]` : (localAddress ?? 'localhost').replace('::ffff:', '')
    return `http://${address}:${localPort ?? 80}`
  }
}
