/**
 * Sealed texts: what an address of ours carries, encrypted, authenticated and the same every time.
 *
 * The composition is SIV (the shape of RFC 5297) with a keyed SHA-256 and AES-256 in counter mode: the first 128 bits
 * of the hash of key, purpose and text are both the nonce and the tag.
 *
 *   token = base64url( key id, 3 bytes | tag, 16 bytes | text in UTF-8, encrypted )
 *
 * The key is the hash's first block, and half of the hash is never shown, so that nobody can go on from a tag to that
 * of a longer text (Coron et al. 2005, "chop"). HMAC would be a second hash, and in a server, where caches are cold, each
 * call into OpenSSL costs more than in a loop. Seal and open together, CPU µs for 100, 200 and 1,200 bytes on one
 * machine, and for 200 bytes as a multiple of Node's aes-256-gcm under an HMAC nonce (test/bench/seal.ts, Node 20):
 *
 *   this                                        5.5    9.4   19.6   0.8
 *   node aes-256-gcm, createHmac               14.1   12.4   21.9   1.0
 *   node aes-256-gcm, one-shot HMAC            11.0   11.7   23.4   0.9
 *   noble xchacha20 SIV, BLAKE3                18.2   25.6   71.7   2.1
 *   noble xchacha20-poly1305, BLAKE3           31.6   40.7   91.2   3.3
 *   noble aes-siv, aes-256-gcm-siv            38–49  43–56  110–125 3–4
 */
import { createCipheriv, hash, hkdfSync } from 'node:crypto'

/** What a token is good for; one sealed for a purpose opens for no other. */
export type Purpose = 'call' | 'recording' | 'speech' | 'dial'

/** Seals and opens texts under the secrets in rotation. Keeps no state between calls. */
export interface Sealer {
  /**
   * The token of a text: the same for the same purpose and text, byte for byte. Any Unicode survives but
   * lone surrogates, which open as U+FFFD. Throws a RangeError on a text of more than 8,192 bytes.
   */
  seal(purpose: Purpose, text: string): string
  /** The text, or undefined for anything but exactly what a secret in rotation sealed for this purpose. */
  open(purpose: Purpose, token: string): string | undefined
}

const BLOCK = 16
const ID = 3
const TAG = 16
const MAX_TEXT = 8192
const MAX_TOKEN = Math.ceil((ID + TAG + MAX_TEXT) * 4 / 3)

/** A block of SHA-256: the key fills one. */
const PAD = 64
/** In the buffer that is hashed, the purpose stands between the key and the text. */
const TEXT = PAD + 1

/** Fixed for ever: tokens in calls under way hold them. */
const PURPOSE: Readonly<Record<Purpose, number>> = { call: 1, recording: 2, speech: 3, dial: 4 }

/**
 * A sealer whose first secret seals and whose every secret opens.
 * Throws when there is no secret, or one of fewer than 16 characters.
 */
export function createSealer(secrets: readonly string[]): Sealer {
  for (const secret of secrets) if (secret.length < 16) throw new Error('a secret must have at least 16 characters')
  const keys = FORMATS.flatMap(format => secrets.map(secret => createKey(secret, format)))
  const [first] = keys
  if (first === undefined) throw new Error('at least one secret is needed')
  return {
    seal: (purpose, text) => first.seal(purpose, text),
    open(purpose, token) {
      if (token.length > MAX_TOKEN) return undefined
      for (const key of keys) {
        // two secrets may share an id, so a refusal by one is not the last word
        const text = token.startsWith(key.id) ? key.open(purpose, token) : undefined
        if (text !== undefined) return text
      }
      return undefined
    },
  }
}

/** The first seals; the tokens of the others, which calls in progress may still hold, are opened. 1: HMAC-SHA256. 2: as above. */
const FORMATS = [2, 1] as const

/** One secret's keys and the buffers that it works in: calls are synchronous, so nothing is shared. */
function createKey(secret: string, format: (typeof FORMATS)[number]): Sealer & { readonly id: string } {
  const derive = (use: string, length: number) => Buffer.from(hkdfSync('sha256', secret, '', `tonval seal ${format} ${use}`, length))
  const inner = Buffer.alloc(TEXT + MAX_TEXT)
  const outer = Buffer.alloc(PAD + 32)
  if (format === 2) derive('tag', PAD).copy(inner)
  else {
    const macKey = derive('tag', 32)
    for (let i = 0; i < PAD; i++) {
      inner[i] = 0x36 ^ (macKey[i] ?? 0)
      outer[i] = 0x5c ^ (macKey[i] ?? 0)
    }
  }
  const id = derive('key id', ID)
  const bytes = Buffer.alloc(ID + TAG + MAX_TEXT)
  id.copy(bytes)
  const blocks = Buffer.alloc(MAX_TEXT)
  // One cipher for the key's whole life: making one costs more than all else here. ECB of whole blocks has
  // no state from one update to the next, and it is only ever given counters.
  const aes = createCipheriv('aes-256-ecb', derive('cipher', 32), null).setAutoPadding(false)

  /** The hash of key, purpose and text, which stand in `inner`, in 32 characters of a byte each. */
  function mac(purpose: Purpose, length: number): string {
    inner[PAD] = PURPOSE[purpose]
    const keyed = hash('sha256', inner.subarray(0, TEXT + length), 'binary')
    if (format === 2) return keyed
    outer.write(keyed, PAD, 'latin1')
    return hash('sha256', outer, 'binary')
  }

  /** Counter mode: block i of the stream is the cipher of the tag with i added without carry, big-endian. */
  function xorStream(target: Buffer, from: number, length: number): void {
    if (length === 0) return
    const end = Math.ceil(length / BLOCK) * BLOCK
    blocks.fill(bytes.subarray(ID, ID + TAG), 0, end)
    for (let last = BLOCK - 1, i = 0; last < end; last += BLOCK, i++) {
      blocks[last]! ^= i & 255
      blocks[last - 1]! ^= i >> 8
    }
    const stream = aes.update(blocks.subarray(0, end))
    for (let i = 0; i < length; i++) target[from + i]! ^= stream[i]!
  }

  return {
    id: id.toString('base64url'),
    seal(purpose, text) {
      if (text.length * 3 > MAX_TEXT && Buffer.byteLength(text) > MAX_TEXT) throw new RangeError('the text is too long to seal')
      const length = inner.write(text, TEXT, 'utf8')
      bytes.set(id)
      bytes.write(mac(purpose, length), ID, TAG, 'latin1')
      inner.copy(bytes, ID + TAG, TEXT, TEXT + length)
      xorStream(bytes, ID + TAG, length)
      return bytes.toString('base64url', 0, ID + TAG + length)
    },
    open(purpose, token) {
      const length = bytes.write(token, 'base64url') - ID - TAG
      // the decoder skips what it does not know and drops trailing bits: only what it would write itself counts
      if (length < 0 || bytes.toString('base64url', 0, ID + TAG + length) !== token) return undefined
      bytes.copy(inner, TEXT, ID + TAG, ID + TAG + length)
      xorStream(inner, TEXT, length)
      const expected = mac(purpose, length)
      let difference = 0
      for (let i = 0; i < TAG; i++) difference |= expected.charCodeAt(i) ^ bytes[ID + i]!
      return difference === 0 ? inner.toString('utf8', TEXT, TEXT + length) : undefined
    },
  }
}
