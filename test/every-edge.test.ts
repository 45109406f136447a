/**
 * Every edge of the flows that the repository ships, walked with plain HTTP: at each state that a call can be in,
 * everything that the carrier can report is posted to the `next` address, and what was walked is held against the flow.
 */
import t from 'tap'
import { openCall } from '../src/carrier/token.ts'
import { createSealer } from '../src/carrier/seal.ts'
import type { Flow, IvrState, State } from '../src/compile/flow.ts'
import { validateAction } from '../src/emulator/validate-action.ts'
import { ask, FIRST, run, SECRET } from './serve/running.ts'
import type { Answer, Json } from './serve/running.ts'

const NOBODY = 'nobody answered by an edge'
/** What the carrier may report, and the keys that the flows ask for: five digits that are a customer's, a business's, nobody's. */
const REPORTS = [
  ...'0123456789'.split('').map(key => `result=${key}`), 'result=41234', 'result=91234', 'result=01234', 'result=412%23', 'result=2580', 'result=1397', 'result=*', 'result=%23', 'result=', '',
  'result=failed&why=noinput', 'result=failed', 'result=failed&why=error', 'result=ok', 'result=success', 'result=busy', 'result=newincoming', 'result=surprise',
]
/** Callers whom a flow tells apart. */
const CALLERS = ['+46701740699', '+46701740631', '']

/** When they call: in office hours, in the evening, on a holiday. A flow without hours is asked once. */
const TIMES = ['2026-11-23T09:00Z', '2026-11-23T19:00Z', '2026-12-25T09:00Z'].map(time => Date.parse(time))

let now = TIMES[0] as number
const server = await run({ now: () => now })
t.teardown(() => server.stop())
const sealer = createSealer([SECRET])

for (const name of ['carrier-example', 'duty-line', 'helpline', 'office', 'status-line', 'switchboard']) {
  void t.test(name, async t => {
    const flow = server.live().get(name) as Flow
    const walked = new Set<string>()
    const seen = new Set<string>()
    const open: string[] = []

    /** Notes what an answer came from and leads to, and asks on from where no call has been. */
    const note = async (address: string, body: string): Promise<void> => {
      const at = server.steps.length
      const answer = await ask(address, { body })
      const same = await ask(address, { body })
      t.equal(same.text, answer.text, 'the same request, the same answer')
      isAnswer(t, answer, flow, body)
      for (const { from, event, to } of server.steps[at]?.step.trace ?? []) walked.add(`${from} | ${event} | ${to}`)
      const next = lastNext(answer.json)
      if (next?.startsWith(`${server.voice}/voice/`) !== true) return
      const call = openCall(sealer, 'call', next.slice(next.lastIndexOf('/') + 1), now)
      // calls that differ only in how long they have gone on go on alike
      const where = JSON.stringify({ ...call, step: 0, moves: 0, digits: '' })
      if (!seen.has(where)) {
        seen.add(where)
        open.push(next)
      }
    }

    for (const time of flow.schedules.length === 0 ? TIMES.slice(0, 1) : TIMES) {
      now = time
      seen.clear()
      for (const caller of CALLERS) await note(`${server.voice}/voice/${name}?key=${server.key(name)}`, FIRST.replace(/from=[^&]*/, `from=${encodeURIComponent(caller)}`))
      for (let next = open.shift(); next !== undefined; next = open.shift()) for (const report of REPORTS) await note(next, report)
    }

    const expected = flow.states.flatMap(state => edges(flow, state))
    t.ok(expected.length > 5, `${expected.length} edges in ${flow.states.length} states, walked from ${seen.size} places`)
    for (const { from, events, to } of expected) t.ok(events.some(event => walked.has(`${from} | ${event} | ${to}`)), `${from}: ${events.join(' or ')} leads to ${to}`)
    const known = new Set(expected.flatMap(({ from, events, to }) => events.map(event => `${from} | ${event} | ${to}`)))
    const asksAgain = (line: string): boolean => line.includes(' | again | ') || line.startsWith(' | start | ')
    t.strictSame([...walked].filter(line => !known.has(line) && !asksAgain(line)), [], NOBODY)
  })
}

interface Expected {
  readonly from: string
  /** Words that the log may give it: an edge for all that is left is taken by any of these. */
  readonly events: readonly string[]
  readonly to: string
}

