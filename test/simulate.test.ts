/** Scripted calls: what a script may say, what departs from it, and that no edge of our own flows can be changed unnoticed. */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { parse as parseYaml } from 'yaml'
import { check, checkCalls, versionOf } from '../src/check.ts'
import type { SourceSet } from '../src/check.ts'
import { holdTwice } from '../src/cli/hold-twice.ts'
import { coverageOf } from '../src/cli/coverage.ts'
import { compile } from '../src/compile/compile.ts'
import type { SoundFile } from '../src/compile/context.ts'
import { parse } from '../src/parse/parse.ts'
import type { Node, Path } from '../src/parse/tree.ts'
import { Lines } from '../src/problem/lines.ts'
import type { Problem, Span } from '../src/problem/problem.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { readFolder } from '../src/reload/read-folder.ts'
import { edgesOf } from '../src/simulate/edges.ts'
import { holdCalls } from '../src/simulate/hold-calls.ts'
import { readCallsFile } from '../src/simulate/read-scripts.ts'
import type { FlowDocument } from '../src/validate/document.ts'
import { validate } from '../src/validate/validate.ts'

interface Case {
  readonly name: string
  readonly flow: string
  readonly calls: string
  readonly problems?: readonly string[]
  /** What is wrong with the flow itself. */
  readonly broken?: readonly string[]
}

const SETTINGS = { env: {}, hosts: [], silence: SILENCE_FILE }

/** All sounds that a flow names exist. */
function soundsIn(text: string): Map<string, SoundFile> {
  return new Map([...text.matchAll(/(?<![\w/])\w+\.mp3\b/g)].map(([name]) => [name, { hash: name, format: 'mp3' as const }]))
}

function setOf({ flow, calls }: Case): SourceSet {
  return { flows: [{ name: 'test', path: 'test.yaml', text: flow }], calls: [{ name: 'test', path: 'test.calls.yaml', text: calls }], sounds: soundsIn(flow) }
}

function shown(problem: Problem, text: string): string {
  const { line, column } = new Lines(text).at(problem.span.start)
  if (problem.code !== 'call-fails') return `${problem.code} ${line}:${column} ${problem.message}`
  return `${problem.code} ${line}: ${(problem.effect ?? '').replace(/\nmet +/, ' met ')}`
}

for (const file of readdirSync('test/cases/calls').sort()) {
  for (const one of parseYaml(readFileSync(`test/cases/calls/${file}`, 'utf8')) as Case[]) {
    void t.test(`${file}: ${one.name}`, async t => {
      const checked = checkCalls(setOf(one), SETTINGS)
      t.strictSame(checked.problems.filter(problem => problem.file === 'test.calls.yaml').map(problem => shown(problem, one.calls)), one.problems ?? [])
      const broken = checked.problems.filter(problem => problem.severity === 'error' && problem.file === 'test.yaml').map(problem => problem.message)
      t.strictSame(broken, one.broken ?? [], 'the flow itself')
      if (one.problems !== undefined) return
      t.ok(checked.held.length > 0)
      for (const { held, failure } of await holdTwice(checked.held, false, () => undefined)) t.equal(failure?.message, undefined, failure?.effect ?? held.script.name)
    })
  }
}

const good = 'start: bye\nstates:\n  bye: { play: sound/beep, next: end }\n'
const calls = (met: string): string => `calls:\n  - name: bye\n    steps: [{ play: ${met} }, end]\n`

void t.test('while a call fails, its flow does not go live', async t => {
  const set = (text: string): SourceSet => ({ flows: [{ name: 'a', path: 'a.yaml', text: good }, { name: 'b', path: 'b.yaml', text: good }], calls: [{ name: 'a', path: 'a.calls.yaml', text }], sounds: new Map() })
  t.strictSame([...check(set(calls('sound/beep')), SETTINGS).served.keys()], ['a', 'b'])
  const failing = check(set(calls('sound/dtmf/1')), SETTINGS)
  t.strictSame([...failing.served.keys()], ['b'])
  t.strictSame(failing.refused, ['a'])
  t.strictSame(failing.problems.map(problem => [problem.code, problem.file]), [['call-fails', 'a.calls.yaml']])
  t.match(failing.problems[0]?.help, /so far:\n {2}nothing yet/)
  t.strictSame(check(set('calls: ['), SETTINGS).refused, ['a'], 'calls that cannot be read')
  const { calls: _calls, ...without } = set(calls('sound/dtmf/1'))
  t.strictSame(check(without, SETTINGS).refused, [])
})

void t.test('a version does not depend on calls', async t => {
  const version = (text: string): string => {
    const { served } = check({ flows: [{ name: 'a', path: 'a.yaml', text: good }], calls: [{ name: 'a', path: 'a.calls.yaml', text }], sounds: new Map() }, SETTINGS)
    const one = served.get('a')
    if (one === undefined) throw new Error('refused')
    t.equal(versionOf(one.source), one.flow.version)
    return one.flow.version
  }
  t.equal(version(calls('sound/beep')), version(`${calls('sound/beep')}note: other\n`))
})

