/** Lists, tables and switches: what cannot be found by name, and files beside the flow that cannot be read. */
import type { Page } from '../rule.ts'

const BLOCKED = `
start: who
lists: { blocked: { file: blocked.txt } }
states:
  who: { route: [{ when: { caller: blocked }, goto: bye }, { goto: desk }] }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const OFFICES = `
start: office
tables: { offices: { file: offices.csv } }
states:
  office: { lookup: offices, key: "{{called}}", on: { success: ring, missing: bye } }
  ring: { connect: "{{desk}}", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const STORM = `
start: storm
switches: { storm: { default: off } }
states:
  storm: { route: [{ when: { switch: storm }, goto: news }, { goto: bye }] }
  news: { play: news.mp3, next: end }
  bye: { play: bye.mp3, next: end }
`

const SORRY = `
start: tell
messages:
  sorry: { sms: { to: "{{caller}}", from: Example, text: "We call you back." } }
states:
  tell: { send: sorry, next: bye }
  bye: { play: bye.mp3, next: end }
`

export const BESIDE_PAGES: readonly Page[] = [
  {
    name: 'unknown-list', severity: 'error', why: 'A list that there is not holds nobody.',
    valid: BLOCKED, invalid: BLOCKED.replace('caller: blocked', 'caller: bloked'),
  },
  {
    name: 'unknown-table', severity: 'error', why: 'In a table that there is not, nobody is found.',
    valid: OFFICES, invalid: OFFICES.replace('lookup: offices', 'lookup: ofices'),
  },
  {
    name: 'unknown-switch', severity: 'error', why: 'A switch that there is not can never be flipped.',
    valid: STORM, invalid: STORM.replace('switch: storm', 'switch: strom'),
  },
  {
    name: 'unknown-message', severity: 'error', why: 'A message that there is not reaches nobody.',
    valid: SORRY, invalid: SORRY.replace('send: sorry', 'send: sory'),
  },
  {
    name: 'missing-file', severity: 'error', why: 'A list or table whose file is not there finds nobody.',
    valid: BLOCKED, invalid: BLOCKED.replace('blocked.txt', 'bloked.txt'),
  },
  {
    name: 'bad-table', severity: 'error', why: 'A table whose rows do not fit its first line would find the wrong thing.',
    valid: OFFICES, invalid: OFFICES, beside: { texts: { 'offices.csv': 'line,desk\n+46846500401,+46701740602,Uppsala\n' } },
  },
]
