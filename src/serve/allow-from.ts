/** `--allow-from`: who may ask on the carrier's side. */
import ipaddr from 'ipaddr.js'

/** The carrier's published addresses (facts: verify-callback-origin). */
export const CARRIER = ['176.10.154.199', '85.24.146.132', '185.39.146.243', '2001:9b0:2:902::199'] as const

/** Whether a text is an address or a range of addresses. */
export function isRange(text: string): boolean {
  return text.includes('/') ? ipaddr.isValidCIDR(text) : ipaddr.isValid(text)
}

/** Whether a host can be reached from its own machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.process(host).range() === 'loopback')
}

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Whether an address is among the given addresses and ranges; undefined where everybody may ask. Throws on what is neither. */
export function allowList(ranges: readonly string[]): ((address: string) => boolean) | undefined {
  if (ranges.length === 0) return undefined
  const parsed = ranges.flatMap(range => (range === '46elks' ? [...CARRIER] : [range])).map(parseRange)
  return address => {
    if (!ipaddr.isValid(address)) return false
    const one = ipaddr.process(address)
    return parsed.some(([network, bits]) => network.kind() === one.kind() && one.match(network, bits))
  }
}

function parseRange(range: string): [Address, number] {
  try {
    if (range.includes('/')) return ipaddr.parseCIDR(range)
    const address = ipaddr.parse(range)
    return [address, address.kind() === 'ipv4' ? 32 : 128]
  } catch {
    throw new Error(`\`${range}\` is no address or range such as 192.0.2.7 or 192.0.2.0/24`)
  }
}
