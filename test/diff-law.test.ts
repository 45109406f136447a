/** Laws of the diff, over flows made by chance: what is the same is silent, what a call could meet otherwise is told. */
import fc from 'fast-check'
import t from 'tap'
import { rebuild } from '../src/check.ts'
import type { Flow, State } from '../src/compile/flow.ts'
import { diff } from '../src/diff/diff.ts'
import { SILENCE_FILE } from '../src/prompts/silence.ts'
import { start, step } from '../src/run/step.ts'
import { eventOf, FIRST, NOW, replyText, walk } from './flow-in-text.ts'

const RUNS = { numRuns: 300 }
const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'] as const
const SOUNDS = ['one.mp3', 'two.mp3', 'three.mp3'] as const

/** A state as it is written: its verb with options in one piece, and its edges by word. */
interface Written {
  readonly verb: string
  readonly on: Readonly<Record<string, string>>
  readonly next?: string
}
type File = Readonly<Record<string, Written>>

const target = fc.constantFrom<string>(...NAMES, 'end', 'https://partner.example/a', 'https://partner.example/b', '{ play: one.mp3, next: end }', '{ play: two.mp3, next: alpha }')
const sound = fc.constantFrom(...SOUNDS)
const ivr = fc.record({
  verb: fc.tuple(sound, fc.constantFrom('', ', sorry: two.mp3', ', silent: true', ', timeout: 5', ', save: kept', ', again: one.mp3')).map(([prompt, rest]) => `ivr: ${prompt}${rest}, digits: 2`),
  on: fc.dictionary(fc.constantFrom('1', '2', '11', '1x', 'x1', 'xx', 'any', 'failed'), target, { maxKeys: 5 }).chain(on => fc.record({ noinput: target, nomatch: target }).map(rest => ({ ...on, ...rest }))),
})
const play = fc.record({ verb: sound.map(prompt => `play: ${prompt}`), on: fc.record({ success: target, failed: target }) })
const connect = fc.record({ verb: fc.constantFrom('connect: "+46846500401"', 'connect: ["+46846500402", "+46846500403"], order: in-turn'), on: fc.record({ busy: target, failed: target }) })
const record = fc.record({ verb: sound.map(prompt => `record: ${prompt}`), on: fc.record({ success: target, failed: target }) })
const set = fc.record({ verb: fc.constantFrom('set: { kept: "1" }', 'set: { kept: "2" }'), on: fc.constant({}), next: target })
const route = fc.tuple(target, target, target).map(([a, b, c]): Written => ({ verb: `route: [{ when: { visited: alpha, times: 2 }, goto: ${a} }, { when: { value: "{{kept}}", is: "1" }, goto: ${b} }, { goto: ${c} }]`, on: {} }))
const state = fc.oneof<fc.Arbitrary<Written>[]>(ivr, play, connect, record, set, route)
const file: fc.Arbitrary<File> = fc.tuple(...NAMES.map(() => state)).map(states => Object.fromEntries(NAMES.map((name, index) => [name, states[index] as Written])))

function textOf(written: File, { order = Object.keys(written), head = 'start: alpha' }: { readonly order?: readonly string[]; readonly head?: string } = {}): string {
  const states = order.map(name => {
    const { verb, on, next } = written[name] as Written
    const edges = Object.entries(on).map(([word, to]) => `${word}: ${to}`)
    return `  ${name}: { ${verb}${edges.length === 0 ? '' : `, on: { ${edges.join(', ')} }`}${next === undefined ? '' : `, next: ${next}`} }`
  })
  return `${head}\nstates:\n  keeper: { ivr: one.mp3, digits: 2, save: kept, on: { any: alpha, noinput: end, nomatch: end } }\n${states.join('\n')}\n`
}

function flowOf(text: string): Flow {
  const sounds = SOUNDS.map(name => [name, { hash: name, format: 'mp3' as const }] as const)
  const flow = rebuild({ language: 1, name: 'test', path: 'test.yaml', text, sounds }, { env: {}, hosts: [], silence: SILENCE_FILE })
  if (flow === undefined) throw new Error(`this is no flow:\n${text}`)
  return flow
}