void t.test('calls for a flow that does not exist', async t => {
  const { problems } = check({ flows: [{ name: 'support', path: 'support.yaml', text: good }], calls: [{ name: 'suport', path: 'suport.calls.yaml', text: calls('sound/beep') }, { name: 'x', path: 'x.calls.yaml', text: '', unreadable: 'no' }], sounds: new Map() }, SETTINGS)
  t.strictSame(problems.map(problem => [problem.code, problem.file]), [['unknown-flow', 'suport.calls.yaml'], ['unreadable-file', 'x.calls.yaml']])
  t.match(problems[0]?.help, /support\.calls\.yaml/)
})

/** Changes that no caller could notice, by flow. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  // whoever is not found has no next one, and of nobody there is no number to ring
  'alarm-next': ['states.who.on.missing: nobody → another', 'states.nobody.next: end → ring'],
  // whoever comes from the menu has never heard the news: the route in between sends everybody there
  helpline: ['states.menu.on.1: faults → fault-news'],
  // of nobody there is no number to ring, and the call goes on at once
  branches: ['states.workshop.on.missing: head-office → desk', 'states.workshop.on.missing: head-office → foreman'],
  'on-call': ['states.duty.on.missing: welcome → on-duty'],
}

void t.test('every edge of our flows is walked, and none can be changed unnoticed', async t => {
  const set = await readFolder('flows', new Map())
  const whole = checkCalls(set, { ...SETTINGS, hosts: ['crm.example.com', 'survey.example.com'] })
  t.strictSame(whole.problems, [])
  t.ok(whole.held.length >= 40)
  for (const flow of whole.sound) {
    const [coverage] = coverageOf([flow], whole.held)
    t.strictSame(coverage?.edges.missing, [], `${flow.name}: all edges`)
    t.equal(coverage?.edges.total, edgesOf(flow).length)
  }
  const documents = new Map(set.flows.flatMap(file => {
    const { tree } = parse(file.path, file.text)
    return tree === undefined ? [] : [[file.name, validate(file.name, tree).document] as const]
  }))
  for (const file of set.flows) {
    // its own calls, and those of the flows that run it
    const calls = (set.calls ?? []).filter(one => one.name === file.name || whole.uses.get(one.name)?.includes(file.name) === true).map(one => ({ name: one.name, read: readCallsFile(one.path, one.text) }))
    const failures = (text: string): number => {
      const { tree } = parse(file.path, text)
      if (tree === undefined) return 1
      const surroundings = { ...SETTINGS, sounds: set.sounds, ...(set.files === undefined ? {} : { files: set.files }), flows: new Map(documents).set(file.name, validate(file.name, tree).document) }
      return calls.reduce((all, { name, read }) => {
        const document = surroundings.flows.get(name) as FlowDocument
        const { flow, problems, usesSound } = compile(document, surroundings)
        return all + (problems.length > 0 || !usesSound ? 1 : holdCalls(read, { flow, document, surroundings }).problems.length)
      }, 0)
    }
    t.equal(failures(file.text), 0)
    const { tree } = parse(file.path, file.text)
    if (tree === undefined) throw new Error(`${file.path} cannot be read`)
    const targets = targetsIn(tree.root, [])
    t.ok(targets.length >= 5, `${file.name}: ${targets.length} targets`)
    const states = validate(file.name, tree).document.stateNames
    const unnoticed: string[] = []
    for (const { path, span } of targets) {
      const now = file.text.slice(span.start, span.end)
      for (const other of [...states, 'end']) {
        if (other === now) continue
        if (failures(file.text.slice(0, span.start) + other + file.text.slice(span.end)) === 0) unnoticed.push(`${path.join('.')}: ${now} → ${other}`)
      }
    }
    t.strictSame(unnoticed, ALIKE[file.name] ?? [])
  }
})

interface Target {
  readonly path: Path
  readonly span: Span
}

/** Every place of a flow where a target is written; `on_error` is left out, because no call can be made to break. */
function targetsIn(node: Node, path: Path): Target[] {
  if (node.kind === 'scalar') return isTarget(path) ? [{ path, span: node.span }] : []
  if (node.kind === 'list') return node.items.flatMap((item, index) => targetsIn(item, [...path, index]))
  return node.entries.flatMap(entry => targetsIn(entry.value, [...path, entry.key.text]))
}

function isTarget(path: Path): boolean {
  const key = path.at(-1)
  if (path[0] === 'start') return true
  if (path[0] === 'keys') return key !== 'note'
  return path[0] !== 'prompts' && (key === 'next' || key === 'goto' || path.at(-2) === 'on')
}
