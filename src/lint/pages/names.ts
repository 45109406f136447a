/** What cannot be linked: names, sounds, numbers and settings. */
import type { Page } from '../rule.ts'

const BYE = `
start: bye
states:
  bye: { play: bye.mp3, next: end }
`
const SPOKEN = `
start: language
languages: [sv, en]
prompts:
  bye: { sv: { file: bye.mp3 }, en: { file: thanks.mp3 } }
states:
  language: { ivr: ask.mp3, on: { 1: desk, 2: english, noinput: desk, nomatch: desk, failed: desk } }
  english: { set: { language: en }, next: desk }
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye, next: end }
`
const DESK = `
start: desk
numbers: ["+46846500400"]
timezone: Europe/Stockholm
language: sv
states:
  desk: { connect: "+46846500411", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`
const PIN = `
start: ask
states:
  ask: { ivr: ask.mp3, digits: 4, valid: "[1-9][0-9]{3}", save: customer, next: desk, on: { noinput: desk, nomatch: desk, failed: desk } }
  desk: { connect: "sip:{{customer | default: \\"0\\"}}@pbx.example", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`

export const NAME_PAGES: readonly Page[] = [
  {
    name: 'cannot-speak', severity: 'error', why: 'The caller would hear nothing: the speech engine has no voice for it, or it broke.',
    valid: `
start: bye
states:
  bye: { play: { say: "Hej då", language: sv }, next: end }
`, invalid: `
start: bye
states:
  bye: { play: { say: "nuqneH", language: tlh }, next: end }
`,
  },
  {
    name: 'unknown-target', severity: 'error', why: 'The call would die there.',
    valid: DESK, invalid: DESK.replace('failed: bye', 'failed: bey'),
  },
  {
    name: 'unknown-prompt', severity: 'error', why: 'The caller would hear nothing.',
    valid: BYE, invalid: BYE.replace('bye.mp3', 'goodbye'),
  },
  {
    name: 'missing-audio', severity: 'error', why: 'Silence for the caller: the sound is not there.',
    valid: BYE, invalid: BYE.replace('bye.mp3', 'byebye.mp3'),
  },
  {
    name: 'bad-audio', severity: 'error', why: 'The carrier plays WAV, MP3 and Ogg Vorbis, whatever a file is called.',
    valid: BYE, invalid: BYE.replace('bye.mp3', 'broken.mp3'),
  },
  {
    name: 'missing-translation', severity: 'error', why: 'Without a wording in the first language there is nothing to fall back on: some callers would hear nothing.',
    valid: SPOKEN, invalid: SPOKEN.replace('sv: { file: bye.mp3 }, ', ''),
  },
  {
    name: 'unknown-language', severity: 'error', why: 'A language that the flow does not have is never heard: what stands under it is lost, and whoever chose it hears the first one.',
    valid: SPOKEN, invalid: SPOKEN.replace('en: {', 'eng: {'),
  },
  {
    name: 'bad-number', severity: 'error', why: 'The carrier rings numbers with a plus sign and the country only.',
    valid: DESK, invalid: DESK.replace('"+46846500411"', '"08-465 004 11"'),
  },
  {
    name: 'emergency-number', severity: 'error', why: 'A menu never connects to an emergency line: who needs one must dial it.',
    valid: DESK, invalid: DESK.replace('"+46846500411"', '"112"'),
  },
  {
    name: 'number-used-twice', severity: 'error', why: 'Nobody could say which of two flows answers a line.',
    valid: DESK, invalid: DESK, beside: { other: DESK },
  },
  {
    name: 'line-unanswered', severity: 'error', why: 'A flow whose file is deleted while it answers a line would leave its callers with nobody.',
    valid: DESK, invalid: BYE, beside: { gone: DESK },
  },
  {
    name: 'unknown-timezone', severity: 'error', why: 'Without a time zone that exists, nobody knows what time it is.',
    valid: DESK, invalid: DESK.replace('Stockholm', 'Stokholm'),
  },
  {
    name: 'unset-variable', severity: 'error', why: 'The flow would ring, or say, nothing.',
    valid: DESK, invalid: DESK.replace('"+46846500411"', '"{{desk}}"').replace('states:', 'vars: { desk: { env: SALES_DESK } }\nstates:'),
  },
  {
    name: 'undefined-value', severity: 'error', why: 'A value that nothing sets is always empty.',
    valid: PIN, invalid: PIN.replace('{{customer', '{{custmer'),
  },
  {
    name: 'bad-regex', severity: 'error', why: 'An expression that is not understood matches nothing: no caller would get past it.',
    valid: PIN, invalid: PIN.replace('[1-9][0-9]', '[1-9]([0-9]'),
  },
]