void t.test('a flow is the same as itself, in any order and with any title', async t => {
  fc.assert(fc.property(file, fc.shuffledSubarray([...NAMES], { minLength: NAMES.length }), (written, order) => {
    const changes = diff(flowOf(textOf(written)), flowOf(`# written anew\n${textOf(written, { order, head: 'title: Another\nstart: alpha' })}`))
    t.strictSame(changes, [])
  }), RUNS)
})

void t.test('other names for all states are other names, and nothing else', async t => {
  fc.assert(fc.property(file, written => {
    const text = textOf(written)
    const renamed = [...NAMES, 'keeper'].reduce((all, name) => all.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `other-${name}`), text)
    t.strictSame(diff(flowOf(text), flowOf(renamed)).map(change => `${change.kind} ${change.before} ${change.after}`).sort(), [...NAMES, 'keeper'].map(name => `state-renamed ${name} other-${name}`).sort())
  }), RUNS)
})

const FORMS = ['1', '2', '11', '12', '21', '33', 'failed&why=noinput', 'failed', 'success', 'busy'] as const

/** Where a report leads out of a state, after its last attempt; undefined for what asks the carrier for nothing. */
function leads(flow: Flow, index: number, form: string): string | undefined {
  const at = flow.states[index] as State
  if (at.verb === 'route' || at.verb === 'set' || at.verb === 'hangup' || at.verb === 'handover') return undefined
  const call = { ...start(flow, FIRST, NOW).call, state: index, attempt: at.verb === 'ivr' ? at.attempts : 1, place: at.verb === 'connect' ? at.numbers.length - 1 : 0, moves: 1 }
  const line = step(flow, call, eventOf(`result=${form}`), NOW).trace[0]
  return line?.to ?? 'end'
}

void t.test('every edge that leads elsewhere is told', async t => {
  // the same states, some of which lead elsewhere
  const edited = file.chain(written => fc.tuple(fc.constant(written), fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.nat(), fc.constantFrom<string>(...NAMES, 'end', 'https://partner.example/a')), { minLength: 1, maxLength: 4 })))
  let met = 0
  fc.assert(fc.property(edited, ([written, edits]) => {
    const now: Record<string, Written> = { ...written }
    for (const [name, which, to] of edits) {
      const { verb, on, ...rest } = now[name] as Written
      const words = Object.keys(on)
      const word = words[which % Math.max(1, words.length)]
      now[name] = word === undefined ? { verb, on, ...rest } : { verb, on: { ...on, [word]: to }, ...rest }
    }
    const [before, after] = [flowOf(textOf(written)), flowOf(textOf(now))]
    const changes = diff(before, after)
    for (const [index, { name }] of before.states.entries()) {
      if (!(NAMES as readonly string[]).includes(name)) continue
      for (const form of FORMS) {
        const [was, is] = [leads(before, index, form), leads(after, index, form)]
        if (was === undefined || was === is) continue
        met++
        const found = changes.filter(change => change.kind === 'edge' && change.states.includes(name) && change.before === was && change.after === is)
        if (found.length === 0) throw new Error(`${name} with ${form}: ${was} → ${is}\n${changes.map(change => change.text).join('\n')}`)
      }
    }
  }), RUNS)
  t.ok(met > 100, `${met} edges lead elsewhere`)
})

void t.test('where nothing is told, callers meet nothing else', async t => {
  let same = 0
  let differ = 0
  const pair = file.chain(written => fc.tuple(fc.constant(written), fc.constantFrom(...NAMES), state, fc.boolean()))
  fc.assert(fc.property(pair, fc.array(fc.constantFrom(...FORMS), { maxLength: 8 }), ([written, name, other, change], forms) => {
    const now = change ? { ...written, [name]: other } : written
    const [before, after] = [flowOf(textOf(written)), flowOf(textOf(now))]
    const replies = (flow: Flow): string[] => walk(flow, forms).map(one => replyText(one.reply))
    const equal = JSON.stringify(replies(before)) === JSON.stringify(replies(after))
    if (!equal) differ++
    if (diff(before, after).length > 0) return
    same++
    if (!equal) throw new Error(`${textOf(written)}\n${textOf(now)}`)
  }), { numRuns: 600 })
  t.ok(same > 100 && differ > 50, `${same} the same, ${differ} not`)
})