/** The edges that a state of a flow has, in the words of the log. */
function edges(flow: Flow, state: State): Expected[] {
  const to = (index: number): string => flow.states[index]?.name ?? 'end'
  const from = state.name
  switch (state.verb) {
    case 'ivr': return keysOf(state).map(([event, target]) => ({ from, events: [event], to: to(target) }))
      .concat(state.next === undefined ? [] : state.sensitive ? [{ from, events: ['***'], to: to(state.next) }] : ['41234', '91234'].map(event => ({ from, events: [event], to: to(state.next as number) })))
    // plays that go out with what follows are not reported: their success is taken for granted
    case 'play': return state.joins === undefined && (state.edges.success.to >= 0 || state.edges.failed.to >= 0)
      ? (['success', 'failed'] as const).map(event => ({ from, events: [event], to: to(state.edges[event].to) })) : state.joins === undefined ? [] : [{ from, events: ['success'], to: to(state.joins) }]
    case 'connect': return (['success', 'busy', 'failed'] as const).map(event => ({ from, events: [event], to: to(state.edges[event].to) }))
    case 'record': return state.edges.success.to < 0 && state.edges.failed.to < 0 ? [] : (['success', 'failed'] as const).map(event => ({ from, events: [event], to: to(state.edges[event].to) }))
    case 'route': return state.lines.map((line, index) => ({ from, events: [`line ${index + 1}`], to: to(line.to) }))
    case 'set': case 'send': return [{ from, events: ['next'], to: to(state.edges.next.to) }]
    case 'lookup': return (['success', 'missing'] as const).map(event => ({ from, events: [event], to: to(state.edges[event].to) }))
    case 'fetch': return [...Object.entries(state.keys), ...Object.entries(state.edges).map(([word, { to: target }]): [string, number] => [word, target])].map(([event, target]) => ({ from, events: [event], to: to(target) }))
    // an exit leads on from the state that runs its flow; what breaks, nobody can report
    case 'flow': return Object.entries(state.edges).filter(([word]) => word !== 'failed').map(([event, { to: target }]) => ({ from, events: [event], to: to(target) }))
      .concat([{ from, events: [`${state.jump ? 'goes on in' : 'runs'} ${state.runs}`], to: to(flow.sections[state.section]?.start ?? -1) }])
    case 'exit': return flow.states.filter(one => one.verb === 'flow').filter(one => from.startsWith(`${one.runs}/`)).map(one => ({ from, events: [state.exit], to: one.name }))
    case 'hangup': case 'handover': return []
  }
}

function keysOf(state: IvrState): [string, number][] {
  const words = (['noinput', 'failed', 'nomatch'] as const).map((word): [string, number] => [word, state.edges[word].to])
  return [...Object.entries(state.keys), ...Object.entries(state.fileKeys), ...words]
}

/** The keys that an action may have, in the carrier's own words; the first names it. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  ivr: ['digits', 'timeout', 'repeat'], play: ['skippable'], connect: ['callerid', 'timeout', 'timelimit'], record: ['timelimit', 'silencedetection'], hangup: [],
}

function isAnswer(t: import('tap').Test, answer: Answer, flow: Flow, body: string): void {
  t.equal(answer.status, 200, body)
  const wrong: string[] = []
  validateAction(answer.json, (code, message) => wrong.push(`${code}: ${message}`))
  let outermost = true
  for (let action: unknown = answer.json; typeof action === 'object' && action !== null; action = (action as Json)['next']) {
    const verb = Object.keys(action).find(key => Object.hasOwn(KEYS, key)) ?? ''
    for (const [key, value] of Object.entries(action as Json)) {
      const allowed = key === verb || (KEYS[verb] ?? []).includes(key) || key === 'next' || (key === 'whenhangup' && outermost) || (verb === 'ivr' && /^[0-9]$/.test(key))
      if (!allowed) wrong.push(`${verb} has ${key}`)
      if (['digits', 'timeout', 'repeat', 'timelimit'].includes(key) && !Number.isInteger(value)) wrong.push(`${key} is ${JSON.stringify(value)}`)
      const isAddress = key === 'next' || key === 'whenhangup' || key === 'ivr' || key === 'play' || key === 'record' || /^[0-9]$/.test(key)
      if (isAddress && typeof value === 'string' && value !== 'sound/beep' && !/^https?:\/\/[^/]+\/\S+$/.test(value)) wrong.push(`${key} is ${value}`)
      if (isAddress && typeof value === 'string' && value.length > 1999) wrong.push(`${key} has ${value.length} characters`)
    }
    const mandatory = verb === 'ivr' ? ['digits', 'timeout', 'repeat', 'next'] : verb === 'connect' ? ['timeout'] : []
    for (const key of outermost ? [...mandatory, 'whenhangup'] : mandatory) if (!Object.hasOwn(action, key)) wrong.push(`${verb} has no ${key}`)
    if (verb === 'hangup' && Object.hasOwn(action, 'next')) wrong.push('a hangup with next')
    outermost = false
  }
  t.strictSame(wrong, [], `${flow.name}: ${body}`)
}

/** Where a chain of actions leads at last. */
function lastNext(action: Json): string | undefined {
  const next = action['next']
  return typeof next === 'object' && next !== null ? lastNext(next as Json) : (next as string | undefined)
}
