/** Rules over what calls can do: the paths that they print, the work that they take, and that they walk as `step` does. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { check } from '../src/check.ts'
import { checkSettings } from '../src/cli/check-settings.ts'
import { END } from '../src/compile/flow.ts'
import type { Flow } from '../src/compile/flow.ts'
import { commentsIn } from '../src/parse/comments.ts'
import { parse } from '../src/parse/parse.ts'
import { FILE_RULES, RULES } from '../src/lint/lint.ts'
import { runFileRule, runRule } from '../src/lint/rule.ts'
import { walkOf } from '../src/lint/walk/walk.ts'
import { Lines } from '../src/problem/lines.ts'
import { readFolder } from '../src/reload/read-folder.ts'
import { validate } from '../src/validate/validate.ts'
import { checkText, eventOf, FIRST, linkedIn, NOW } from './flow-in-text.ts'
import { start, step } from '../src/run/step.ts'

const FOLDER = 'test/cases/rules'

/** What the rules say: line, code, message, effect. */
function said(text: string): string {
  const lines = new Lines(text)
  const { problems } = checkText(text)
  return problems.map(one => `${lines.at(one.span.start).line} ${one.code}: ${one.message}\n  ${one.effect ?? ''}\n`).join('')
}

void t.test('each case has its problems, with the call that leads there', async t => {
  for (const file of readdirSync(FOLDER).filter(name => name.endsWith('.yaml'))) {
    const found = said(readFileSync(`${FOLDER}/${file}`, 'utf8'))
    const out = `${FOLDER}/${file.replace('.yaml', '.out')}`
    if (process.env['WRITE_CASES'] === '1') writeFileSync(out, found)
    t.equal(found, readFileSync(out, 'utf8'), file)
  }
})

/** A flow of every kind of state, of any size. */
function large(count: number): string {
  const state = (index: number): string => {
    const next = index + 1 === count ? 'bye' : `s${index + 1}`
    const far = `s${(index * 7 + 1) % count}`
    switch (index % 6) {
      case 0: return `{ ivr: a.mp3, sorry: a.mp3, on: { 1: ${far}, 2: ${next}, noinput: ${next}, nomatch: ${next}, failed: ${next} } }`
      case 1: return `{ connect: "+46701740${100 + index % 900}", on: { failed: ${next} } }`
      case 2: return `{ play: "https://a.example/{{v}}.mp3", skippable: false, next: ${next} }`
      case 3: return `{ route: [{ when: { caller: hidden }, goto: ${far} }, { when: { visited: s${index % 20}, times: 2 }, goto: ${next} }, { goto: ${next} }] }`
      case 4: return `{ set: { v: "{{caller}}" }, next: ${next} }`
      default: return `{ ivr: a.mp3, digits: 3, on: { 1xx: ${far}, 200: s${index}, noinput: s${index}, nomatch: ${next}, failed: ${next} } }`
    }
  }
  return `start: s0\nstates:\n${Array.from({ length: count }, (_, index) => `  s${index}: ${state(index)}\n`).join('')}  bye: { play: a.mp3, next: end }\n`
}

/** Counts what is read of plain data, however deep. */
function counting<T extends object>(value: T, count: { reads: number }, known = new Map<object, object>()): T {
  const proxy = known.get(value) ?? new Proxy(value, {
    get(target, key) {
      count.reads++
      const found = Reflect.get(target, key) as unknown
      return typeof found === 'object' && found !== null && !(found instanceof Map) && !(found instanceof Set) ? counting(found, count, known) : found
    },
  })
  known.set(value, proxy)
  return proxy as T
}

/** What each rule reads to look at a flow of that many states. */
function workOf(size: number): Map<string, number> {
  const text = large(size)
  const { tree } = parse('a.yaml', text)
  if (tree === undefined) throw new Error('the large flow is no YAML')
  const { document } = validate('a', tree)
  const flow = linkedIn(text)
  const work = new Map<string, number>()
  const outside = { numbers: new Set<string>(), hasCalls: true, promptsUsed: new Set<string>(), isUsed: false, taken: new Set<string>(), listsUsed: new Set<string>(), tablesUsed: new Set<string>(), now: Date.UTC(2026, 2, 2), seconds: () => undefined, heard: () => undefined }
  for (const rule of RULES) {
    const count = { reads: 0 }
    const counted: Flow = counting(flow, count)
    runRule(rule, { flow: counted, linked: counted, tree, data: counting(document.data, count), outside, walk: counting(walkOf(counted), count) }, () => undefined)
    work.set(rule.name, count.reads)
  }
  for (const rule of FILE_RULES) {
    const count = { reads: 0 }
    runFileRule(rule, { tree: counting(tree, count), comments: counting(commentsIn(text), count), cover: () => undefined }, () => undefined)
    work.set(rule.name, count.reads)
  }
  return work
}

void t.test('ten times the states are never more than twelve times the work', async t => {
  const few = workOf(120)
  const many = workOf(1200)
  t.equal(few.size, RULES.length + FILE_RULES.length)
  for (const [name, work] of many) t.ok(work <= 12 * Math.max(work > 1000 ? 1 : 100, few.get(name) ?? 0), `${name}: ${few.get(name) ?? 0} → ${work}`)
})

void t.test('every move of a call is one of the ways', async t => {
  const ours = check(await readFolder('flows', new Map()), checkSettings({})).served
  const flows = [
    ...[...ours.values()].map(one => one.flow).filter(flow => flow.answers),
    ...[...readdirSync(FOLDER).filter(name => name.endsWith('.yaml')).map(name => readFileSync(`${FOLDER}/${name}`, 'utf8')), large(30)].map(text => linkedIn(text)),
  ]
  const ways = flows.map(flow => walkOf(flow))
  const report = fc.constantFrom('1', '2', '3', '0', '9', '41234', '12#', '#', 'result=failed&why=noinput', 'failed', 'success', 'busy', '-')
  let moves = 0
  fc.assert(fc.property(fc.nat(flows.length - 1), fc.array(report, { minLength: 1, maxLength: 30 }), (which, forms) => {
    const flow = flows[which] as Flow
    const walk = ways[which] as (typeof ways)[number]
    const index = new Map(flow.states.map((state, at) => [state.name, at]))
    let now = start(flow, FIRST, NOW)
    for (const form of forms) {
      if (now.reply.then !== 'report') break
      now = step(flow, now.call, eventOf(form), NOW)
      for (const { from, event, to } of now.trace) {
        const at = index.get(from)
        if (event === 'again' || at === undefined || now.call.moves >= 180) continue
        // a flow that is run is told as what comes of it
        if (event.startsWith('runs ') || flow.states[at]?.verb === 'exit') continue
        moves++
        const target = to === 'end' ? END : index.get(to) as number
        if (walk.ways[at]?.some(way => way.to === target) !== true) throw new Error(`${flow.name}: ${from} ${event} ${to} is no way`)
        if (target !== END && walk.isOwn(target) && !walk.reached(target)) throw new Error(`${flow.name}: ${to} is not reached`)
      }
    }
  }), { numRuns: 2000, seed: 1 })
  t.ok(moves > 2000, `${moves} moves`)
})
