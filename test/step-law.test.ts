import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import type { Event } from '../src/compile/verb.ts'
import type { Flow } from '../src/compile/flow.ts'
import type { Call } from '../src/run/call.ts'
import { LAST_MOVE, MOST_MOVES, rescue, start, step } from '../src/run/step.ts'
import type { Step } from '../src/run/step.ts'
import { MOST_VALUE_BYTES } from '../src/run/values.ts'
import { FIRST, flowIn, linkedIn, NOW, replyText, walk } from './flow-in-text.ts'

const shipped = (name: string): string => readFileSync(`flows/${name}.yaml`, 'utf8')
const FLOWS = [...['carrier-example', 'helpline', 'office', 'switchboard'].map(name => flowIn(shipped(name))), ...['status-line', 'duty-line'].map(name => flowIn(shipped(name), { flows: { pin: shipped('pin') } }))]
const RUNS = 300
/** No walk is longer: every arrival may ask ten times, or ring ten numbers. */
const MOST_STEPS = LAST_MOVE * 10 + 10

const someEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[0-9*]{0,6}$/).map(digits => ({ kind: 'digits' as const, digits })) },
  fc.constantFrom<Event>(
    { kind: 'success' }, { kind: 'busy' }, { kind: 'missing' }, { kind: 'other' }, { kind: 'failed', why: 'noinput' }, { kind: 'failed', why: 'other' }),
)

const HOURS = 'schedules: { hours: { timezone: Europe/Stockholm, open: { mon: 08:00-17:00 } } }\n'
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const target = fc.constantFrom(...NAMES, ...NAMES, 'end', 'https://example.com/on')
const test = fc.constantFrom('{ caller: "+4670*" }', '{ visited: a, times: 3 }', '{ value: "{{x}}", matches: "1.*" }', '{ not: { value: "{{y}}", empty: true } }', '{ answered: c }', '{ schedule: hours, is: closed }')
const value = fc.constantFrom('1', '{{x}}{{y}}', '{{digits}}', '{{x | default: "xyz"}}{{x}}', '{{caller | spaced}}')
const quoted = value.map(text => `'${text}'`)

/** A state in text; `c` is always a connect, so that a test can ask for it. */
function someState(name: string): fc.Arbitrary<string> {
  const connect = fc.tuple(fc.constantFrom('together', 'in-turn'), fc.constantFrom('"+46701740601"', '["+46701740601", "+46701740602"]', '"{{x}}"'), target, target, target)
    .map(([order, numbers, success, busy, next]) => `{ connect: ${numbers}, order: ${order}, on: { success: ${success}, busy: ${busy} }, next: ${next} }`)
  if (name === 'c') return connect
  const ivr = fc.tuple(fc.constantFrom('', ', sorry: s.mp3', ', silent: true', ', attempts: 10', ', again: g.mp3', ', silent: s.mp3, again: g.mp3'), fc.constantFrom('', ', save: x', ', sensitive: true', ', valid: "[1-3]+"', ', digits: 3'), target, target, target)
    .map(([asks, takes, one, any, next]) => `{ ivr: i.mp3${asks}${takes}, on: { 1: ${one}, 2x: ${any}, noinput: ${next}, nomatch: ${next}, failed: ${next} }, next: ${next} }`)
  return fc.oneof(
    ivr, ivr, connect,
    fc.tuple(target, target).map(([failed, next]) => `{ play: p.mp3, on: { failed: ${failed} }, next: ${next} }`),
    target.map(next => `{ play: p.mp3, next: ${next} }`),
    target.map(next => `{ record: r.mp3, next: ${next} }`),
    fc.tuple(test, target, target).map(([when, one, other]) => `{ route: [{ when: ${when}, goto: ${one} }, { goto: ${other} }] }`),
    fc.tuple(quoted, quoted, target).map(([x, y, next]) => `{ set: { x: ${x}, y: ${y} }, next: ${next} }`),
    fc.constant('{ hangup: busy }'),
  )
}

