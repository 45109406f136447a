import { END } from '../../compile/flow.ts'
import type { Edge, Flow } from '../../compile/flow.ts'
import { canBeWrong } from '../walk/ways.ts'
import { whereWritten } from '../written.ts'
import type { Rule } from '../rule.ts'

const EFFECT: Readonly<Record<string, string>> = {
  noinput: 'a caller who stays silent would take it for a fault',
  nomatch: 'a caller who presses a wrong key would take it for a fault',
  busy: 'a caller who meets a busy line would take it for a fault',
  failed: 'a caller whom nobody answers would take it for a fault',
}

function cutsOff(flow: Flow, to: number): boolean {
  return to === END || flow.states[to]?.verb === 'hangup'
}

export const abruptEnd: Rule = {
  name: 'abrupt-end',
  severity: 'warning',
  why: 'A call that ends without a word sounds like a fault.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: bye, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: end, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'ivr' && state.verb !== 'connect') continue
      const words: readonly string[] = state.verb === 'ivr' ? ['noinput', ...(canBeWrong(state) ? ['nomatch'] : [])] : ['busy', 'failed']
      const edges: Readonly<Record<string, Edge>> = state.edges
      const cut = words.filter(word => edges[word]?.word !== undefined && cutsOff(flow, edges[word].to))
      const first = cut[0]
      if (first === undefined) continue
      const written = edges[first]?.word as string
      tell(whereWritten(data, state, written === 'next' ? ['next'] : ['on', written]) ?? state.path, {
        message: `\`${state.name}\` ends the call without a word`, effect: EFFECT[first],
        help: 'say something first: let it lead to a `play`, to a person or to a recording',
      })
    }
  },
}
