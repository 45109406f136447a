import { isOrdinary } from '../walk/walk.ts'
import type { IvrState, State } from '../../compile/flow.ts'
import type { Rule } from '../rule.ts'

const MOST = 3

/** An entry of a number is no menu. */
function isMenu(state: State | undefined): state is IvrState {
  return state?.verb === 'ivr' && state.digits === 1 && Object.keys(state.keys).length > 0
}

export const menuTooDeep: Rule = {
  name: 'menu-too-deep',
  severity: 'warning',
  why: 'More than three menus before anything happens: callers give up on the way.',
  valid: `
start: one
states:
  one: { ivr: menu.mp3, on: { 1: two, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  two: { ivr: menu.mp3, on: { 1: three, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  three: { ivr: menu.mp3, on: { 1: desk, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: one
states:
  one: { ivr: menu.mp3, on: { 1: two, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  two: { ivr: menu.mp3, on: { 1: three, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  three: { ivr: menu.mp3, on: { 1: four, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  four: { ivr: menu.mp3, on: { 1: desk, 2: bye, noinput: bye, nomatch: bye, failed: bye } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, walk, tell }) {
    const depths = new Map<number, number>([[flow.start, isMenu(flow.states[flow.start]) ? 1 : 0]])
    // by the number of menus passed: what takes no further menu is looked at first
    let level = [flow.start]
    for (let depth = depths.get(flow.start) ?? 0; level.length > 0; depth++) {
      const further: number[] = []
      for (let at = 0; at < level.length; at++) {
        for (const { to } of (walk.ways[level[at] as number] ?? []).filter(isOrdinary)) {
          const state = flow.states[to]
          if (state === undefined || depths.has(to)) continue
          if (isMenu(state)) further.push(to)
          else {
            depths.set(to, depth)
            if (state.verb !== 'connect' && state.verb !== 'record') level.push(to)
          }
        }
      }
      level = []
      for (const state of further) {
        if (depths.has(state)) continue
        depths.set(state, depth + 1)
        level.push(state)
      }
    }
    for (const [index, depth] of depths) {
      const state = flow.states[index]
      if (depth !== MOST + 1 || !isMenu(state)) continue
      tell(state.path, {
        message: `\`${state.name}\` is the fourth menu in a row`, effect: `call, ${walk.callTo(index)}: nothing has happened yet`,
        help: 'let one menu offer what two offer now',
      }, 'key')
    }
  },
}
