/** The beginning of the addresses that we hand out. */
import type { FastifyRequest } from 'fastify'

/** A name or address with an optional port, as a Host header may hold it; nothing that would need escaping in JSON. */
const HOST = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]{1,253})(:\d{1,5})?$/

/** `https://host` from the settings, or from the request; a forwarded host and protocol count only from a trusted proxy. */
export function publicBase(publicUrl: string | undefined): (request: FastifyRequest) => string {
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
