/** What flows declare that run each other: schedules, lists, tables, switches, what is drawn, and how long a call may last. Each asks for its own, however the others are called. */
import t from 'tap'
import { check, checkCalls, rebuild } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import type { Flow } from '../src/compile/flow.ts'
import { diff } from '../src/diff/diff.ts'
import type { Problem } from '../src/problem/problem.ts'
import { unpackFlow, packFlow } from '../src/reload/pack.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { start, step } from '../src/run/step.ts'
import type { Step } from '../src/run/step.ts'
import type { World } from '../src/run/world.ts'
import { eventOf, FIRST, replyText, walk } from './flow-in-text.ts'

const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }
const SOUNDS = new Map(['open', 'closed', 'ask', 'bye'].map(name => [`${name}.mp3`, { hash: name, format: 'mp3' as const }]))

/** A caller of a list, and one of the other's. */
const [ANNA, BO] = ['+46701740601', '+46701740602']

/** Both ask for things of the same names, which they declare otherwise. */
const declares = (hours: string, zone: string, friend: string, desk: string, holidays = ''): string => `
timezone: ${zone}
schedules:
  other: { open: { daily: 00:00-00:01 } }
  office: { open: { mon-sun: ${hours} }${holidays} }
lists: { friends: ["${friend}"], unused: ["+46701740699"] }
tables: { desks: { one: { desk: "${desk}", name: "${zone}" } } }
`
const asks = (out: string): string => `
  hours: { route: [{ when: { schedule: office, is: holiday }, goto: feast }, { when: { schedule: office }, goto: who }, { goto: closed }] }
  who: { route: [{ when: { caller: friends }, goto: find }, { goto: stranger }] }
  find: { lookup: desks, key: one, on: { success: draw, missing: closed } }
  draw: { set: { code: { random: 4 } }, next: said }
  said: { ivr: "https://x.example/{{flow}}/{{desk | last4}}/{{code}}/{{switch.storm}}", on: { 1: ${out}, 2: ring, noinput: ${out}, nomatch: ${out}, failed: ${out} } }
  ring: { connect: "{{desk}}", on: { failed: ${out} } }
  stranger: { play: bye.mp3, next: ${out} }
  closed: { play: closed.mp3, next: ${out} }
  feast: { play: "https://x.example/{{flow}}/feast", next: ${out} }
`
const SWITCH = 'switches: { storm: { default: off } }\n'
const TOP = `start: hours\n${declares('08:00-12:00', 'Europe/Stockholm', ANNA, '+46846500401')}${SWITCH}states:${asks('inner')}
  inner: { flow: inner, save: { room: name }, on: { done: end-it } }
  end-it: { play: "https://x.example/{{room | default: 'none'}}/{{code | default: 'none'}}", next: end }
`
const INNER = `start: hours\nexits: [done]\n${declares('10:00-18:00', 'Europe/Lisbon', BO, '+46846500402', ', holidays: PT')}${SWITCH}states:${asks('out')}
  out: { exit: done }
`

function setOf(flows: Readonly<Record<string, string>>, more: Partial<SourceSet> = {}): SourceSet {
  return { flows: Object.entries(flows).map(([name, text]) => ({ name, path: `${name}.yaml`, text })), sounds: SOUNDS, ...more }
}

function flowOf(flows: Readonly<Record<string, string>>, name = 'top', more: Partial<SourceSet> = {}): Flow {
  const { served, problems } = check(setOf(flows, more), SETTINGS)
  const flow = served.get(name)?.flow
  if (flow === undefined) throw new Error(problems.map(problem => `${problem.file} ${problem.message}`).join('\n'))
  return flow
}

/** The answers of a call at a time; between two requests it goes through JSON, as in a token. */
function talk(flow: Flow, at: string, caller: string, forms: readonly string[], world: World = { switches: new Map() }): Step[] {
  const now = Date.parse(at)
  const steps = [start(flow, { ...FIRST, caller, start: Math.floor(now / 1000) }, now, world)]
  for (const form of forms) steps.push(step(flow, JSON.parse(JSON.stringify(steps.at(-1)?.call)) as Step['call'], eventOf(form), now + steps.length * 1000, world))
  return steps
}

