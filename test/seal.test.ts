import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { createSealer, type Purpose } from '../src/carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../src/carrier/voice-key.ts'

const OLD = 'the secret of last year'
const NEW = 'the secret of this year'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const PURPOSES: readonly Purpose[] = ['call', 'recording', 'speech']

const sealer = createSealer([NEW])
/** Any text of whole Unicode characters, often JSON-like, sometimes long. */
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string({ unit: 'grapheme', minLength: 60, maxLength: 1200 }))
const purpose = fc.constantFrom(...PURPOSES)
/** What must not stand in a token; some look like base64 to a lenient decoder. */
const stranger = fc.constantFrom(...'+/= .~%\n\0åÅ\u{1F600}')

void t.test('opens what it sealed', async t => {
  fc.assert(fc.property(purpose, text, (purpose, text) => {
    const token = sealer.seal(purpose, text)
    t.match(token, /^[\w-]+$/)
    return sealer.open(purpose, token) === text
  }))
  for (const length of [0, 1, 15, 16, 17, 4096, 4097, 8192]) {
    t.equal(sealer.open('call', sealer.seal('call', 'x'.repeat(length))), 'x'.repeat(length), `${length} bytes`)
  }
  t.equal(sealer.open('call', sealer.seal('call', 'a\ud800b')), 'a\ufffdb', 'a lone surrogate becomes U+FFFD')
  t.throws(() => sealer.seal('call', 'x'.repeat(8193)), RangeError)
  t.throws(() => sealer.seal('call', 'å'.repeat(4097)), RangeError)
  t.equal(sealer.open('call', sealer.seal('call', 'after a refusal')), 'after a refusal')
})

void t.test('is deterministic, whatever it did before', async t => {
  fc.assert(fc.property(purpose, text, text, (purpose, text, other) => {
    const token = sealer.seal(purpose, text)
    sealer.open('call', sealer.seal('speech', other))
    return sealer.seal(purpose, text) === token && createSealer([NEW]).seal(purpose, text) === token
  }))
  t.not(sealer.seal('call', 'a'), sealer.seal('call', 'b'))
  const shared = (a: string, b: string) => [...a].findIndex((char, i) => char !== b[i])
  t.ok(shared(sealer.seal('call', `${'x'.repeat(500)}a`), sealer.seal('call', `${'x'.repeat(500)}b`)) < 8,
    'texts with a common start have nothing in common but the key id')
})

void t.test('refuses any change of a character', async t => {
  fc.assert(fc.property(purpose, text, fc.nat(), fc.oneof(fc.constantFrom(...ALPHABET), stranger), (purpose, text, at, char) => {
    const token = sealer.seal(purpose, text)
    const i = at % token.length
    const altered = token.slice(0, i) + char + token.slice(i + 1)
    return altered === token || sealer.open(purpose, altered) === undefined
  }), { numRuns: 1000 })
  for (const length of [20, 21, 22]) {
    const token = sealer.seal('call', 'x'.repeat(length))
    const opening = [...token].flatMap((own, i) => [...ALPHABET].filter(char =>
      char !== own && sealer.open('call', token.slice(0, i) + char + token.slice(i + 1)) !== undefined))
    t.same(opening, [], `every change of every character, ${token.length % 4} left over`)
  }
})

void t.test('refuses a last character that decodes to the same bytes', async t => {
  let found = 0
  for (let length = 0; length < 30; length++) {
    const token = sealer.seal('call', 'x'.repeat(length))
    for (const char of ALPHABET) {
      const twin = token.slice(0, -1) + char
      if (twin === token || !Buffer.from(twin, 'base64url').equals(Buffer.from(token, 'base64url'))) continue
      found++
      t.equal(sealer.open('call', twin), undefined)
    }
  }
  t.ok(found > 100, 'such characters were tried')
})

void t.test('refuses what is shortened, lengthened, or not a token', async t => {
  fc.assert(fc.property(purpose, text, fc.nat(), (purpose, text, at) => {
    const token = sealer.seal(purpose, text)
    return sealer.open(purpose, token.slice(0, at % token.length)) === undefined
      && sealer.open(purpose, token.slice(1 + at % token.length)) === undefined
  }))
  fc.assert(fc.property(purpose, text, fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('=', '==', '\n', 'A', 'AAAA')), (purpose, text, more) => {
    const token = sealer.seal(purpose, text)
    return sealer.open(purpose, token + more) === undefined && sealer.open(purpose, more + token) === undefined
  }))
  fc.assert(fc.property(purpose, fc.string(), (purpose, text) => sealer.open(purpose, text) === undefined))
  const id = sealer.seal('call', '').slice(0, 4)
  for (const token of ['', id, id + 'A'.repeat(22), id + 'A'.repeat(10_000), id + 'A'.repeat(10_944), 'A'.repeat(1 << 24)]) {
    t.equal(sealer.open('call', token), undefined, `${token.length} characters`)
  }
})

void t.test('refuses another purpose', async () => {
  fc.assert(fc.property(purpose, purpose, text, (one, other, text) =>
    one === other || sealer.open(other, sealer.seal(one, text)) === undefined))
})

