import type { Hash } from 'node:crypto'

/** The hash that a sound's address and stored file carry: 128 bits of its bytes' SHA-256, in hex. */
export function soundHash(hash: Hash): string {
  return hash.digest('hex').slice(0, 32)
}
