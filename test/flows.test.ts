/** Flows that use each other: what of two files does not fit, which of them are refused, and what a version depends on. */
import t from 'tap'
import { check, rebuild } from '../src/check.ts'
import type { Checked } from '../src/check.ts'
import type { LiveFlow } from '../src/lint/lines.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { checkText } from './flow-in-text.ts'

const PIN = `start: ask
exits: [ok, wrong]
inputs: { pin: text, question: prompt }
states:
  ask: { ivr: "{{question}}", digits: 4, equals: "{{pin}}", save: typed, sensitive: true, next: right, on: { noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
const DOOR = `start: pin
states:
  pin: { flow: pin, with: { pin: "1234", question: ask.mp3 }, on: { ok: desk, wrong: bye } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const RING = `start: ring
exits: [nobody]
inputs: { number: number, wait: seconds }
states:
  ring: { connect: "{{number}}", timeout: "{{wait}}", on: { failed: back } }
  back: { exit: nobody }
`
const ringing = (given: string): string => `start: a\nstates:\n  a: { flow: ring, with: { ${given} }, on: { nobody: b } }\n  b: { play: b.mp3, next: end }\n`
const done = (states: string): string => `start: a\nexits: [done]\nstates:\n${states}  back: { exit: done }\n`

interface Row {
  readonly name: string
  readonly text: string
  readonly flows?: Readonly<Record<string, string>>
  /** `file:line code`, those of `test.yaml` without the file. Infos are left out. */
  readonly problems: readonly string[]
  readonly help?: string
}

const ROWS: readonly Row[] = [
  { name: 'two that fit', text: DOOR, problems: [] },
  { name: 'a flow that is not there', text: DOOR.replace('flow: pin', 'flow: pni'), problems: ['3 unknown-flow'], help: 'did you mean `pin`?' },
  { name: 'an exit that is misspelt', text: DOOR.replace('wrong:', 'wrnog:'), problems: ['3 exit-missing'], help: 'did you mean `wrong`?' },
  { name: 'an exit that has another name now', text: DOOR.replace('wrong:', 'locked:'), problems: ['3 exit-missing'], help: 'did you mean `wrong`?' },
  { name: 'an exit that is not handled', text: DOOR.replace(', wrong: bye', ''), problems: ['3 exit-unhandled'] },
  { name: 'a jump to a flow that comes back', text: DOOR.replace(', on: { ok: desk, wrong: bye }', '').replace('start: pin', 'start: pin\nkeys: { "0": desk }'), problems: ['4 exit-unhandled'] },
  { name: 'an input that must be given', text: DOOR.replace(', question: ask.mp3', ''), problems: ['3 missing-field'] },
  { name: 'a text may be left out', text: DOOR.replace('pin: "1234", ', ''), problems: [] },
  { name: 'an input that is misspelt', text: DOOR.replace('question:', 'qestion:'), problems: ['3 unknown-field'], help: 'did you mean `question`?' },
  { name: 'an input that the flow does not have', text: DOOR.replace('question:', 'desk: x, question:'), problems: ['3 unknown-field'] },
  { name: 'a prompt that does not exist', text: DOOR.replace('ask.mp3', 'no-such-prompt'), problems: ['3 unknown-prompt'] },
  { name: 'a value that nothing sets, given', text: DOOR.replace('"1234"', '"{{nobody}}"'), problems: ['3 undefined-value'] },
  { name: 'a value of the other flow that it does not have', text: DOOR.replace('on: {', 'save: { mine: tpyed }, on: {'), problems: ['3 undefined-value'], help: 'did you mean `typed`?' },
  { name: 'saved over a var', text: DOOR.replace('states:', 'vars: { mine: x }\nstates:').replace('on: {', 'save: { mine: typed }, on: {'), problems: ['4 bad-name'] },
  { name: 'a value that is not kept on every way', text: DOOR.replace('on: {', 'save: { mine: typed }, on: {').replace('bye.mp3', '"https://a.example/{{mine}}"'), problems: ['5 maybe-undefined'] },
  { name: 'a value that is kept on the way that reads it', text: DOOR.replace('on: {', 'save: { mine: typed }, on: {').replace('desk: { connect: "+46846500411"', 'desk: { connect: "sip:{{mine}}@pbx.example"'), problems: [] },
  { name: 'kept of a flow that never comes back', text: 'start: a\nstates:\n  a: { flow: far, save: { x: y }, note: for good }\n', flows: { far: 'start: a\nstates:\n  a: { set: { y: "1" }, next: b }\n  b: { play: b.mp3, next: end }\n' }, problems: ['3 field-not-here'] },
  { name: 'a key that is lost before the flow that is run asks', text: DOOR.replace('start: pin', 'start: hello').replace('states:', 'states:\n  hello: { play: hello.mp3, next: pin }'), problems: ['3 lost-key'] },
  { name: 'a premium number that is given', text: ringing('number: "+46900123456", wait: "20"'), problems: ['3 premium-number'] },
  { name: 'a number that is none', text: ringing('number: "112233", wait: "20"'), problems: ['3 bad-number'] },
  { name: 'seconds that are none', text: ringing('number: "+46846500411", wait: long'), problems: ['3 wrong-type'] },
  { name: 'an exit that the file does not declare', text: done('  a: { play: a.mp3, next: b }\n  b: { exit: dnoe }\n'), problems: ['5 exit-missing'], help: 'did you mean `done`?' },
  { name: 'an exit without exits', text: 'start: a\nstates:\n  a: { play: a.mp3, next: b }\n  b: { exit: done }\n', problems: ['4 exit-missing'] },
  { name: 'an exit that is called as an outcome', text: done('  a: { play: a.mp3, next: back }\n').replace('[done]', '[done, failed]'), problems: ['2 reserved-name'] },
  { name: 'a line of a flow with exits', text: done('  a: { play: a.mp3, next: back }\n').replace('start: a', 'start: a\nnumbers: ["+46846500400"]'), problems: ['2 field-not-here'] },
  { name: 'a line of a flow whose inputs must be given', text: 'start: a\nnumbers: ["+46846500400"]\ninputs: { n: number }\nstates:\n  a: { connect: "{{n}}", on: { failed: b } }\n  b: { play: b.mp3, next: end }\n', problems: ['2 field-not-here'] },
  { name: 'an input that is set', text: 'start: a\ninputs: { n: text }\nstates:\n  a: { set: { n: "1" }, next: b }\n  b: { play: "https://a.example/{{n}}", next: end }\n', problems: ['4 bad-name'] },
  { name: 'an input with the name of a var', text: 'start: a\nvars: { n: x }\ninputs: { n: text }\nstates:\n  a: { play: "https://a.example/{{n}}", next: end }\n', problems: ['3 bad-name'] },
  { name: 'an input with the name of a value of ours', text: 'start: a\ninputs: { caller: number }\nstates:\n  a: { connect: "{{caller}}", on: { failed: b } }\n  b: { play: b.mp3, next: end }\n', problems: ['2 reserved-name'] },
  { name: 'a prompt that is used as a text', text: done('  a: { play: "https://a.example/{{p}}", next: back }\n').replace('exits', 'inputs: { p: prompt }\nexits'), problems: ['5 wrong-type'] },
  { name: 'a flow that runs itself', text: done('  a: { flow: test, on: { done: back } }\n'), problems: ['4 circular-flows'] },
  {
    name: 'flows that run each other: told once', text: done('  a: { flow: two, on: { done: back } }\n'),
    flows: { two: done('  a: { flow: three, on: { done: back } }\n'), three: done('  a: { flow: test, on: { done: back } }\n') }, problems: ['4 circular-flows'],
  },
  {
    name: 'a circle of sounds through a flow that is run', text: 'start: a\nstates:\n  a: { flow: say, on: { done: a } }\n',
    flows: { say: done('  a: { play: a.mp3, next: back }\n') }, problems: ['3 loop-without-caller'],
  },
  {
    name: 'a circle that a choice breaks, but no silence', text: 'start: a\nstates:\n  a: { flow: menu, on: { again: a, desk: b } }\n  b: { connect: "+46846500411", on: { failed: end } }\n',
    flows: { menu: 'start: a\nexits: [again, desk]\nstates:\n  a: { ivr: a.mp3, on: { 1: b, noinput: c, nomatch: c, failed: c } }\n  b: { exit: desk }\n  c: { exit: again }\n' },
    problems: ['3 endless-silence', '4 abrupt-end'],
  },
  {
    name: 'the same, left by whoever says nothing', text: 'start: a\nstates:\n  a: { flow: menu, on: { again: a, desk: b } }\n  b: { connect: "+46846500411", on: { failed: c } }\n  c: { play: c.mp3, next: end }\n',
    flows: { menu: 'start: a\nexits: [again, desk]\nstates:\n  a: { ivr: a.mp3, on: { 1: c, noinput: b, nomatch: c, failed: c } }\n  b: { exit: desk }\n  c: { exit: again }\n' },
    problems: [],
  },
  {
    name: 'a circle of jumps, told in the flow whose name comes first', text: 'start: a\nstates:\n  a: { play: a.mp3, next: b }\n  b: { flow: other }\n',
    flows: { other: 'start: a\nstates:\n  a: { play: a.mp3, next: b }\n  b: { flow: test }\n' }, problems: ['other.yaml:3 loop-without-caller'],
  },
  {
    name: 'a state behind an exit that nobody takes', text: DOOR, flows: { pin: PIN.replace('nomatch: no', 'nomatch: right').replaceAll(': no', ': right').replace('  no: { exit: wrong }\n', '') },
    problems: [],
  },
  {
    name: 'a state that only an exit leads to that nobody takes', text: 'start: a\nstates:\n  a: { flow: say, on: { done: b, never: c } }\n  b: { play: b.mp3, next: end }\n  c: { play: c.mp3, next: end }\n',
    flows: { say: done('  a: { play: a.mp3, next: back }\n').replace('[done]', '[done, never]') }, problems: ['5 unreachable-state'],
  },
  {
    name: 'a person whom a flow that is run connects to', text: 'start: m\nstates:\n  m: { ivr: m.mp3, on: { 1: a, noinput: a, nomatch: a, failed: a } }\n  a: { flow: ring, with: { number: "+46846500411", wait: "20" }, on: { nobody: b } }\n  b: { play: b.mp3, next: end }\n', problems: [],
  },
]

void t.test('what does not fit is told once, at its place', async t => {
  for (const { name, text, flows = { pin: PIN, ring: RING }, problems, help } of ROWS) {
    const found = checkText(text, { flows, missing: [] }).problems.filter(one => one.severity !== 'info')
    const all: Readonly<Record<string, string>> = { test: text, ...flows }
    const shown = found.map(({ file, span, code }) => `${file === 'test.yaml' ? '' : `${file}:`}${(all[file.replace('.yaml', '')] ?? '').slice(0, span.start).split('\n').length} ${code}`)
    t.same(shown, problems, `${name}: ${found.map(one => one.message).join('; ')}`)
    if (help !== undefined) t.equal(found[0]?.help, help, name)
  }
})

void t.test('both places of a mistake between two are named', async t => {
  for (const [change, place] of [['wrong: bye', 'exits'], [', question: ask.mp3', 'question']] as const) {
    const problem = checkText(DOOR.replace(change, change === 'wrong: bye' ? 'no: bye' : ''), { flows: { pin: PIN } }).problems.find(one => one.severity === 'error')
    const other = problem?.related?.[0]
    t.equal(other?.file, 'pin.yaml', problem?.message ?? 'a problem')
    t.equal(PIN.slice(other?.span.start, other?.span.end), place)
  }
})

void t.test('what is remembered of a call is bounded through all flows that wait for each other', async t => {
  const chain = (depth: number): Record<string, string> => Object.fromEntries(Array.from({ length: depth }, (_, i) => [`f${i}`, done(i + 1 === depth ? '  a: { play: a.mp3, next: back }\n' : `  a: { flow: f${i + 1}, on: { done: back } }\n`)]))
  const start = 'start: a\nstates:\n  a: { flow: f0, on: { done: b } }\n  b: { play: b.mp3, next: end }\n'
  const codes = (checked: Checked): string[] => checked.problems.filter(one => one.severity === 'error').map(one => `${one.file} ${one.code}`)
  t.same(codes(checkText(start, { flows: chain(24) })), [])
  t.same(codes(checkText(start, { flows: chain(25) })), ['test.yaml too-large'])
  const values = (count: number): string => done(`  a: { set: { ${Array.from({ length: count }, (_, i) => `v${i}: x`).join(', ')} }, next: back }\n`)
  t.same(codes(checkText(start, { flows: { f0: values(92) } })), [])
  t.same(codes(checkText(start, { flows: { f0: values(93) } })), ['test.yaml too-large'])
})

const settings = { env: {}, hosts: [], silence: SILENCE_FILE }
const sounds = new Map(['ask', 'bye', 'b'].map(name => [`${name}.mp3`, { hash: name, format: 'mp3' as const }]))
function checkAll(flows: Readonly<Record<string, string>>, calls: Readonly<Record<string, string>> = {}, live: readonly LiveFlow[] = []): Checked {
  const files = (texts: Readonly<Record<string, string>>, ending: string) => Object.entries(texts).map(([name, text]) => ({ name, path: `${name}${ending}`, text }))
  return check({ flows: files(flows, '.yaml'), calls: files(calls, '.calls.yaml'), sounds, live }, settings)
}
/** These flows, as they answer calls. */
function liveOf(flows: Readonly<Record<string, string>>): LiveFlow[] {
  return [...checkAll(flows).served].map(([name, { flow, source }]) => ({ name, version: flow.version, path: source.path, text: source.text, numbers: flow.numbers }))
}
const versions = (checked: Checked): Record<string, string> => Object.fromEntries([...checked.served].map(([name, { flow }]) => [name, flow.version]))
const OTHER = DOOR.replaceAll('1234', '9999')
const LONE = 'start: a\nstates:\n  a: { play: bye.mp3, next: end }\n'

void t.test('a version depends on every flow that can be reached, and can be made again alone', async t => {
  const far = 'start: a\nexits: [done]\nstates:\n  a: { flow: near, on: { done: back } }\n  back: { exit: done }\n'
  const flows = { door: DOOR, lone: LONE, top: 'start: a\nstates:\n  a: { flow: far, on: { done: b } }\n  b: { play: b.mp3, next: end }\n', far, near: far.replace('{ flow: near, on: { done: back } }', '{ play: bye.mp3, next: back }'), pin: PIN }
  const before = checkAll(flows)
  t.same(before.refused, [])
  const after = checkAll({ ...flows, near: `${flows.near}# a remark\n` })
  const changed = Object.keys(versions(before)).filter(name => versions(before)[name] !== versions(after)[name])
  t.same(changed.sort(), ['far', 'near', 'top'], 'those that reach it, and no others')
  for (const [name, { flow, source }] of before.served) {
    const stored = JSON.parse(JSON.stringify(source)) as typeof source
    t.strictSame(rebuild(stored, settings), flow, `${name} is made again from what is stored`)
  }
  t.equal(before.served.get('lone')?.source.uses, undefined)
})

void t.test('a flow that uses one with an error is refused with it', async t => {
  const refused = (pin: string, calls: Readonly<Record<string, string>> = {}): readonly string[] => checkAll({ door: DOOR, lone: LONE, pin }, calls).refused
  t.same(refused(PIN), [])
  t.same(refused(PIN.replace('next: right', 'next: rihgt')), ['door', 'pin'], 'a target that does not exist')
  t.same(refused('start: ['), ['door', 'pin'], 'no YAML')
  t.same(refused(PIN.replace(', nomatch: no, failed: no', '')), ['door', 'pin'], 'a rule')
  t.same(refused(PIN.replace('[ok, wrong]', '[ok, wrong, locked]')), ['door'], 'what does not fit is told where it is run')
  t.same(refused(PIN, { pin: 'calls:\n  - name: a\n    steps: [end]\n' }), ['door', 'pin'], 'no call begins in a flow with exits')
  const live = liveOf({ door: DOOR, lone: LONE, other: OTHER, pin: PIN })
  t.same(checkAll({ door: DOOR, lone: LONE, other: OTHER, pin: PIN.replace('[ok, wrong]', '[ok, wrong, locked]') }, {}, live).refused, ['door', 'other', 'pin'], 'a change that breaks those that use it does not go live')
  t.same(checkAll({ door: DOOR.replace('next: end', 'next: ned'), lone: LONE, other: OTHER, pin: `${PIN}# a remark\n` }, {}, live).refused, ['door'], 'a mistake of its own is nobody else\'s')
})

void t.test('a flow that is held back keeps its line', async t => {
  const night = (line: string, input: string): string => `start: a\n${line}inputs: { ${input}: text }\nstates:\n  a: { ivr: "https://a.example/{{${input}}}", on: { 1: b, noinput: b, nomatch: b, failed: b } }\n  b: { play: b.mp3, next: end }\n`
  const gate = 'start: a\nstates:\n  a: { flow: night, with: { greeting: x } }\n'
  const third = (line: string): string => `start: b\n${line}states:\n  b: { play: b.mp3, next: end }\n`
  const [one, two] = ['numbers: ["+46846500401"]\n', 'numbers: ["+46846500402"]\n']
  const live = liveOf({ gate, night: night(one, 'greeting'), third: third(two) })
  const now = (files: Readonly<Record<string, string>>): [string[], string[]] => {
    const { refused, problems } = checkAll(files, {}, live)
    return [[...refused].sort(), problems.filter(problem => problem.severity === 'error').map(problem => `${problem.file} ${problem.code}`)]
  }
  t.same(now({ gate, night: night('', 'greeting'), third: third(one) }), [[], []], 'a line moves')
  t.same(now({ gate, night: night('', 'words'), third: third(one) }), [['gate', 'night', 'third'], ['gate.yaml unknown-field', 'third.yaml number-used-twice']], 'it cannot move away from a flow whose change another one does not fit')
})

void t.test('calls go through the flows that are run', async t => {
  const calls = (steps: string): Checked => checkAll({ door: DOOR, pin: PIN }, { door: `calls:\n  - name: a\n    steps: [${steps}]\n` })
  t.same(calls('{ state: pin/ask }, { ivr: ask.mp3 }, { press: 1234 }, { state: desk }, { connect: "+46846500411" }, { line: success }, end').problems.filter(one => one.severity === 'error'), [])
  t.match(calls('{ ivr: ask.mp3 }, { press: 1235 }, { connect: "+46846500411" }').problems, [{ code: 'call-fails' }])
  t.match(calls('{ state: pin/aks }').problems, [{ code: 'unknown-target', help: 'did you mean `pin/ask`?' }])
})
