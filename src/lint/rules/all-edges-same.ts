import type { Rule } from '../rule.ts'

export const allEdgesSame: Rule = {
  name: 'all-edges-same',
  severity: 'info',
  why: 'Where every choice leads to the same place, nothing is chosen: probably a slip.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, 2: bye, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: desk, 2: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, tell }) {
    for (const state of flow.states) {
      const to = state.verb === 'route' ? state.lines.map(line => line.to) : state.verb === 'ivr' ? [...Object.values(state.keys), ...state.patterns.map(one => one.to)] : []
      if (to.length < 2 || new Set(to).size > 1) continue
      const name = flow.states[to[0] as number]?.name ?? 'end'
      tell(state.path, { message: `all ${state.verb === 'route' ? 'lines' : 'keys'} of \`${state.name}\` lead to \`${name}\``, help: 'is one of them meant to lead elsewhere?' }, 'key')
    }
  },
}
