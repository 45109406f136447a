import { addBehind } from '../written.ts'
import { entered } from '../own.ts'
import type { Rule } from '../rule.ts'

export const lostKey: Rule = {
  name: 'lost-key',
  severity: 'warning',
  why: 'A key pressed while a skippable `play` is heard ends that sound, and is lost: the menu waits for it in vain.',
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, skippable: false, next: menu }
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: hello
states:
  hello: { play: welcome.mp3, next: menu }
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, linked, tree, tell }) {
    for (const state of flow.states) {
      if (state.verb !== 'play' || state.action.do !== 'play' || state.action.skippable === false) continue
      const next = entered(linked, state.edges.success.to)
      if (next?.verb !== 'ivr') continue
      const fix = addBehind(tree, [...state.path, 'play'], 'skippable: false', false)
      tell([...state.path, 'play'], {
        message: `a key pressed during \`${state.name}\` is lost before \`${next.name}\` asks`,
        effect: 'who knows the menu presses early, and nothing happens',
        help: 'record both as one sound for the `ivr`, or write `skippable: false` so that all of it is heard', ...(fix === undefined ? {} : { fix }),
      })
    }
  },
}