const someFlow: fc.Arbitrary<Flow> = fc.oneof(
  fc.constantFrom(...FLOWS),
  fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('', 'on_error: b\n', 'on_error: end\n', 'longest: { seconds: 1, goto: d }\n', 'longest: { seconds: 4000000, goto: a }\n'), ...NAMES.map(someState))
    .map(([first, error, ...states]) => linkedIn(`start: ${first}\n${error}${HOURS}states:\n${states.map((state, index) => `  ${NAMES[index] as string}: ${state}\n`).join('')}  z: { set: { x: "1", y: "2" }, next: end }\n`)),
)

/** A call that may be anything: what a token of ours never holds, step must survive all the same. */
const someCall = (flow: Flow): fc.Arbitrary<Call> => fc.record({
  id: fc.string(), version: fc.string(), start: fc.nat(), step: fc.nat(500), moves: fc.nat(LAST_MOVE), state: fc.integer({ min: -2, max: flow.states.length + 2 }),
  attempt: fc.nat(20), place: fc.nat(20), language: fc.nat(5), caller: fc.string(), called: fc.string(), direction: fc.string(), digits: fc.string(),
  values: fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }), visits: fc.array(fc.nat(5), { maxLength: 3 }), heard: fc.array(fc.nat(2 ** 30 - 1), { maxLength: 2 }), answered: fc.array(fc.nat(2 ** 30 - 1), { maxLength: 2 }),
  stack: fc.array(fc.nat(flow.states.length + 2), { maxLength: 4 }),
})

function isAnswer({ reply, call }: Step): boolean {
  const last = reply.actions.at(-1)
  // at most: eight plays in a row, and on the way out a record with its prompt and its beep
  return last !== undefined && reply.actions.length <= 11 && reply.actions.slice(0, -1).every(action => action.do === 'play')
    && (last.do === 'hangup') <= (reply.then === 'nothing') && call.moves <= LAST_MOVE
    && call.values.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= MOST_VALUE_BYTES + 60
}

void t.test('any event at any call has an answer', async () => {
  fc.assert(fc.property(someFlow.chain(flow => fc.tuple(fc.constant(flow), someCall(flow), someEvent)), ([flow, call, event]) => {
    const before = JSON.stringify(call)
    const answered = step(flow, call, event, NOW)
    return isAnswer(answered) && JSON.stringify(call) === before
  }), { numRuns: RUNS })
})

void t.test('a call survives JSON, and the same report has the same answer in any order and however often', async () => {
  fc.assert(fc.property(someFlow, fc.array(someEvent, { minLength: 1, maxLength: 25 }), fc.infiniteStream(fc.nat()), (flow, events, order) => {
    const requests: { call: Call; event: Event; answer: string }[] = []
    let { call } = start(flow, FIRST, NOW)
    for (const event of events) {
      const one = step(flow, call, event, NOW)
      requests.push({ call, event, answer: JSON.stringify(one) })
      const read = JSON.parse(JSON.stringify(one.call)) as Call
      if (JSON.stringify(step(flow, read, event, NOW)) !== JSON.stringify(step(flow, one.call, event, NOW))) return false
      if (JSON.stringify(step(flow, structuredClone(one.call), event, NOW)) !== JSON.stringify(step(flow, one.call, event, NOW))) return false
      call = one.call
    }
    for (let i = 0; i < 2 * requests.length; i++) {
      const again = requests[(order.next().value) % requests.length]
      if (again === undefined || JSON.stringify(step(flow, again.call, again.event, NOW)) !== again.answer) return false
    }
    return true
  }), { numRuns: RUNS })
})