void t.test('each flow asks its own schedule, list and table, of whatever name', async t => {
  const flow = flowOf({ top: TOP, inner: INNER })
  const world = { switches: new Map(), random: { code: '1234' } }
  const said = (at: string, caller: string, forms: readonly string[]): string[] => talk(flow, at, caller, forms, world).map(one => replyText(one.reply).replaceAll('https://x.example/', '').replace(/ 1\/10\/3$/, ''))
  // in Stockholm it is an hour later than in Lisbon: the one is open from 8 to 12 there, the other from 10 to 18 here
  t.same(said('2026-03-02T10:30+01:00', ANNA, ['1', 'ok']), ['ivr top/0401/1234/off', 'play closed', 'play none/1234 > end'])
  t.same(said('2026-03-02T11:30+01:00', ANNA, ['1', 'ok']), ['ivr top/0401/1234/off', 'play bye', 'play none/1234 > end'])
  t.same(said('2026-03-02T11:30+01:00', BO, ['ok', '1']), ['play bye', 'ivr inner/0402/1234/off', 'play Europe%2FLisbon/none > end'], 'what it found is kept where the caller asks for it, what it drew is not')
  t.same(said('2026-03-02T15:00+01:00', BO, ['ok', '1']), ['play closed', 'ivr inner/0402/1234/off', 'play Europe%2FLisbon/none > end'])
  t.same(said('2026-03-02T20:00+01:00', BO, ['ok', 'ok']), ['play closed', 'play closed', 'play none/none > end'])
  t.same(said('2026-06-10T11:30+02:00', BO, ['ok', 'ok']), ['play bye', 'play inner/feast', 'play none/none > end'], 'a holiday of the one country')
})

