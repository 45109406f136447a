import type { Rule } from '../rule.ts'

export const noHuman: Rule = {
  name: 'no-human',
  severity: 'warning',
  why: 'A caller whom no choice fits finds neither a person nor a way to leave a message.',
  valid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: news, noinput: desk, nomatch: desk, failed: desk } }
  news: { play: news.mp3, next: end }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: menu
states:
  menu: { ivr: menu.mp3, on: { 1: news, noinput: bye, nomatch: bye, failed: bye } }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`,
  givesWayTo: ['loop-without-caller', 'no-way-out'],
  check({ linked, walk, data, tell }) {
    // a flow with exits is a part of a call: whoever runs it goes on
    if (data.exits !== undefined) return
    const verbs = new Set(walk.order.flatMap(index => [linked.states[index]?.verb, ...(walk.ways[index] ?? []).flatMap(way => [...(way.meets ?? [])])]))
    // a line that only says something promises no person
    if (!verbs.has('ivr') || verbs.has('connect') || verbs.has('record') || verbs.has('handover')) return
    tell(['start'], {
      message: 'no path of this flow leads to a person, or to a recording', effect: 'a caller whom no choice fits can only hang up',
      help: 'give one key, and whoever presses nothing, a `connect` or a `record`',
    })
  },
}
