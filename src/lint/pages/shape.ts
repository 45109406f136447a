/** What the reader of the language says: words, kinds and values. */
import type { Page } from '../rule.ts'

const BYE = `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`
const DESK = `
start: desk
states:
  desk: { connect: "+46846500411", timeout: 25, on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const ROUTE = `
start: who
states:
  who:
    route:
      - { when: { caller: hidden }, goto: sorry }
      - { goto: bye }
  sorry: { play: sorry.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`

export const SHAPE_PAGES: readonly Page[] = [
  {
    name: 'unknown-field', severity: 'error', why: 'A misspelt option would be ignored, and its default would hold.',
    valid: DESK, invalid: DESK.replace('timeout', 'timout'),
  },
  {
    name: 'missing-field', severity: 'error', why: 'Without it nobody knows what to do.',
    valid: BYE, invalid: '\nstart: bye\nstates:\n',
  },
  {
    name: 'missing-start', severity: 'error', why: 'Nobody knows in which state a call begins: it would be answered with nothing.',
    valid: BYE, invalid: BYE.replace('start: bye\n', ''),
  },
  {
    name: 'wrong-type', severity: 'error', why: 'What is written is no value of this kind.',
    valid: DESK, invalid: DESK.replace('"+46846500411"', '{ number: "+46846500411" }').replace('{ number: "+46846500411" }, timeout: 25', '"+46846500411", timeout: [25]'),
  },
  {
    name: 'no-verb', severity: 'error', why: 'A state without a verb does nothing: the call would end there.',
    valid: DESK, invalid: DESK.replace('connect', 'dial'),
  },
  {
    name: 'two-verbs', severity: 'error', why: 'A state does exactly one thing.',
    valid: DESK, invalid: DESK.replace('timeout: 25', 'hangup: true'),
  },
  {
    name: 'carrier-shape', severity: 'error', why: "Keys beside the verb are the carrier's own form; here they stand under `on`.",
    valid: DESK, invalid: DESK.replace('on: { failed: bye }', 'on: { failed: bye }, busy: bye'),
  },
  {
    name: 'out-of-range', severity: 'error', why: 'The carrier would silently use its default.',
    valid: DESK, invalid: DESK.replace('25', '75'),
  },
  {
    name: 'bad-value', severity: 'error', why: 'A word that the language does not have would mean nothing.',
    valid: DESK, invalid: DESK.replace('timeout: 25', 'order: in-trun'),
  },
  {
    name: 'field-not-here', severity: 'error', why: 'An option of another verb would never take effect.',
    valid: BYE, invalid: BYE.replace('next:', 'callerid: caller, next:'),
  },
  {
    name: 'impossible-outcome', severity: 'error', why: 'The verb never gives this outcome: its edge would never be taken.',
    valid: DESK, invalid: DESK.replace('{ failed: bye }', '{ failed: bye, no-answer: bye }'),
  },
  {
    name: 'bad-name', severity: 'error', why: 'Names go into addresses, logs and metrics.',
    valid: BYE, invalid: `${BYE}  Main menu!: { play: news.mp3, next: end }\n`,
  },
  {
    name: 'reserved-name', severity: 'error', why: '`end` is the target that ends a call, and some names mean something else to other programs.',
    valid: BYE, invalid: `${BYE}  end: { play: thanks.mp3, next: end }\n`,
  },
  {
    name: 'not-yet', severity: 'error', why: 'The language has it, and this version of tonval does not: it is refused, never ignored.',
    valid: BYE, invalid: `${BYE}must: [{ silent_caller_leaves_within: 60 }]\n`,
  },
  {
    name: 'missing-otherwise', severity: 'error', why: 'A caller for whom no line holds would be cut off.',
    valid: ROUTE, invalid: ROUTE.replace('- { goto: bye }', '- { when: { caller: "+4670*" }, goto: bye }'),
  },
]
