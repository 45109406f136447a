/** A TEST of a `route` → plain data that a call is held against. */
import type { TestData } from '../validate/document.ts'
import type { Path } from '../parse/tree.ts'
import { quoted } from '../validate/words.ts'
import { guess, tell } from './context.ts'
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
  if (data['answered'] !== undefined) return answered(context, path, data)
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
  list.forEach((one, index) => {
    if (one === 'hidden' || /^\+[0-9]{1,15}\*?$/.test(one)) return
    const at = Array.isArray(written) ? [...path, index] : path
    if (/^[a-z][a-z0-9_-]*$/.test(one)) tell(context, at, { code: 'not-yet', message: `\`${one}\`: lists of numbers are not yet in this version of tonval`, help: 'write the numbers here' })
    else tell(context, at, { code: 'bad-number', message: `\`${one}\` is neither a number, nor a beginning of numbers, nor \`hidden\``, help: 'write "+46701234567", "+4670*" for all that begin so, or hidden' })
  })
  return { test, matches: list }
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
  if (index !== undefined && index < context.document.stateNames.length) return index
  const word = guess(context, name, context.document.stateNames)
  tell(context, path, { code: 'unknown-target', message: `there is no state \`${name}\``, effect: 'this test would never hold', help: word === undefined ? `the states are ${quoted(context.document.stateNames)}` : `did you mean \`${word}\`?` })
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

function answered(context: Context, path: Path, data: TestData): Test {
  const name = data['answered'] as string
  const index = stateIndex(context, [...path, 'answered'], name)
  if (index === undefined) return NEVER
  const found = context.found[index]?.data
  if (found !== undefined && found['connect'] === undefined) {
    tell(context, [...path, 'answered'], { code: 'bad-value', message: `\`${name}\` rings nobody: it has no \`connect\``, effect: 'this test would never hold', help: '`answered` names a state with `connect`' })
    return NEVER
  }
  const state = context.from.states + index
  context.answered.add(state)
  return { test: 'answered', state }
}