void t.test('a switch is one for all, and what is drawn is drawn for each', async t => {
  const flow = flowOf({ top: TOP.replace(ANNA, BO), inner: INNER })
  const steps = talk(flow, '2026-03-02T11:30+01:00', BO, ['1'], { switches: new Map([['storm', { value: 'on' }]]) })
  const [first, second] = steps.map(one => replyText(one.reply))
  t.match(first, /top\/0401\/\d{4}\/on/)
  t.match(second, /inner\/0402\/\d{4}\/on/)
  t.not(/\/(\d{4})\//.exec(first ?? '')?.[1], /\/(\d{4})\//.exec(second ?? '')?.[1], 'not the same digits')
  t.same(talk(flow, '2026-03-02T11:30+01:00', BO, ['1'], { switches: new Map([['storm', { value: 'on' }]]) }).map(one => replyText(one.reply)), [first, second], 'a repeated request draws the same')
  const { problems } = check(setOf({ top: TOP, inner: INNER.replace('default: off', 'default: on') }), SETTINGS)
  t.same(problems.filter(one => one.severity === 'error').map(one => `${one.file} ${one.code}`), ['top.yaml conflicting-switch'])
  t.same(Object.keys(flowOf({ top: TOP.replace(SWITCH, '').replaceAll('{{switch.storm}}', 'x'), inner: INNER }).switches), ['storm'], 'who flips it finds it in the flow that callers meet')
})

void t.test('what of a table its own flow does not read travels only where the caller keeps it', async t => {
  const of = (name: string, top = TOP): string[] => flowOf({ top, inner: INNER }, name).values.filter(value => ['desk', 'name'].includes(value))
  t.same(of('inner'), ['desk'])
  t.same(of('top'), ['desk', 'desk', 'name'])
  t.same(of('top', TOP.replace('save: { room: name }, ', '').replace('{{room | default: \'none\'}}', 'x')), ['desk', 'desk'])
  const csv = (text: string) => ({ files: new Map([['desks.csv', { path: 'desks.csv', text }]]) })
  const inFile = INNER.replace(/tables: .*/, 'tables: { desks: { file: desks.csv } }')
  const rows = (more: string) => csv(`key,desk,name\none,+46846500402,${more}\n`)
  t.same(flowOf({ top: TOP, inner: inFile }, 'top', rows('A')).tables['inner/desks']?.rows, { one: ['+46846500402', 'A'] })
  t.not(flowOf({ top: TOP, inner: inFile }, 'top', rows('A')).version, flowOf({ top: TOP, inner: inFile }, 'top', rows('B')).version, 'its rows are part of the version of who runs it')
  const told = (inner: string, more: Partial<SourceSet> = {}) => {
    const { problems, refused } = check(setOf({ top: TOP, inner }, more), SETTINGS)
    return [problems.filter(one => one.severity === 'error').map(one => `${one.file} ${one.code}`), [...refused].sort()]
  }
  t.same(told(inFile), [['inner.yaml missing-file'], ['inner', 'top']], 'of a table that is not there nobody knows the columns')
  t.same(told(inFile, csv('key,desk\none,+46846500402\n')), [['top.yaml undefined-value'], ['top']])
  t.same(told(inFile, csv('key,desk,name\none,112,A\n')), [['desks.csv emergency-number'], ['inner', 'top']], 'a mistake in it is told once')
  const given = INNER.replace('tables:', 'inputs: { name: text }\ntables:')
  t.same(told(given)[0], ['inner.yaml bad-name'], 'no column is called as an input')
})

void t.test('columns that are given as numbers must be some', async t => {
  const ring = 'start: ring\ninputs: { number: number }\nexits: [nobody]\nstates:\n  ring: { connect: "{{number}}", on: { failed: out } }\n  out: { exit: nobody }\n'
  const top = (desk: string): string => `start: find\ntables: { desks: { "+46846500400": { desk: "${desk}" } } }\nstates:\n  find: { lookup: desks, key: "{{called}}", on: { success: ring, missing: bye } }\n  ring: { flow: ring, with: { number: "{{desk}}" }, on: { nobody: bye } }\n  bye: { play: bye.mp3, next: end }\n`
  const errors = (desk: string) => check(setOf({ top: top(desk), ring }), SETTINGS).problems.filter(one => one.severity === 'error').map(one => one.code)
  t.same(errors('+46846500401'), [])
  t.same(errors('0846500401'), ['bad-number'])
  t.same(check(setOf({ top: top('+46846500401').replace('"{{desk}}"', '"112"'), ring }), SETTINGS).problems.filter(one => one.severity === 'error').map(one => `${one.code} ${one.related?.[0]?.file}`), ['emergency-number ring.yaml'])
})

/** That nobody is rung in these flows is meant. */
const isToldOf = ({ severity, code }: Problem): boolean => severity !== 'info' && code !== 'no-human'

const LONG = `start: go
longest: { seconds: 60, goto: late }
states:
  go: { set: { mine: kept }, next: run }
  run: { flow: deep, with: { given: "x" }, on: { done: back } }
  back: { play: "https://x.example/back", next: end }
  late: { ivr: "https://x.example/late/{{mine}}", on: { 1: run, noinput: bye, nomatch: bye, failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const DEEP = `start: run
inputs: { given: text }
exits: [done]
states:
  run: { flow: deeper, with: { given: "{{given}}y" }, on: { done: out } }
  out: { exit: done }
`
const DEEPER = `start: ask
inputs: { given: text }
exits: [done]
states:
  ask: { ivr: "https://x.example/{{given}}", on: { 1: ask, 2: out, noinput: out, nomatch: out, failed: out } }
  out: { exit: done }
`

void t.test('the length of a call is looked at wherever it is, and leads back to the flow that answered', async t => {
  const flow = flowOf({ top: LONG, deep: DEEP, deeper: DEEPER })
  const now = Date.parse('2026-03-02T10:00Z')
  let last = start(flow, { ...FIRST, start: now / 1000 }, now)
  const go = (form: string, seconds: number): string => {
    last = step(flow, JSON.parse(JSON.stringify(last.call)) as Step['call'], eventOf(form), now + seconds * 1000)
    return replyText(last.reply).replaceAll('https://x.example/', '').replace(/ 1\/10\/3$/, '')
  }
  t.equal(go('1', 59), 'ivr xy')
  t.same(last.call.stack.length, 2)
  t.equal(go('2', 60), 'ivr late/kept', 'with the values of that flow')
  t.same(last.trace.map(line => `${line.from} ${line.event} ${line.to}`), ['deeper/ask longest late'])
  t.same(last.call.stack, [], 'nobody waits any more')
  t.same(last.call.values.filter(value => value !== ''), ['kept'], 'what the others knew is forgotten')
  t.equal(go('1', 61), 'ivr xy', 'once only')
  t.equal(go('2', 62), 'play back > end')

  const { problems } = check(setOf({ top: LONG.replace(/longest.*\n/, ''), deep: DEEP.replace('exits', 'longest: { seconds: 10, goto: out }\nexits'), deeper: DEEPER }), SETTINGS)
  t.same(problems.filter(one => one.severity === 'error').map(one => `${one.file} ${one.code}`), ['deep.yaml field-not-here'], 'in a flow with exits it would never hold')
  t.same(check(setOf({ top: LONG, deep: DEEP, deeper: DEEPER }), SETTINGS).problems.filter(isToldOf).map(one => `${one.file} ${one.code}`), [], 'what only it leads to is reached')
})

void t.test('a jump leaves a flow for good, and its length holds on', async t => {
  const away = 'start: ask\nstates:\n  ask: { ivr: "https://x.example/away", on: { 1: ask, noinput: bye, nomatch: bye, failed: bye } }\n  bye: { play: bye.mp3, next: end }\n'
  const top = 'start: go\nlongest: { seconds: 60, goto: late }\nstates:\n  go: { set: { mine: kept }, next: run }\n  run: { flow: away }\n  late: { play: "https://x.example/late/{{mine}}", next: end }\n'
  const set = setOf({ top, away })
  t.same(check(set, SETTINGS).problems.filter(isToldOf).map(one => `${one.file} ${one.code}`), [])
  const flow = flowOf({ top, away })
  const [first] = walk(flow, [])
  t.equal(replyText(step(flow, first?.call as Step['call'], eventOf('1'), (FIRST.start + 60) * 1000).reply), 'play https://x.example/late/kept > end')
  t.equal(flowOf({ top, away }, 'away').longest, undefined)
  const unset = check(setOf({ top: top.replace('start: go', 'start: ask').replace('states:', 'states:\n  ask: { ivr: ask.mp3, on: { 1: go, noinput: run, nomatch: run, failed: run } }'), away }), SETTINGS)
  t.same(unset.problems.filter(isToldOf).map(one => `${one.file} ${one.code}`), ['top.yaml maybe-undefined'], 'who comes back by it may come without the value')
})

void t.test('all of it is stored, handed over and made again', async t => {
  const flows = { top: TOP, inner: INNER, long: LONG, deep: DEEP, deeper: DEEPER }
  const { served } = check(setOf(flows), SETTINGS)
  t.same([...served.keys()].sort(), Object.keys(flows).sort())
  for (const [name, { flow, source }] of served) {
    t.strictSame(rebuild(JSON.parse(JSON.stringify(source)) as typeof source, SETTINGS), flow, name)
    t.same(await unpackFlow(packFlow(flow)), flow, name)
  }
  t.same(served.get('top')?.source.holidays?.map(([country]) => country), ['PT'], 'the calendars that the flows inside go by')
  // with other holidays than today's
  const source = served.get('top')?.source
  if (source === undefined) return
  const moved = rebuild({ ...source, holidays: [['PT', [[Math.floor(Date.parse('2026-03-02T00:00Z') / 86_400_000), 'feast']]]] }, SETTINGS) as Flow
  t.match(replyText(talk(moved, '2026-03-02T11:30+01:00', BO, ['ok']).at(-1)?.reply as Step['reply']), /inner\/feast/)
})

void t.test('a schedule that stands before those of another flow moves nothing', async t => {
  const more = TOP.replace('schedules:', 'schedules:\n  early: { open: { daily: 01:00-02:00 } }').replace('start: hours', 'start: early').replace('states:', 'states:\n  early: { route: [{ when: { schedule: early }, goto: closed }, { goto: hours }] }')
  const [before, after] = [flowOf({ top: TOP, inner: INNER }), flowOf({ top: more, inner: INNER })]
  t.same(diff(before, after).map(change => change.text), ['calls now begin in `early`, before: `hours`', '`early` is new'])
  t.same(talk(after, '2026-03-02T15:00+01:00', BO, ['ok', '1']).map(one => replyText(one.reply).replace(/\d{4}(?=\/off)/, 'dddd')), talk(before, '2026-03-02T15:00+01:00', BO, ['ok', '1']).map(one => replyText(one.reply).replace(/\d{4}(?=\/off)/, 'dddd')))
})

void t.test('what changes in a flow is told there, and of those that run it that it has', async t => {
  const say = (top: string, inner: string): string[] => diff(flowOf({ top: TOP, inner: INNER }), flowOf({ top, inner })).map(change => change.text)
  t.same(say(TOP, `${INNER}# a remark\n`), [])
  t.same(say(TOP, INNER.replace('10:00-18:00', '10:00-19:00')), ['`inner`, which it runs, has changed'])
  t.same(say(TOP, INNER.replace(BO, ANNA)), ['`inner`, which it runs, has changed'])
  t.same(say(TOP, INNER.replace('stranger: { play: bye.mp3', 'stranger: { play: ask.mp3')), ['`inner`, which it runs, has changed'])
  t.same(say(TOP.replace('08:00-12:00', '07:00-12:00'), INNER), ['the schedule `office` has other hours'])
  t.same(say(TOP.replace('save: { room: name }', 'save: { room: code }'), INNER), ['in `inner`, `room` is now code, before: name'])
  const inner = (change: (text: string) => string): string[] => diff(flowOf({ inner: INNER }, 'inner'), flowOf({ inner: change(INNER) }, 'inner')).map(one => one.text)
  t.same(inner(text => text.replace(', holidays: PT', '')), ['the schedule `office` has other holidays or exceptions'])
  t.same(inner(text => text.replace('exit: done', 'exit: gone').replace('[done]', '[done, gone]')), ['in `out`, `exit` is now gone, before: done'])
  t.same(diff(flowOf({ top: LONG, deep: DEEP, deeper: DEEPER }), flowOf({ top: LONG.replace('60', '90'), deep: DEEP, deeper: DEEPER })).map(one => one.text), ['`longest` is now 90 s, then `late`, before: 60 s, then `late`'])
})

