/** Tests of a `route` that hold always or never, whoever calls. */
import type { Compare, Flow, Test } from '../../compile/flow.ts'
import { fixedText } from '../../compile/template.ts'
import { matchesWhole } from '../../compile/regex.ts'
import { DAY } from '../../compile/schedule/schedule.ts'
import type { Schedule, Span } from '../../compile/schedule/schedule.ts'

/** Whether a test always (true) or never (false) holds in the state that asks; undefined where it depends. */
export function constantResult(flow: Flow, state: number, test: Test): boolean | undefined {
  switch (test.test) {
    case 'value': {
      const text = fixedText(test.value)
      return text === undefined ? undefined : compareFixed(text, test.compare)
    }
    // every call has come by the state that asks, and by the first one of its flow
    case 'visited': return test.times === 1 && (test.state === state || flow.sections.some(section => section.start === test.state)) ? true : undefined
    case 'schedule': return constantStand(flow.schedules[test.schedule] as Schedule, test.is)
    case 'chance': return test.share <= 0 ? false : test.share >= 1 ? true : undefined
    case 'switch': return Object.hasOwn(flow.switches, test.name) && flow.switches[test.name]?.choices.length === 1 ? true : undefined
    case 'any': return joined(test.tests.map(one => constantResult(flow, state, one)), true)
    case 'all': return wantsTwoWays(test.tests) ? false : joined(test.tests.map(one => constantResult(flow, state, one)), false)
    case 'not': {
      const inner = constantResult(flow, state, test.tests[0])
      return inner === undefined ? undefined : !inner
    }
    case 'caller': case 'called': case 'direction': case 'answered': case 'recorded': return undefined
  }
}

/** Whether a switch is asked for two things at once. */
function wantsTwoWays(tests: readonly Test[]): boolean {
  const wanted = new Map<string, string>()
  return tests.some(test => {
    if (test.test !== 'switch') return false
    const other = wanted.get(test.name)
    wanted.set(test.name, test.is)
    return other !== undefined && other !== test.is
  })
}

/** Of several results: `decides` where one is that, its opposite where all are, undefined otherwise. */
function joined(results: readonly (boolean | undefined)[], decides: boolean): boolean | undefined {
  if (results.includes(decides)) return decides
  return results.includes(undefined) ? undefined : !decides
}

const stands = new WeakMap<Schedule, { readonly closes: boolean; readonly holidays: boolean }>()

/** Whether a schedule always or never stands so. One that never opens is no schedule: that has been told. */
function constantStand(schedule: Schedule, is: 'open' | 'closed' | 'holiday'): boolean | undefined {
  let stand = stands.get(schedule)
  if (stand === undefined) {
    const { week, special } = schedule
    // hours that began the day before count from midnight on
    const days = week.map((spans, day) => [...(week[(day + 6) % 7] as readonly Span[]).map(([from, to]): Span => [from - DAY, to - DAY]), ...spans])
    stand = { closes: !days.every(isWhole) || !special.every(day => isWhole(day.spans)), holidays: special.some(day => day.spans.length === 0) }
    stands.set(schedule, stand)
  }
  if (is === 'holiday') return stand.holidays ? undefined : false
  return stand.closes ? undefined : is === 'open'
}

/** Whether spans in the order of their starts hold every minute of a day. */
function isWhole(spans: readonly Span[]): boolean {
  let until = 0
  for (const [from, to] of spans) if (from <= until) until = Math.max(until, to)
  return until >= DAY
}

function compareFixed(text: string, compare: Compare): boolean | undefined {
  switch (compare.by) {
    case 'in': {
      const texts = compare.texts.map(one => fixedText(one))
      return texts.includes(text) ? true : texts.includes(undefined) ? undefined : false
    }
    case 'matches': return matchesWhole(compare.pattern, text)
    case 'empty': return (text === '') === compare.empty
    case 'above': return isNumber(text) && Number(text) > compare.number
    case 'below': return isNumber(text) && Number(text) < compare.number
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text)
}
