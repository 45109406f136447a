/** Laws of flows that are run: written out by hand in the flow that runs them they do the same, and no order of requests changes a call. */
import fc from 'fast-check'
import t from 'tap'
import { createSealer } from '../src/carrier/seal.ts'
import { openCall, sealCall } from '../src/carrier/token.ts'
import type { Event } from '../src/compile/verb.ts'
import type { Flow } from '../src/compile/flow.ts'
import { step } from '../src/run/step.ts'
import { FIRST, linkedIn, NOW, replyText, walk } from './flow-in-text.ts'

const INNER = ['a', 'b', 'c', 'd']
const OUTER = ['p', 'q']
/** A place in the flow that is run: a state of its own, an exit, the end. */
const inside = fc.constantFrom(...INNER, ...INNER, 'ok', 'no', 'end')
const outside = fc.constantFrom(...OUTER, 'run', 'run', 'end', 'https://example.com/on')

/** States of the flow that is run; `@` stands before each name of its own, values and states alike. */
function innerState(name: string): fc.Arbitrary<string> {
  const ivr = fc.tuple(fc.constantFrom('', ', sorry: s.mp3', ', silent: true', ', again: g.mp3'), fc.constantFrom('', ', save: @x', ', sensitive: true', ', digits: 2'), inside, inside, inside)
    .map(([asks, takes, one, any, next]) => `{ ivr: i-${name}.mp3${asks}${takes}, on: { 1: @${one}, any: @${any}, noinput: @${next}, nomatch: @${next}, failed: @${next} } }`)
  return fc.oneof(
    ivr, ivr,
    fc.tuple(inside, inside).map(([failed, next]) => `{ play: "https://a.example/${name}/{{@x}}/{{@given}}", on: { failed: @${failed} }, next: @${next} }`),
    fc.tuple(inside, inside, inside).map(([success, failed, next]) => `{ connect: ["+46701740601", "+46701740602"], order: in-turn, on: { success: @${success}, failed: @${failed} }, next: @${next} }`),
    fc.tuple(fc.constantFrom(...INNER), fc.integer({ min: 1, max: 3 }), inside, inside, inside)
      .map(([state, times, first, second, last]) => `{ route: [{ when: { visited: @${state}, times: ${times} }, goto: @${first} }, { when: { value: "{{@x}}", matches: "[0-4].*" }, goto: @${second} }, { goto: @${last} }] }`),
    inside.map(next => `{ set: { @x: "{{@x}}{{@given}}{{digits}}", @y: "{{@x}}" }, next: @${next} }`),
  )
}

function outerState(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(outside, outside).map(([one, next]) => `{ ivr: o-${name}.mp3, again: og.mp3, save: m, on: { 1: ${one}, any: ${next}, noinput: ${next}, nomatch: ${next}, failed: ${next} } }`),
    fc.tuple(fc.constantFrom(...OUTER), outside, outside).map(([state, first, last]) => `{ route: [{ when: { visited: ${state}, times: 2 }, goto: ${first} }, { goto: ${last} }] }`),
    outside.map(next => `{ play: "https://a.example/${name}/{{got}}/{{m}}", next: ${next} }`),
  )
}

interface Pair {
  readonly run: Flow
  readonly byHand: Flow
}

/** A flow that runs another, and the same flow with all states in one file. Every state of the one has its like in the other, so that both arrive equally often. */
const pair: fc.Arbitrary<Pair> = fc.tuple(fc.tuple(...INNER.map(innerState)), fc.tuple(...OUTER.map(outerState)), outside, outside, fc.constantFrom('', 'on_error: p\n')).map(([inner, outer, ok, no, error]) => {
  const own = (text: string, before: string): string => text.replaceAll('@end', 'end').replaceAll('@', before)
  const called = `start: a\ninputs: { given: text }\nexits: [ok, no]\nstates:\n${inner.map((state, i) => `  ${INNER[i] as string}: ${own(state, '')}\n`).join('')}  ok: { exit: ok }\n  no: { exit: no }\n  last: { set: { x: "", y: "" }, next: end }\n`
  const outerStates = outer.map((state, i) => `  ${OUTER[i] as string}: ${state}\n`).join('')
  const keep = '  keep: { set: { m: "1" }, next: end }\n'
  const run = linkedIn(`start: run\n${error}states:\n${outerStates}  run: { flow: called, with: { given: "{{m}}z" }, save: { got: x }, on: { ok: ${ok}, no: ${no} } }\n${keep}`, { flows: { called } })
  const leave = (to: string): string => `{ set: { got: "{{in-x}}", in-x: "", in-y: "", in-given: "" }, next: ${to} }`
  const byHand = linkedIn(`start: run\n${error}states:\n${outerStates}  run: { set: { in-given: "{{m}}z", in-x: "", in-y: "" }, next: in-a }\n${inner.map((state, i) => `  in-${INNER[i] as string}: ${own(state, 'in-')}\n`).join('')}  in-ok: ${leave(ok)}\n  in-no: ${leave(no)}\n${keep}`)
  return { run, byHand }
})

const forms = fc.array(fc.constantFrom('1', '2', '12', '#', '*', 'result=failed&why=noinput', 'failed', 'success', 'busy', '-'), { minLength: 1, maxLength: 25 })

void t.test('a flow that is run does what its states do where they are written out by hand', async t => {
  let same = 0
  fc.assert(fc.property(pair, forms, ({ run, byHand }, reports) => {
    const answers = (flow: Flow): string[] => {
      const said: string[] = []
      for (const { reply, broke } of walk(flow, reports)) {
        said.push(replyText(reply).replaceAll('in-', ''))
        // something of ours broke: which value was too long is told by other names
        if (broke !== undefined || reply.then !== 'report') break
      }
      return said
    }
    const one = answers(run)
    t.strictSame(one, answers(byHand))
    same += one.length
  }), { numRuns: 400 })
  t.ok(same > 800, `${same} answers`)
})

void t.test('in any order, with any duplicates: the same states, through flows that are run', async () => {
  const sealer = createSealer(['the secret of these tests'])
  const reports: Event[] = [{ kind: 'digits', digits: '1' }, { kind: 'digits', digits: '27' }, { kind: 'digits', digits: '' }, { kind: 'failed', why: 'noinput' }, { kind: 'failed', why: 'other' }, { kind: 'busy' }, { kind: 'success' }]
  const asks = fc.tuple(fc.nat(), fc.nat({ max: 10_000 }))
  fc.assert(fc.property(pair, fc.array(fc.constantFrom(...reports), { minLength: 1, maxLength: 12 }), fc.array(asks, { maxLength: 20 }), ({ run }, path, again) => {
    const answer = (token: string, event: Event, now: number): string => {
      const call = openCall(sealer, 'call', token, now)
      return call === undefined ? 'refused' : sealCall(sealer, 'call', step(run, call, event, now).call, now)
    }
    const asked: { token: string; event: Event; got: string }[] = []
    let token = sealCall(sealer, 'call', (walk(run, [])[0] as ReturnType<typeof step>).call, NOW)
    for (const event of path) {
      const got = answer(token, event, NOW)
      asked.push({ token, event, got })
      token = got
    }
    return again.every(([which, later]) => {
      const one = asked[which % asked.length] as (typeof asked)[number]
      return answer(one.token, one.event, NOW + later * 1000) === one.got
    }) && openCall(sealer, 'call', token, NOW)?.id === FIRST.id
  }), { numRuns: 200 })
})
