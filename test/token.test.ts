/** A call in its addresses: nothing is lost, nothing depends on when or how often it was asked, and it stays short. */
import fc from 'fast-check'
import t from 'tap'
import { encode } from '../src/carrier/encode.ts'
import { createSealer } from '../src/carrier/seal.ts'
import { openCall, sealCall } from '../src/carrier/token.ts'
import { check } from '../src/check.ts'
import { checkSettings } from '../src/cli/check-settings.ts'
import type { Flow } from '../src/compile/flow.ts'
import type { Event } from '../src/compile/verb.ts'
import type { Call } from '../src/run/call.ts'
import { start, step } from '../src/run/step.ts'

const SECRET = 'the secret of these tests'
const sealer = createSealer([SECRET])
const NOW = Date.UTC(2026, 10, 22, 12)
const START = NOW / 1000 - 60
const HOUR = 3600

const plain = (maxLength: number) => fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)), maxLength })
const text = fc.string({ unit: 'binary', maxLength: 40 }).map(value => value.replace(/[\u0000-\u001f\u007f]/g, ' ').toWellFormed())
const count = fc.nat({ max: 200 })
const bits = fc.array(fc.nat({ max: 2 ** 30 - 1 }), { maxLength: 4 })
const anyCall: fc.Arbitrary<Call> = fc.record({
  id: plain(64), version: fc.stringMatching(/^[0-9a-f]{20}$/), start: fc.integer({ min: START - 1000, max: START + 30 }), step: fc.nat({ max: 5000 }), moves: count, state: fc.integer({ min: -1, max: 10_000 }),
  attempt: fc.integer({ min: 1, max: 20 }), place: fc.nat({ max: 9 }), language: fc.nat({ max: 100 }), caller: plain(40), called: plain(40), direction: fc.constantFrom('', 'incoming', 'outgoing'),
  digits: fc.stringMatching(/^[0-9*]{0,20}$/), values: fc.array(text, { maxLength: 6 }), visits: fc.array(count, { maxLength: 8 }), heard: bits, answered: bits, stack: fc.array(fc.nat({ max: 9999 }), { maxLength: 24 }),
})
/** Trailing values that are empty, and a single zero, are not written: what is not set reads the same. */
const trimmed = (call: Call): Call => {
  const numbers = (list: readonly number[]): readonly number[] => (list.length === 1 && list[0] === 0 ? [] : list)
  return { ...call, values: call.values.slice(0, call.values.findLastIndex(value => value !== '') + 1), visits: numbers(call.visits), heard: numbers(call.heard), answered: numbers(call.answered) }
}

void t.test('a call comes back as it was', async t => {
  fc.assert(fc.property(anyCall, call => {
    const token = sealCall(sealer, 'call', call, NOW)
    t.equal(sealCall(createSealer([SECRET]), 'call', structuredClone(call), NOW + 30_000), token, 'the same token at every time, on every server')
    t.strictSame(trimmed(openCall(sealer, 'call', token, NOW) as Call), trimmed(call))
    t.equal(openCall(sealer, 'recording', token, NOW), undefined)
    t.strictSame(openCall(createSealer(['a newer secret of ours', SECRET]), 'call', token, NOW)?.id, call.id, 'after a rotation')
    t.equal(openCall(createSealer(['a newer secret of ours']), 'call', token, NOW), undefined)
  }), { numRuns: 300 })
})

const KNOWN: Call = {
  id: 'c0123', version: 'abcdef0123456789abcd', start: 1_700_000_000, step: 3, moves: 40, state: 5, attempt: 2, place: 1, language: 0, caller: '+46701740699', called: '+46846500400',
  direction: 'incoming', digits: '12*', values: ['', 'å'], visits: [0, 37], heard: [1, 2], answered: [3], stack: [],
}

