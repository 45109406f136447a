/** The key in the address that an operator gives to the carrier: who knows it may begin calls. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Keys kept in memory: a hash each time would cost more than the rest of a first request. */
const MOST_KEPT = 1000

/** The key that the address of a flow's first request carries; `''` for the address without a flow. */
export function voiceKey(secret: string, flow: string): string {
  return createHmac('sha256', secret).update(`voice:${flow}`).digest('base64url').slice(0, 22)
}

/** Tells whether any secret in rotation makes this key for this flow; takes as long for a near miss as for a far one. */
export function createKeyCheck(secrets: readonly string[]): (flow: string, given: string | undefined) => boolean {
  const kept = new Map<string, readonly Buffer[]>()
  return (flow, given) => {
    if (given === undefined) return false
    let keys = kept.get(flow)
    if (keys === undefined) {
      keys = secrets.map(secret => Buffer.from(voiceKey(secret, flow)))
      if (kept.size >= MOST_KEPT) kept.clear()
      // no flow has a longer name: whoever makes names up may not fill the memory with them
      if (flow.length <= 64) kept.set(flow, keys)
    }
    const bytes = Buffer.from(given)
    let found = false
    for (const key of keys) if (key.length === bytes.length && timingSafeEqual(key, bytes)) found = true
    return found
  }
}
