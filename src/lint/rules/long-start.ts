import type { Rule } from '../rule.ts'
import { unskippable } from '../walk/unskippable.ts'

/** Whole seconds. */
const MOST = 30

export const longStart: Rule = {
  name: 'long-start',
  severity: 'warning',
  why: 'Callers who know what they want have to sit through more than 30 seconds before they can say so.',
  givesWayTo: ['loop-without-caller', 'no-way-out'],
  valid: `
start: hello
states:
  hello: { play: welcome.mp3, skippable: false, next: prices }   # welcome.mp3: 4 s
  prices: { play: prices.mp3, skippable: false, next: menu }     # prices.mp3: 18 s
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: news
states:
  news: { play: news.mp3, skippable: false, next: prices }      # news.mp3: 17 s
  prices: { play: prices.mp3, skippable: false, next: menu }    # prices.mp3: 18 s
  menu: { ivr: menu.mp3, on: { 1: desk, noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, walk, outside, tell }) {
    for (const { state, before, plays, choice } of unskippable(flow, walk, outside.seconds)) {
      const own = plays.at(-1)?.seconds ?? 0
      const found = flow.states[state]
      if (found === undefined || Math.round(before) > MOST || Math.round(before + own) <= MOST || choice === undefined) continue
      const menu = flow.states[choice]?.name
      tell([...found.path, 'play'], {
        message: `until \`${menu}\` asks, ${Math.round(before + own)} s have to be heard that cannot be skipped`,
        effect: `${plays.map(({ name, seconds }) => `\`${name}\` ${Math.round(seconds)} s`).join(', ')}: who knows the menu hangs up or waits`,
        help: 'say less before the first choice, or say it in the sound of the `ivr` itself, where a key counts at once',
      })
    }
  },
}