void t.test('the order of the fields never changes: calls in progress outlive an upgrade', async t => {
  const now = KNOWN.start * 1000 + 5000
  const written = ['c0123', 'abcdef0123456789abcd', 's44we8', '', '3', '14', '5', '1', '1', '+46701740699', '+46846500400', 'incoming', '12*', '.11', '1.2', '3', '', 'å'].join('\u001f')
  const token = sealCall(sealer, 'call', KNOWN, now)
  t.equal(sealer.open('call', token), written)
  t.equal(token, 'XX8k3AOI1zUBb2Hb7nYMhNnRUr6piamp30s7zS7nbtzScQDvkKt3_7XQCYRrt_RD2eLGFxpx-Q7cM7NTiBM4NCPkE41grlxb-sKM7FmS3W9sIm-UGS_Ity61nzzE9U1liAve4PBUlFaUrAOQGWeVpZMiJJTv')
  t.strictSame(openCall(sealer, 'call', token, now), KNOWN)
  t.match(openCall(sealer, 'call', sealer.seal('call', ['c1', 'v', 's44we8'].join('\u001f')), now), { id: 'c1', step: 0, state: 0, attempt: 1, caller: '', values: [], visits: [] }, 'what is not written is nothing')
  t.match(openCall(sealer, 'call', sealer.seal('call', ['c1', 'v', 's44we8', '', '', '', '-1'].join('\u001f')), now), { state: -1 }, 'the end')
  for (const [state, stack, field] of [[0, [0], '.'], [5, [1, 40], '5.1.14'], [0, [], ''], [-1, [7], '-1.7'], [3, [0, 0], '3..']] as const) {
    const sealed = sealCall(sealer, 'call', { ...KNOWN, state, stack }, now)
    t.equal(sealer.open('call', sealed)?.split('\u001f')[6], field, 'places to come back to stand behind the state')
    t.match(openCall(sealer, 'call', sealed, now), { state, stack }, field)
  }
})

void t.test('how long a token counts', async t => {
  const rows: [name: string, purpose: 'call' | 'recording', start: number, sealed: number, asked: number, late: number, opens: boolean][] = [
    ['at once', 'call', 0, 0, 0, 0, true], ['within a day', 'call', 0, 0, 24 * HOUR, 0, true], ['after a day', 'call', 0, 0, 24 * HOUR + 1, 0, false],
    ['a late notice', 'call', 0, 0, 72 * HOUR, 48 * HOUR, true], ['too late a notice', 'call', 0, 0, 72 * HOUR + 1, 48 * HOUR, false],
    ['a recording', 'recording', 0, 0, 72 * HOUR, 0, true], ['an old recording', 'recording', 0, 0, 72 * HOUR + 1, 0, false],
    ['late duplicates of the first request', 'call', 0, 6 * HOUR, 6 * HOUR, 0, true],
    ['a carrier whose clock is a year behind', 'call', -8760 * HOUR, 0, 23 * HOUR, 0, true], ['and its token a day later', 'call', -8760 * HOUR, 0, 24 * HOUR + 61, 0, false],
    ['a carrier whose clock is a year ahead', 'call', 8760 * HOUR, 0, 23 * HOUR, 0, true], ['and its token a day later', 'call', 8760 * HOUR, 0, 24 * HOUR + 61, 0, false],
    ['a `created` of 1970', 'call', -START, 0, 0, 0, true], ['a `created` of the year 9999', 'call', 253_402_300_799 - START, 0, 0, 0, true], ['some hours apart, as time zones are', 'call', -2 * HOUR, 0, 0, 0, true],
  ]
  for (const [name, purpose, started, sealed, asked, late, opens] of rows) {
    const token = sealCall(sealer, purpose, { ...KNOWN, start: START + started }, (START + sealed) * 1000)
    t.equal(openCall(sealer, purpose, token, (START + asked) * 1000, late) !== undefined, opens, name)
  }
  const far = { ...KNOWN, start: START - 8760 * HOUR }
  t.equal(sealCall(sealer, 'call', far, NOW), sealCall(sealer, 'call', far, NOW + 59_000), 'within a clock minute it is the same')
  t.equal(sealCall(sealer, 'call', { ...KNOWN, start: START }, NOW), sealCall(sealer, 'call', { ...KNOWN, start: START }, NOW + 6 * HOUR * 1000), 'for a late duplicate too')
})

function compiled(text: string, name = 'menu'): Flow {
  const { served, problems } = check({ flows: [{ name, path: `${name}.yaml`, text }], sounds: new Map() }, checkSettings({}))
  const flow = served.get(name)?.flow
  if (flow === undefined) throw new Error(JSON.stringify(problems))
  return flow
}

