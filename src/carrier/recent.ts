/** Tokens, with a memory of those that were made last: a caller's next request brings one of them back. */
import type { Call } from '../run/call.ts'
import type { Purpose, Sealer } from './seal.ts'
import { isOver, openCall, sealCall, sealedAt } from './token.ts'

/** Tokens in each of two generations. A server with more calls at a time opens some tokens by their seal. */
const MOST = 1024

export interface Tokens {
  /** As sealCall. */
  seal(purpose: Purpose, call: Call, now: number): string
  /** As openCall. */
  open(purpose: Purpose, token: string, now: number, late?: number): Call | undefined
  /** The token of what is to be spoken: the same for the same text, so that the carrier keeps one sound of it. It never grows too old. */
  sealSpeech(text: string): string
  openSpeech(token: string): string | undefined
}

interface Known {
  readonly call: Call
  readonly sealed: number
}

/** Seals and opens. What it remembers it would also find by opening, so nothing depends on it but the time it takes. */
export function createTokens(sealer: Sealer, most = MOST): Tokens {
  let young = new Map<string, Known>()
  let old = new Map<string, Known>()
  return {
    seal(purpose, call, now) {
      const token = sealCall(sealer, purpose, call, now)
      if (purpose === 'call') {
        if (young.size >= most) {
          old = young
          young = new Map()
        }
        young.set(token, { call, sealed: sealedAt(call, now) })
      }
      return token
    },
    open(purpose, token, now, late = 0) {
      const known = purpose === 'call' ? young.get(token) ?? old.get(token) : undefined
      if (known === undefined) return openCall(sealer, purpose, token, now, late)
      return isOver(purpose, known.sealed, now, late) ? undefined : known.call
    },
    sealSpeech: text => sealer.seal('speech', text),
    openSpeech: token => sealer.open('speech', token),
  }
}
