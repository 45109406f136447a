/**
 * What sealing and opening cost: the sealer against the compositions it was chosen over.
 *
 *   node build/test/bench/seal.js [--rounds 3]
 *
 * Each candidate runs in processes of its own, so that one's types do not slow the next's compiled code.
 */
import { spawnSync } from 'node:child_process'
import { createCipheriv, createDecipheriv, createHmac, hash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { aessiv, gcmsiv } from '@noble/ciphers/aes.js'
import { xchacha20, xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { blake2s } from '@noble/hashes/blake2.js'
import { blake3 } from '@noble/hashes/blake3.js'
import { createSealer } from '../../src/carrier/seal.ts'

interface Candidate {
  seal(text: string): string
  open(token: string): string
}
type Keyed = (bytes: Uint8Array) => Uint8Array

const SIZES = [100, 200, 1200]
const BASELINE = 'node aes-256-gcm + createHmac'

const macKey = new Uint8Array(32).fill(7)
const key = new Uint8Array(32).fill(9)
const purpose = new Uint8Array([1])

const encode = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url')
const utf8 = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
function decode(token: string): Buffer {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.toString('base64url') !== token) throw new Error('not canonical')
  return bytes
}

const hmac: Keyed = bytes => createHmac('sha256', macKey).update(purpose).update(bytes).digest()
const inner = Buffer.alloc(64 + 1 + 4096, 0x36 ^ 7)
const outer = Buffer.alloc(96, 0x5c ^ 7)
/** HMAC (of a full-length key, for timing) as two one-shot hashes. */
const twoHashes: Keyed = bytes => {
  inner.set(bytes, 65)
  outer.write(hash('sha256', inner.subarray(0, 65 + bytes.length), 'binary'), 64, 'latin1')
  return Buffer.from(hash('sha256', outer, 'binary'), 'latin1')
}
const keyedBlake3: Keyed = bytes => blake3.create({ key: macKey, dkLen: 24 }).update(purpose).update(bytes).digest()
const keyedBlake2s: Keyed = bytes => blake2s.create({ key: macKey, dkLen: 24 }).update(purpose).update(bytes).digest()

function nodeAead(name: 'aes-256-gcm' | 'chacha20-poly1305', keyed: Keyed): Candidate {
  const algorithm = name as 'aes-256-gcm'
  return {
    seal(text) {
      const plain = Buffer.from(text, 'utf8')
      const nonce = keyed(plain).subarray(0, 12)
      const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: 16 })
      cipher.setAAD(purpose, { plaintextLength: plain.length })
      const sealed = cipher.update(plain)
      cipher.final()
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
    },
    open(token) {
      const bytes = decode(token)
      const cipher = createDecipheriv(algorithm, key, bytes.subarray(0, 12), { authTagLength: 16 })
      cipher.setAAD(purpose, { plaintextLength: bytes.length - 28 })
      cipher.setAuthTag(bytes.subarray(-16))
      const plain = cipher.update(bytes.subarray(12, -16))
      cipher.final()
      return plain.toString('utf8')
    },
  }
}

/** Tag = keyed hash of the text = nonce; checked by hashing again what was decrypted. */
function siv(size: number, keyed: Keyed, xor: (nonce: Uint8Array, bytes: Uint8Array) => Uint8Array): Candidate {
  return {
    seal(text) {
      const plain = Buffer.from(text, 'utf8')
      const tag = keyed(plain).subarray(0, size)
      const out = Buffer.allocUnsafe(size + plain.length)
      out.set(tag)
      out.set(xor(tag, plain), size)
      return out.toString('base64url')
    },
    open(token) {
      const bytes = decode(token)
      const tag = bytes.subarray(0, size)
      const plain = xor(tag, bytes.subarray(size))
      const again = keyed(plain)
      let difference = 0
      for (let i = 0; i < size; i++) difference |= again[i]! ^ tag[i]!
      if (difference !== 0) throw new Error('altered')
      return utf8(plain)
    },
  }
}