void t.test('what a scripted call is given holds in the flows that run, too', async t => {
  const calls = (given: string, steps: string, inner = INNER) => {
    const checked = checkCalls(setOf({ top: TOP, inner }, { calls: [{ name: 'top', path: 'top.calls.yaml', text: `calls:\n  - name: a\n    at: 2026-03-02T15:00+01:00\n    from: "${BO}"\n    given: ${given}\n    steps: [${steps}]\n` }] }), SETTINGS)
    return checked.problems.filter(one => one.severity === 'error').map(one => `${one.code} ${one.message}`)
  }
  t.same(calls('{ random: { code: "0007" }, switches: { storm: on } }', '{ play: closed.mp3 }, { ivr: "https://x.example/inner/0402/0007/on" }, { press: 1 }, { play: "https://x.example/Europe%2FLisbon/none" }, end'), [])
  t.same(calls('{ lists: { friends: [] } }', '{ play: closed.mp3 }, { ivr: {} }, { state: inner/said }, hang-up'), [], 'a list of both is the flow\'s own')
  const crew = INNER.replace('friends:', 'crew:').replace('caller: friends', 'caller: crew').replace('timezone:', 'vars: { where: there }\ntimezone:').replace('{{flow}}/{{desk', '{{where}}/{{desk')
  t.same(calls('{ lists: { crew: [] } }', '{ play: closed.mp3 }, { play: bye.mp3 }, { state: inner/stranger }, hang-up', crew), [])
  t.same(calls('{ vars: { where: here }, random: { code: "0007" } }', '{ play: closed.mp3 }, { ivr: "https://x.example/here/0402/0007/off" }, hang-up', crew), [])
  t.same(calls('{ lists: { crw: [] }, vars: { were: x } }', 'end', crew), ['unknown-list there is no list `crw` in `top`', 'undefined-value `were` is none of the `vars` of `top`'])
})
