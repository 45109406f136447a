/** The memory of tokens: nothing depends on it but the time it takes. */
import fc from 'fast-check'
import t from 'tap'
import { createTokens } from '../src/carrier/recent.ts'
import { createSealer } from '../src/carrier/seal.ts'
import { openCall, sealCall } from '../src/carrier/token.ts'
import type { Call } from '../src/run/call.ts'

const sealer = createSealer(['the secret of these tests'])
const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 22, 12)

function call(step: number, start: number): Call {
  return { id: 'c0123', version: 'abcdef0123456789abcd', start, step, moves: 0, state: 1, attempt: 1, place: 0, language: 0, caller: '', called: '', direction: '', digits: '', values: ['x', ''], visits: [0], heard: [], answered: [], stack: [] }
}

void t.test('with and without a memory: the same tokens, the same calls, the same refusals', async () => {
  const purpose = fc.constantFrom('call' as const, 'recording' as const)
  const act = fc.record({ seal: fc.boolean(), purpose, step: fc.nat({ max: 30 }), hours: fc.integer({ min: -60, max: 60 }), late: fc.constantFrom(0, 48 * 3600), ago: fc.constantFrom(0, 30, 3_000_000) })
  fc.assert(fc.property(fc.array(act, { maxLength: 60 }), fc.integer({ min: 1, max: 8 }), (acts, most) => {
    const tokens = createTokens(sealer, most)
    return acts.every(({ seal, purpose, step, hours, late, ago }) => {
      const one = call(step, NOW / 1000 - ago)
      const token = sealCall(sealer, purpose, one, NOW)
      if (seal) return tokens.seal(purpose, one, NOW) === token
      return ['call' as const, 'recording' as const].every(other => {
        const found = tokens.open(other, token, NOW + hours * HOUR, late)
        const expected = openCall(sealer, other, token, NOW + hours * HOUR, late)
        return (found === undefined) === (expected === undefined) && (found === undefined || sealCall(sealer, 'call', found, NOW) === sealCall(sealer, 'call', expected as Call, NOW))
      })
    })
  }), { numRuns: 500 })
})

void t.test('it does not grow', async t => {
  let opened = 0
  const counting = { seal: sealer.seal, open: (...args: Parameters<typeof sealer.open>) => { opened++; return sealer.open(...args) } }
  const tokens = createTokens(counting, 10)
  const made = Array.from({ length: 100 }, (_, step) => tokens.seal('call', call(step, NOW / 1000), NOW))
  for (const token of made) t.ok(tokens.open('call', token, NOW))
  t.ok(opened >= 80 && opened < 100, `${opened} of 100 were opened by their seal`)
})