const xchachaAead = (keyed: Keyed): Candidate => ({
  seal(text) {
    const plain = Buffer.from(text, 'utf8')
    const nonce = keyed(plain)
    const out = new Uint8Array(24 + plain.length + 16)
    out.set(nonce)
    xchacha20poly1305(key, nonce, purpose).encrypt(plain, out.subarray(24))
    return encode(out)
  },
  open(token) {
    const bytes = decode(token)
    return utf8(xchacha20poly1305(key, bytes.subarray(0, 24), purpose).decrypt(bytes.subarray(24)))
  },
})

const misuseResistant = (make: () => { encrypt: Keyed; decrypt: Keyed }): Candidate => ({
  seal: text => encode(make().encrypt(Buffer.from(text, 'utf8'))),
  open: token => utf8(make().decrypt(decode(token))),
})

const ours = createSealer(['a secret for measuring'])
const zeroNonce = new Uint8Array(12)
const longKey = new Uint8Array(64).fill(3)
const ctr = (nonce: Uint8Array, bytes: Uint8Array) => createCipheriv('aes-256-ctr', key, nonce).update(bytes)

const CANDIDATES: Record<string, Candidate> = {
  'tonval: SIV, keyed hash + kept AES': { seal: text => ours.seal('call', text), open: token => ours.open('call', token) ?? '' },
  [BASELINE]: nodeAead('aes-256-gcm', hmac),
  'node aes-256-gcm + one-shot HMAC': nodeAead('aes-256-gcm', twoHashes),
  'node chacha20-poly1305 + one-shot HMAC': nodeAead('chacha20-poly1305', twoHashes),
  'node aes-256-ctr SIV + one-shot HMAC': siv(16, twoHashes, ctr),
  'noble xchacha20-poly1305 + BLAKE3': xchachaAead(keyedBlake3),
  'noble xchacha20-poly1305 + BLAKE2s': xchachaAead(keyedBlake2s),
  'noble xchacha20 SIV + BLAKE3': siv(24, keyedBlake3, (nonce, bytes) => xchacha20(key, nonce, bytes)),
  'noble aes-256-gcm-siv': misuseResistant(() => gcmsiv(key, zeroNonce, purpose)),
  'noble aes-siv': misuseResistant(() => aessiv(longKey, purpose)),
  'UTF-8 and base64url alone': { seal: text => Buffer.from(text, 'utf8').toString('base64url'), open: token => utf8(decode(token)) },
}

const sample = (size: number) => '{"c":"c8f1e0","f":"support","s":3,"v":["'.padEnd(size, 'abc123+46701234567,')

/** CPU µs per seal and open, for each size. */
function measure(candidate: Candidate): number[] {
  const round = (text: string, times: number) => {
    const before = process.cpuUsage()
    for (let i = 0; i < times; i++) candidate.open(candidate.seal(text))
    const { user, system } = process.cpuUsage(before)
    return (user + system) / times
  }
  const texts = SIZES.map(sample)
  for (const text of texts) {
    if (candidate.open(candidate.seal(text)) !== text) throw new Error('does not open what it sealed')
    round(text, 3000)
  }
  // the least: what else runs on the machine only ever adds
  return texts.map(text => Math.min(...Array.from({ length: 12 }, () => round(text, 1500))))
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } } })
const only = values.only === undefined ? undefined : CANDIDATES[values.only]
if (only) {
  console.log(JSON.stringify(measure(only)))
} else {
  const results = new Map<string, number[][]>()
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const name of Object.keys(CANDIDATES)) {
      const child = spawnSync(process.execPath, [import.meta.filename, '--only', name], { encoding: 'utf8' })
      if (child.status !== 0) throw new Error(`${name}: ${child.stderr}`)
      results.set(name, [...(results.get(name) ?? []), JSON.parse(child.stdout) as number[]])
    }
  }
  const of = (name: string) => SIZES.map((_, i) => Math.min(...results.get(name)!.map(row => row[i]!)))
  const base = of(BASELINE)
  console.log(`${'CPU µs per seal + open (× node)'.padEnd(40)}${SIZES.map(n => `${n} bytes`.padStart(16)).join('')}`)
  for (const name of results.keys()) {
    const cells = of(name).map((µs, i) => `${µs.toFixed(1)} (${(µs / base[i]!).toFixed(2)})`.padStart(16))
    console.log(name.padEnd(40) + cells.join(''))
  }
}
