/** What a line of a `route` asks, in the words of the language. */
import type { Compare, Flow, Test } from '../compile/flow.ts'
import { inWords } from '../diff/heard.ts'

/** `office open`, `caller vip or +4670*`, `not (storm on)`. */
export function testWords(flow: Flow, test: Test): string {
  switch (test.test) {
    case 'caller': case 'called': return `${test.test} ${[...test.matches, ...(test.lists ?? [])].join(' or ')}`
    case 'direction': return test.is
    case 'value': return `${inWords(test.value)} ${compareWords(test.compare)}`
    case 'switch': return `${test.name} ${test.is}`
    case 'chance': return `${Math.round(test.share * 1000) / 10} %`
    case 'visited': return `visited ${stateName(flow, test.state)}${test.times === 1 ? '' : ` ×${test.times}`}`
    case 'answered': case 'recorded': return `${stateName(flow, test.state)} ${test.test}`
    case 'schedule': return `${test.name} ${test.is}`
    case 'any': return test.tests.length === 0 ? 'never' : test.tests.map(one => grouped(flow, one)).join(' or ')
    case 'all': return test.tests.map(one => grouped(flow, one)).join(' and ')
    case 'not': return `not ${grouped(flow, test.tests[0])}`
  }
}

function grouped(flow: Flow, test: Test): string {
  const words = testWords(flow, test)
  return (test.test === 'any' || test.test === 'all') && test.tests.length > 1 ? `(${words})` : words
}

function stateName(flow: Flow, index: number): string {
  return flow.states[index]?.name ?? 'end'
}

function compareWords(compare: Compare): string {
  switch (compare.by) {
    case 'in': return `is ${compare.texts.map(inWords).join(' or ')}`
    case 'matches': return `matches ${compare.pattern}`
    case 'empty': return compare.empty ? 'is empty' : 'is not empty'
    case 'above': case 'below': return `${compare.by} ${compare.number}`
  }
}