void t.test('opens under every secret in rotation, seals under the first', async t => {
  const before = createSealer([OLD])
  const rotated = createSealer([NEW, OLD])
  fc.assert(fc.property(purpose, text, (purpose, text) => {
    const token = before.seal(purpose, text)
    return rotated.open(purpose, token) === text
      && sealer.open(purpose, token) === undefined
      && rotated.seal(purpose, text) === sealer.seal(purpose, text)
      && before.open(purpose, rotated.seal(purpose, text)) === undefined
  }))
  const named = before.seal('call', 'hello')
  t.equal(rotated.open('call', sealer.seal('call', '').slice(0, 4) + named.slice(4)), undefined, 'under another key id')
  t.equal(createSealer([NEW, NEW]).open('call', sealer.seal('call', 'twice')), 'twice')
})

void t.test('refuses to start without a good secret', async t => {
  t.throws(() => createSealer([]), /at least one secret/)
  t.throws(() => createSealer(['']), /at least 16/)
  t.throws(() => createSealer([NEW, 'fifteen letters']), /at least 16/)
  t.doesNotThrow(() => createSealer(['sixteen letters!']))
})

// Calls last for hours and recordings for days: whatever else changes, these must open.
void t.test('opens the tokens of earlier versions', async t => {
  const sealer = createSealer(['correct horse battery staple'])
  const tokens: [purpose: Purpose, text: string, token: string, older: string][] = [
    ['call', '{"c":"c1f3","s":4}', 'IKxFszBM8asxMxtzQ5GtT3GU6eCYUYnNSwCSZXScG08fXeDQNA', 'eagCX_gNnCiPOiUKSh6sqLBrtXxtcbaU3lV20M0O2YUTRnfeeg'],
    ['recording', 'Tack för ditt samtal 📞', 'IKxFLzFLRagwybmxotVXSAQdc9uYWFDU3pJuoe9o4emZdgdbJTsZ6Uow-vUm', 'eagCzhh5f-E0fiTdBJWzQTAo-0tgdz6d4MxKkydpqJXF3836hmQJOGb-zlGb'],
    ['speech', '', 'IKxFEp-40uRZdvBVTABYG5-RGg', 'eagCxWzpgOxOdABTUuzjdpZRBA'],
    ['call', '0123456789'.repeat(5), 'IKxFE49OZj4LRmGsDcrF8NbSThGnGsql8i2BWOmi_-EWC4nMEi0xCWCs9dNPVUv6OhfLlSxe4Nswq3qAyFKtsvF_V38t', 'eagCEI2o2L9x61sTyR5RSC11wKO71Awfmrt8SxuaoNfp-Bsc4naFThjyE_SeErEv3PYbetQuU07MPMf3Y5gnMtmux5Uo'],
  ]
  for (const [purpose, text, token, older] of tokens) {
    t.equal(sealer.open(purpose, token), text)
    t.equal(sealer.open(purpose, older), text)
    t.equal(sealer.seal(purpose, text), token)
  }
})

// The format restated with other means: what the optimised code does is what its docstring says.
void t.test('is a keyed SHA-256 and AES-256 in counter mode, as written', async () => {
  const { createDecipheriv, hkdfSync } = await import('node:crypto')
  const derive = (use: string, length: number) => Buffer.from(hkdfSync('sha256', NEW, '', `tonval seal 2 ${use}`, length))
  fc.assert(fc.property(purpose, text, (purpose, text) => {
    const bytes = Buffer.from(sealer.seal(purpose, text), 'base64url')
    const tag = bytes.subarray(3, 19)
    const stream = (i: number) => {
      const counter = Buffer.from(tag)
      counter.writeUInt16BE(counter.readUInt16BE(14) ^ i, 14)
      return createDecipheriv('aes-256-ctr', derive('cipher', 32), counter)
    }
    const sealed = bytes.subarray(19)
    const blocks = Array.from({ length: Math.ceil(sealed.length / 16) }, (_, i) => stream(i).update(sealed.subarray(i * 16, i * 16 + 16)))
    const expected = createHash('sha256').update(derive('tag', 64)).update(Buffer.of(PURPOSES.indexOf(purpose) + 1)).update(text).digest()
    return Buffer.concat(blocks).toString() === text
      && tag.equals(expected.subarray(0, 16))
      && bytes.subarray(0, 3).equals(derive('key id', 3))
  }))
})

void t.test('makes and checks the key of a voice address', async t => {
  t.equal(voiceKey('secret', 'support'), createHmac('sha256', 'secret').update('voice:support').digest().toString('base64url').slice(0, 22))
  fc.assert(fc.property(fc.string(), fc.string(), (flow, other) => {
    const key = voiceKey(NEW, flow)
    return key.length === 22
      && createKeyCheck([NEW])(flow, key)
      && createKeyCheck([NEW, OLD])(flow, voiceKey(OLD, flow))
      && !createKeyCheck([NEW])(flow, voiceKey(OLD, flow))
      && !createKeyCheck([NEW])(flow, other)
      && (flow === other || !createKeyCheck([NEW])(other, key))
  }))
  const key = voiceKey(NEW, '')
  for (const given of [undefined, '', key.slice(1), `${key}A`, `${key.slice(0, -1)}å`, key.toUpperCase()]) {
    t.notOk(createKeyCheck([NEW])('', given))
  }
  t.notOk(createKeyCheck([])('', key))
})
