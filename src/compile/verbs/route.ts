/** `route`: picks the first matching line of a list. */
import type { TargetData, TestData } from '../../validate/document.ts'
import { tell } from '../context.ts'
import { END } from '../flow.ts'
import type { RouteState, Template, Test } from '../flow.ts'
import { isListed } from '../number-list.ts'
import { matchesWhole } from '../regex.ts'
import { compileTarget } from '../target.ts'
import { compileTest } from '../route-test.ts'
import type { Schedule } from '../schedule/schedule.ts'
import { isSo, standsAt } from '../schedule/stands.ts'
import type { Turn, Verb } from '../verb.ts'

export const route: Verb<RouteState> = {
  name: 'route',
  keys: ['note'],
  outcomes: [],
  example: `
start: who
states:
  who:
    route:
      - when: { caller: ["+4670*", hidden] }
        goto: mobile
      - goto: other
  mobile: { play: mobile.mp3, next: end }
  other: { play: other.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = data['route'] as readonly { when?: TestData; goto: TargetData }[]
    const lines = written.map((line, index) => {
      const at = [...path, 'route', index]
      if (line.when === undefined && index < written.length - 1) {
        tell(context, [...at, 'goto'], {
          code: 'shadowed-edge', message: `line ${index + 1} of this route has no \`when\`, so every caller takes it`,
          effect: 'the lines below are never looked at', help: 'move it to the end, or give it a `when`',
        })
      }
      if (line.when !== undefined && index === written.length - 1) {
        tell(context, [...at, 'when'], {
          code: 'missing-otherwise', message: 'the last line of this route has a `when`',
          effect: 'a caller for whom no line holds would be cut off', help: 'add a last line with only `goto:`',
        }, 'key')
      }
      const to = compileTarget(context, [...at, 'goto'], line.goto)
      return line.when === undefined ? { to } : { when: compileTest(context, [...at, 'when'], line.when), to }
    })
    return { name, path, verb: 'route', lines }
  },

  arrive(turn, state) {
    turn.holiday = ''
    const index = state.lines.findIndex(line => line.when === undefined || holds(turn, line.when))
    return { to: state.lines[index]?.to ?? END, why: `line ${index + 1}`, ...(turn.holiday === '' ? {} : { holiday: turn.holiday }) }
  },
}

/** Whether a test holds for the call as it stands. */
export function holds(turn: Turn, test: Test): boolean {
  switch (test.test) {
    case 'caller': return isAmong(turn, turn.caller, test)
    case 'called': return isAmong(turn, turn.called, test)
    case 'direction': return turn.direction === test.is
    case 'value': return compares(turn, turn.fill(test.value), test)
    case 'visited': return turn.visits(turn.flow.states[test.state]?.visit ?? -1) >= test.times
    case 'switch': return turn.switchAt(test.name) === test.is
    case 'chance': return turn.chance(test.place) < test.share
    case 'answered': case 'recorded': {
      const state = turn.flow.states[test.state]
      return (state?.verb === 'connect' || state?.verb === 'record') && state.answeredBit !== undefined && turn.answered(state.answeredBit)
    }
    case 'schedule': return stands(turn, test)
    case 'any': return test.tests.some(one => holds(turn, one))
    case 'all': return test.tests.every(one => holds(turn, one))
    case 'not': return !holds(turn, test.tests[0])
  }
}

function stands(turn: Turn, test: Test & { test: 'schedule' }): boolean {
  const stand = standsAt(turn.flow.schedules[test.schedule] as Schedule, turn.now)
  turn.holiday = stand.name ?? turn.holiday
  return isSo(stand, test.is)
}

function isAmong({ flow }: Turn, number: string, { matches, lists }: Test & { test: 'caller' | 'called' }): boolean {
  return matches.some(pattern => isNumberLike(number, pattern)) || lists?.some(name => flow.lists[name] !== undefined && isListed(flow.lists[name], number)) === true
}

function compares(turn: Turn, text: string, { compare }: Test & { test: 'value' }): boolean {
  switch (compare.by) {
    case 'in': return compare.texts.some((one: Template) => turn.fill(one) === text)
    case 'matches': return matchesWhole(compare.pattern, text)
    case 'empty': return (text === '') === compare.empty
    case 'above': return isNumber(text) && Number(text) > compare.number
    case 'below': return isNumber(text) && Number(text) < compare.number
  }
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+(\.\d+)?$/.test(text)
}

/** A caller who withholds the number comes as an empty text, a word, or with no field at all (facts: undocumented). */
function isNumberLike(number: string, pattern: string): boolean {
  if (pattern === 'hidden') return !/^(\+?[0-9]{2,}|sips?:.+)$/.test(number)
  if (pattern.endsWith('*')) return number.startsWith(pattern.slice(0, -1))
  return number === pattern
}