void t.test('the longest address', async t => {
  const name = 'f'.repeat(64)
  const call: Call = {
    id: 'c'.repeat(64), version: 'f'.repeat(20), start: 253_402_300_799, step: 9999, moves: 200, state: 9999, attempt: 20, place: 9, language: 99, caller: '+'.repeat(40), called: '+'.repeat(40), direction: 'outgoing',
    // what run/turn.ts lets values hold: 1,024 bytes, separators included
    digits: '9'.repeat(20), values: ['å'.repeat(300), '漢'.repeat(100), 'x'.repeat(1024 - 3 - 900)], visits: [], heard: [], answered: [], stack: [],
  }
  const lengthOf = (one: Call): number => {
    const token = sealCall(sealer, 'call', one, NOW)
    const json = JSON.parse(encode({ actions: [{ do: 'record' }], then: 'report' }, { base: 'https://voice.example.com', flow: name, token, recording: () => sealCall(sealer, 'recording', one, NOW), speech: () => '' })) as Record<string, string>
    return Math.max(...Object.values(json).map(address => address.length))
  }
  const bare = lengthOf(call)
  t.ok(bare < 2000, `${bare} characters without what is counted`)
  // bytes that visits, heard and answered may take together; the compile step must refuse a flow that needs more
  const room = Math.floor((1999 - bare) * 3 / 4)
  t.ok(room >= 120, `${room} bytes are left for visits, prompts heard and calls answered`)
  const full: Call = { ...call, visits: Array.from({ length: 20 }, () => 40), heard: [2 ** 30 - 1, 2 ** 30 - 1, 2 ** 30 - 1], answered: [2 ** 30 - 1, 2 ** 30 - 1] }
  t.ok(lengthOf(full) < 2000, `20 visits of two digits, 90 prompts heard, 60 calls answered: ${lengthOf(full)} characters`)
  t.strictSame(openCall(sealer, 'call', sealCall(sealer, 'call', full, NOW), NOW), full)
  const deep: Call = { ...call, stack: Array.from({ length: 24 }, () => 9999) }
  t.ok(lengthOf(deep) < 2000, `24 flows that wait for another: ${lengthOf(deep)} characters`)
  t.strictSame(openCall(sealer, 'call', sealCall(sealer, 'call', deep, NOW), NOW), deep)
})

void t.test('in any order, with any duplicates: the same states', async () => {
  const flow = compiled(`
start: count
states:
  count: { route: [ { when: { visited: menu, times: 3 }, goto: bye }, { goto: menu } ] }
  menu: { ivr: true, again: sound/beep, digits: 2, save: typed, sorry: sound/beep, on: { 1x: count, 2x: ring, any: keep, noinput: count, nomatch: bye } }
  keep: { set: { last: "{{typed}}å{{last}}" }, next: menu }
  ring: { connect: ["+46701740601", "+46701740602"], order: in-turn, on: { failed: menu, success: bye } }
  bye: { play: sound/beep, next: end }
`)
  const reports: Event[] = [
    { kind: 'digits', digits: '12' }, { kind: 'digits', digits: '23' }, { kind: 'digits', digits: '99' }, { kind: 'digits', digits: '*' }, { kind: 'digits', digits: '' },
    { kind: 'failed', why: 'noinput' }, { kind: 'failed', why: 'other' }, { kind: 'busy' }, { kind: 'success' }, { kind: 'missing' }, { kind: 'other' },
  ]
  const answer = (token: string, event: Event, now: number): string => {
    const call = openCall(sealer, 'call', token, now)
    return call === undefined ? 'refused' : sealCall(sealer, 'call', step(flow, call, event, now).call, now)
  }
  const first = sealCall(sealer, 'call', start(flow, { id: 'c1', caller: '+46701740699', called: '', direction: 'incoming', start: START }, NOW).call, NOW)
  fc.assert(fc.property(fc.array(fc.nat({ max: reports.length - 1 }), { minLength: 1, maxLength: 12 }), fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 * HOUR })), { maxLength: 30 }), (path, again) => {
    // a call walks on; then its requests come again in any order, at any time: each gets what it got
    const asked: { token: string; event: Event; got: string }[] = []
    let token = first
    for (const choice of path) {
      const event = reports[choice] as Event
      const got = answer(token, event, NOW)
      asked.push({ token, event, got })
      token = got
    }
    for (const [which, later] of again) {
      const one = asked[which % asked.length] as (typeof asked)[number]
      if (answer(one.token, one.event, NOW + later * 1000) !== one.got) return false
    }
    // a state is one by its path alone: the step number in the token, which effects are stored under, is that of the path
    return asked.every(({ got }, index) => openCall(sealer, 'call', got, NOW)?.step === index + 2)
  }), { numRuns: 300 })
})
