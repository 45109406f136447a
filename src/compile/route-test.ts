/** A TEST of a `route` → plain data that a call is held against. */
import type { TestData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import { quoted } from '../validate/words.ts'
import { guess, placeIn, tell } from './context.ts'
import { listOf } from './lists.ts'
import { switchOf, tellChoice } from './switches.ts'
import type { Context } from './context.ts'
import type { Compare, Test } from './flow.ts'
import { compileTemplate } from './template.ts'
import { regexProblem } from './regex.ts'

/** Holds for nobody: stands where a problem was reported. */
const NEVER: Test = { test: 'any', tests: [] }
const COMPARISONS = ['is', 'in', 'matches', 'empty', 'above', 'below']

/** Compiles one test; what it names must exist. */
export function compileTest(context: Context, path: Path, data: TestData): Test {
  if (data['caller'] !== undefined) return numbers(context, [...path, 'caller'], 'caller', data['caller'])
  if (data['called'] !== undefined) return numbers(context, [...path, 'called'], 'called', data['called'])
  if (data['direction'] !== undefined) {
    context.reads.add('direction')
    return { test: 'direction', is: data['direction'] as 'incoming' | 'outgoing' }
  }
  if (data['value'] !== undefined) return value(context, path, data)
  if (data['visited'] !== undefined) return visited(context, path, data)
  if (data['answered'] !== undefined) return happened(context, path, data, 'answered', 'connect')
  if (data['recorded'] !== undefined) return happened(context, path, data, 'recorded', 'record')
  if (data['switch'] !== undefined) return stands(context, path, data)
  if (data['chance'] !== undefined) return { test: 'chance', share: data['chance'] as number, place: path.join('.') }
  if (data['schedule'] !== undefined) return schedule(context, path, data)
  for (const word of ['any', 'all'] as const) {
    const tests = data[word] as readonly TestData[] | undefined
    if (tests !== undefined) return { test: word, tests: tests.map((one, index) => compileTest(context, [...path, word, index], one)) }
  }
  if (data['not'] !== undefined) return { test: 'not', tests: [compileTest(context, [...path, 'not'], data['not'] as TestData)] }
  throw new Error('a test without a known key passed the reader')
}

function numbers(context: Context, path: Path, test: 'caller' | 'called', written: unknown): Test {
  const list = Array.isArray(written) ? (written as string[]) : [written as string]
  context.reads.add(test)
  const lists: string[] = []
  list.forEach((one, index) => {
    if (one === 'hidden' || /^\+[0-9]{1,15}\*?$/.test(one)) return
    const at = Array.isArray(written) ? [...path, index] : path
    if (/^[a-z][a-z0-9_-]*$/.test(one)) {
      if (listOf(context, at, one, 'this test would never hold') !== undefined) lists.push(context.prefix + one)
    } else tell(context, at, { code: 'bad-number', message: `\`${one}\` is neither a number, nor a beginning of numbers, nor \`hidden\`, nor the name of a list`, help: 'write "+46701234567", "+4670*" for all that begin so, hidden, or a name under `lists:`' })
  })
  return { test, matches: list.filter(one => one === 'hidden' || one.startsWith('+')), ...(lists.length === 0 ? {} : { lists }) }
}

function value(context: Context, path: Path, data: TestData): Test {
  const written = COMPARISONS.filter(word => data[word] !== undefined)
  const compare = compileCompare(context, path, data, written)
  return { test: 'value', value: compileTemplate(context, [...path, 'value'], data['value'] as string), compare }
}

function compileCompare(context: Context, path: Path, data: TestData, written: readonly string[]): Compare {
  if (written.length !== 1) {
    tell(context, [...path, written[1] ?? 'value'], {
      code: written.length === 0 ? 'missing-field' : 'two-verbs',
      message: written.length === 0 ? '`value` is compared with nothing' : `\`value\` is compared in two ways: \`${written[0]}\` and \`${written[1]}\``,
      help: written.length === 0 ? `add one of ${quoted(COMPARISONS, 'or')}` : 'write two tests under `all:`',
    }, 'key')
    return { by: 'in', texts: [] }
  }
  const key = written[0] as string
  const at = [...path, key]
  if (key === 'is') return { by: 'in', texts: [compileTemplate(context, at, data['is'] as string)] }
  if (key === 'in') return { by: 'in', texts: (data['in'] as string[]).map((one, index) => compileTemplate(context, [...at, index], one)) }
  if (key === 'empty') return { by: 'empty', empty: data['empty'] as boolean }
  if (key === 'above' || key === 'below') return { by: key, number: data[key] as number }
  const pattern = data['matches'] as string
  const bad = regexProblem(pattern)
  if (bad !== undefined) tell(context, at, { code: 'bad-regex', message: `this regular expression is not understood: ${bad}`, help: 'it is an RE2 expression over the whole text: no look-around, no back-references' })
  return { by: 'matches', pattern: bad === undefined ? pattern : '' }
}

function stateIndex(context: Context, path: Path, name: string): number | undefined {
  const index = context.indexes.get(name)
  const names = context.document.stateNames
  if (index !== undefined && index < names.length) {
    context.used.add(`state ${name}`)
    return index
  }
  if (!context.unreadStates.has(name)) {
    context.missing.push({
      kind: 'state', name, path, told: { code: 'unknown-target', message: `there is no state \`${name}\``, effect: 'this test would never hold' },
      known: () => names, help: `the states are ${quoted(names)}`, write: word => word,
    })
  }
  return undefined
}

function visited(context: Context, path: Path, data: TestData): Test {
  const index = stateIndex(context, [...path, 'visited'], data['visited'] as string)
  if (index === undefined) return NEVER
  const times = (data['times'] as number | undefined) ?? 1
  const state = context.from.states + index
  context.visits.set(state, Math.max(context.visits.get(state) ?? 0, times))
  return { test: 'visited', state, times }
}

/** What a state of some verb has come to: `answered` of a connect, `recorded` of a record. */
function happened(context: Context, path: Path, data: TestData, test: 'answered' | 'recorded', verb: 'connect' | 'record'): Test {
  const name = data[test] as string
  const index = stateIndex(context, [...path, test], name)
  if (index === undefined) return NEVER
  const found = context.found[index]?.data
  if (found !== undefined && found[verb] === undefined) {
    tell(context, [...path, test], { code: 'bad-value', message: `\`${name}\` ${verb === 'connect' ? 'rings nobody' : 'records nothing'}: it has no \`${verb}\``, effect: 'this test would never hold', help: `\`${test}\` names a state with \`${verb}\`` })
    return NEVER
  }
  const state = context.from.states + index
  context.answered.add(state)
  return { test, state }
}

function stands(context: Context, path: Path, data: TestData): Test {
  const name = data['switch'] as string
  const one = switchOf(context, [...path, 'switch'], name)
  if (one === undefined) return NEVER
  const is = (data['is'] as string | undefined) ?? 'on'
  if (!one.choices.includes(is)) {
    tellChoice(context, [...path, data['is'] === undefined ? 'switch' : 'is'], name, is, one.choices)
    return NEVER
  }
  return { test: 'switch', name, is }
}

function schedule(context: Context, path: Path, data: TestData): Test {
  const name = data['schedule'] as string
  const index = context.schedules.findIndex(one => one.name === name)
  if (index >= 0) return { test: 'schedule', schedule: context.from.schedules + index, name: context.prefix + name, is: (data['is'] as 'open' | 'closed' | 'holiday' | undefined) ?? 'open' }
  if (context.unread.has(name) || context.unreadWords.has(name)) return NEVER
  const names = context.schedules.map(one => one.name)
  const word = guess(context, name, names)
  tell(context, [...path, 'schedule'], {
    code: 'unknown-schedule', message: `there is no schedule \`${name}\``, effect: 'this test would never hold',
    help: word !== undefined ? `did you mean \`${word}\`?` : names.length === 0 ? 'write its hours under `schedules:`' : `the schedules are ${quoted(names)}`,
    ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, [...path, 'schedule']).value, text: word }] } }),
  })
  return NEVER
}
