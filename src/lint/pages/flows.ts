/** What flows that use each other are told. */
import type { Page } from '../rule.ts'

/** Asks for a PIN by running `another`. */
const DOOR = `
start: pin
states:
  pin: { flow: another, on: { ok: desk, wrong: bye } }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const PIN = `
start: ask
exits: [ok, wrong]
states:
  ask: { ivr: ask.mp3, digits: 4, on: { 1234: right, noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`
/** Goes on in another flow for good. */
const NEWS_LINE = `
start: news
numbers: ["+46846500401"]
states:
  news: { ivr: news.mp3, on: { 1: more, noinput: bye, nomatch: bye, failed: bye } }
  more: { flow: another }
  bye: { record: bye.mp3, next: end }
`
/** Comes back by `done`. */
const NEWS = `
start: news
exits: [done]
states:
  news: { play: news.mp3, next: back }
  back: { exit: done }
`

const RUNS_NEWS = `
start: news
states:
  news: { flow: menu, on: { done: bye } }
  bye: { play: bye.mp3, next: end }
`

export const FLOW_PAGES: readonly Page[] = [
  {
    name: 'unknown-flow', severity: 'error', why: 'A flow that is not there cannot be run, and scripted calls without one guard nothing.',
    valid: NEWS_LINE, invalid: NEWS_LINE.replace('flow: another', 'flow: anothr'), another: NEWS_LINE.replace('another', 'menu').replace('46846500401', '46846500402'),
  },
  {
    name: 'exit-missing', severity: 'error', why: 'An exit that the other flow does not have is never taken, and one that a flow does not declare leads nowhere.',
    valid: DOOR, invalid: DOOR.replace('wrong: bye', 'wrong: bye, locked: bye'), another: PIN,
  },
  {
    name: 'exit-unhandled', severity: 'error', why: 'A flow that comes back where nobody said how to go on would cut the caller off.',
    valid: DOOR, invalid: DOOR.replace(', wrong: bye', ''), another: PIN,
  },
  {
    name: 'circular-flows', severity: 'error', why: 'A flow that runs itself, straight or through others, never comes back.',
    valid: NEWS, invalid: NEWS.replace('next: back', 'next: more').replace('back:', 'more: { flow: another, next: back }\n  back:'), another: RUNS_NEWS,
  },
]
