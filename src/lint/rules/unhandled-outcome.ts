import type { State } from '../../compile/flow.ts'
import { insertInto } from '../../parse/map-edits.ts'
import { placeOf } from '../../parse/tree.ts'
import type { Tree } from '../../parse/tree.ts'
import type { Fix } from '../../problem/problem.ts'
import type { Rule } from '../rule.ts'
import { addBehind } from '../written.ts'

/** What the carrier can report for a state, with the edges that nobody wrote. */
export function unhandled(state: State): string[] {
  switch (state.verb) {
    case 'ivr': {
      const wrongEntry = !(state.any !== undefined && state.min <= 1 && state.valid === undefined && state.equals === undefined)
      return (['noinput', 'nomatch', 'failed'] as const).filter(word => state.edges[word].word === undefined && (word !== 'nomatch' || wrongEntry))
    }
    // an answered call is over: `success` of a connect needs no edge
    case 'connect': return (['busy', 'failed'] as const).filter(word => state.edges[word].word === undefined)
    case 'play': case 'record': return (['success', 'failed'] as const).filter(word => state.edges[word].word === undefined)
    case 'fetch': return (['success', 'failed'] as const).filter(word => state.edges[word].word === undefined)
    case 'lookup': return (['success', 'missing'] as const).filter(word => state.edges[word].word === undefined)
    case 'set': return state.edges.next.word === undefined ? ['next'] : []
    default: return []
  }
}

const EFFECT: Readonly<Record<string, string>> = {
  noinput: 'a caller who stays silent would be cut off without a word',
  nomatch: 'a caller who presses a wrong key would be cut off without a word',
  failed: 'the call would be cut off without a word where this fails',
  busy: 'a caller who meets a busy line would be cut off without a word',
  success: 'the call would be cut off without a word afterwards',
  next: 'the call would be cut off without a word',
  missing: 'a caller for whom there is no row would be cut off without a word',
}

export const unhandledOutcome: Rule = {
  name: 'unhandled-outcome',
  severity: 'error',
  why: 'A report of the carrier that leads nowhere ends the call without a word.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk }, next: desk }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tree, tell }) {
    for (const state of flow.states) {
      const words = unhandled(state)
      const first = words[0]
      if (first === undefined) continue
      const shown = words.map(word => `\`${word}\``).join(', ').replace(/, (?=[^,]*$)/, ' and ')
      const together = state.verb === 'play' || state.verb === 'record' || state.verb === 'set' ? '`next:`' : words.length === 1 ? `\`on: { ${first}: … }\`` : state.verb === 'fetch' ? 'an edge for each under `on:`' : '`next:`, or an edge for each under `on:`'
      tell(state.path, {
        message: words[0] === 'next' ? `\`${state.name}\` leads nowhere` : `\`${state.name}\` does not say what happens on ${shown}`,
        effect: EFFECT[first],
        help: `add ${together}; write \`end\` if the call is to end there`, ...endsThere(tree, state, words),
      }, 'key')
    }
  },
}

/** The mend that writes the `end` that nobody wrote. */
function endsThere(tree: Tree, state: State, words: readonly string[]): { fix?: Fix } {
  const on = placeOf(tree, [...state.path, 'on'])
  const edges = words.map(word => `${word}: end`)
  const hasOn = on.node.kind === 'map' && on.node !== placeOf(tree, state.path).node
  const added = hasOn && on.node.kind === 'map' ? insertInto(tree.text, on.node, edges) : undefined
  if (hasOn) return added === undefined ? {} : { fix: { safe: false, edits: [added] } }
  const isShort = state.verb === 'play' || state.verb === 'record' || state.verb === 'set'
  const fix = addBehind(tree, [...state.path, state.verb], isShort ? 'next: end' : `on: { ${edges.join(', ')} }`, false)
  return fix === undefined ? {} : { fix }
}