void t.test('every walk ends, or asks again, within 200 moves', async () => {
  fc.assert(fc.property(someFlow, fc.infiniteStream(someEvent), (flow, events) => {
    let last = start(flow, FIRST, NOW)
    for (let steps = 0; last.reply.then === 'report'; steps++) {
      if (steps > MOST_STEPS || !isAnswer(last) || flow.states[last.call.state] === undefined) return false
      const next = step(flow, last.call, (events.next().value), NOW)
      // a step moves, or asks once more of the ten times that it may
      const moved = next.call.moves > last.call.moves || next.reply.then !== 'report'
      if (!moved && next.call.attempt + next.call.place <= last.call.attempt + last.call.place) return false
      if (next.call.moves < last.call.moves || next.call.step !== last.call.step + 1) return false
      last = next
    }
    return isAnswer(last)
  }), { numRuns: RUNS })
})

void t.test('the trace leads from state to state', async () => {
  fc.assert(fc.property(someFlow, fc.array(someEvent, { maxLength: 25 }), (flow, events) => {
    const names = new Set(['', 'end', ...flow.states.map(state => state.name)])
    let { call, trace, broke } = start(flow, FIRST, NOW)
    for (const event of [undefined, ...events]) {
      if (event !== undefined) ({ call, trace, broke } = step(flow, call, event, NOW))
      if (trace.some(line => !names.has(line.from) || !names.has(line.to))) return false
      if (broke === undefined && trace.slice(1).some((line, index) => line.from !== trace[index]?.to)) return false
    }
    return true
  }), { numRuns: RUNS })
})

void t.test('a call that goes on too long is sent to on_error once, with twenty moves for the way out', async t => {
  const circle = (rest: string) => flowIn(`start: m\n${rest}states:\n  m: { ivr: m.mp3, on: { 1: m, 2: end }, next: end }\n  bye: { play: bye.mp3, next: end }\n  again: { route: [{ goto: m }] }\n`)
  const presses = (count: number) => Array.from({ length: count }, () => '1')
  const last = (flow: Flow, forms: readonly string[]) => replyText((walk(flow, forms).at(-1) as Step).reply)

  const polite = circle('on_error: bye\n')
  t.equal(last(polite, presses(MOST_MOVES - 1)), 'ivr m.mp3 1/10/3')
  t.equal(last(polite, presses(MOST_MOVES)), 'play bye.mp3 > end')
  t.equal(last(polite, [...presses(MOST_MOVES - 1), '2']), 'hangup reject', 'a call that ends at the limit just ends')
  t.equal(last(circle(''), presses(MOST_MOVES)), 'hangup reject', 'without on_error')
  t.equal(last(circle('on_error: end\n'), presses(MOST_MOVES)), 'hangup reject')

  const back = circle('on_error: m\n')
  t.equal(last(back, presses(LAST_MOVE - 1)), 'ivr m.mp3 1/10/3', 'on_error may lead back in')
  t.equal(last(back, presses(LAST_MOVE)), 'hangup reject', 'but not for ever')
  t.equal(walk(back, presses(LAST_MOVE)).at(-1)?.call.moves, LAST_MOVE)
  t.equal(last(back, presses(LAST_MOVE + 3)), 'hangup reject')

  const spinning = linkedIn('start: a\nstates:\n  a: { route: [{ goto: b }] }\n  b: { set: { x: "1" }, next: a }\n')
  t.equal(last(spinning, []), 'hangup reject', 'a circle that asks nothing')
})

void t.test('a call of which nothing could be read', async t => {
  const flow = linkedIn('start: m\non_error: busy\nstates:\n  m: { play: m.mp3, next: end }\n  busy: { hangup: busy }\n')
  const rescued = rescue(flow, FIRST, NOW, 'a token of another house')
  t.equal(rescued.broke, 'a token of another house')
  t.equal(replyText(rescued.reply), 'hangup reject', 'it has begun, so a busy tone is too late')
  for (const one of FLOWS) t.ok(isAnswer(rescue(one, FIRST, NOW, 'x')))
})
