/** What `POST /api/phone` and `POST /api/phone/ID` are sent, read; or in words what is wrong with it. */
import { isE164 } from '../../compile/e164.ts'
import type { Flow } from '../../compile/flow.ts'
import { dayOf } from '../../compile/schedule/read-hours.ts'
import { offsetMinutes } from '../../compile/schedule/wall-clock.ts'
import type { LineAnswer } from '../../emulator/person.ts'
import { nearest } from '../../validate/nearest.ts'
import { quoted } from '../../validate/words.ts'

export type LineResult = LineAnswer['result']

/** A test call that is asked for. */
export interface PhoneAsk {
  readonly flow: Flow
  /** `null` for a caller who hides the number; undefined: nobody said. */
  readonly from: string | null | undefined
  readonly line: string | undefined
  /** When it begins, in milliseconds since 1970; undefined: now. */
  readonly at: number | undefined
  readonly language: string | undefined
  /** What called numbers do, by number; `default` for the others. What is not here is asked when it rings. */
  readonly lines: Readonly<Record<string, LineResult>>
}

/** One thing that the person at the telephone does. */
export type PhoneAct =
  | { readonly act: 'press'; readonly keys: string }
  | { readonly act: 'silence' | 'hang-up' | 'callee-hangs-up' }
  | { readonly act: 'line'; readonly result: LineResult }
  | { readonly act: 'speak'; readonly seconds: number }

const RESULTS: readonly string[] = ['success', 'busy', 'failed']
const FIELDS = ['flow', 'from', 'line', 'at', 'language', 'lines']
const ACTS = ['press', 'silence', 'hangUp', 'line', 'speak', 'theyHangUp']
const MOST_KEYS = 40
const MOST_SPEECH = 3600
const MOST_LINES = 50
const MINUTE = 60_000

type Body = Readonly<Record<string, unknown>>

/** The call that is meant, of the flows in force. */
export function readAsk(body: unknown, live: ReadonlyMap<string, Flow>, now: number): PhoneAsk | string {
  if (!isMap(body)) return 'send JSON: { "flow": "NAME" }, and what of `from`, `line`, `at`, `language` and `lines` is to be other than usual'
  const odd = Object.keys(body).find(name => !FIELDS.includes(name))
  if (odd !== undefined) return oddWord(odd, FIELDS, 'a test call has no')
  const { flow: name, from, line, at, language, lines = {} } = body
  if (typeof name !== 'string') return 'say in `flow` which flow is to be called'
  const flow = live.get(name)
  if (flow === undefined) {
    const word = nearest(name, [...live.keys()])
    return `no flow \`${name}\` is live${word === undefined ? '' : `; did you mean \`${word}\`?`}`
  }
  if (!flow.answers) return `no call begins in \`${name}\`: it has exits, or inputs that must be given; call a flow that runs it`
  if (from !== undefined && from !== 'hidden' && (typeof from !== 'string' || !isE164(from))) return '`from` is a number with a plus sign and the country, such as +46701740601, or `hidden`'
  if (line !== undefined && (typeof line !== 'string' || !isE164(line))) return '`line` is a number with a plus sign and the country, such as +46846500400'
  const time = at === undefined ? undefined : typeof at === 'string' ? readTime(at, flow.timezone, now) : undefined
  if (at !== undefined && time === undefined) return `\`at\` is a time such as 2026-03-02T14:30+01:00, or in the flow's time zone (${flow.timezone}) 2026-03-02T14:30, or today's 14:30`
  const spoken = flow.sections[0].languages
  if (language !== undefined && (typeof language !== 'string' || !spoken.includes(language))) return `\`${name}\` speaks ${quoted(spoken)}: \`language\` is one of these`
  const results = readLines(lines)
  if (typeof results === 'string') return results
  return { flow, from: from === 'hidden' ? null : from, line, at: time, language, lines: results }
}

function readLines(lines: unknown): Readonly<Record<string, LineResult>> | string {
  const says = '`lines` says what called numbers do, by number, and under `default` what the others do: success, busy or failed'
  if (!isMap(lines) || Object.keys(lines).length > MOST_LINES) return says
  for (const [number, result] of Object.entries(lines)) {
    if (number !== 'default' && !isE164(number)) return `${says}. \`${number.slice(0, 40)}\` is no number such as +46701740601`
    if (typeof result !== 'string' || !RESULTS.includes(result)) return says
  }
  return lines as Readonly<Record<string, LineResult>>
}

/** What is done, or in words what cannot be. */
export function readAct(body: unknown): PhoneAct | string {
  const usage = `send one of ${quoted(ACTS)}, as in { "press": "1" }, { "silence": true }, { "line": "busy" } or { "speak": 5 }`
  if (!isMap(body)) return usage
  const [name, ...others] = Object.keys(body)
  if (name === undefined || others.length > 0) return usage
  if (!ACTS.includes(name)) return oddWord(name, ACTS, 'nobody at a telephone can')
  const value = body[name]
  switch (name) {
    case 'press': return typeof value === 'string' && new RegExp(`^[0-9*#]{1,${MOST_KEYS}}$`).test(value) ? { act: 'press', keys: value } : `\`press\` holds keys: 0 to 9, * and #, at most ${MOST_KEYS}`
    case 'line': return typeof value === 'string' && RESULTS.includes(value) ? { act: 'line', result: value as LineResult } : '`line` is success, busy or failed'
    case 'speak': return typeof value === 'number' && value > 0 && value <= MOST_SPEECH ? { act: 'speak', seconds: value } : `\`speak\` is a number of seconds, at most ${MOST_SPEECH}`
    default: return value === true ? { act: name === 'silence' ? 'silence' : name === 'hangUp' ? 'hang-up' : 'callee-hangs-up' } : `\`${name}\` is true, or it is left out`
  }
}

function isMap(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function oddWord(written: string, words: readonly string[], says: string): string {
  const word = nearest(written, words)
  return `${says} \`${written.slice(0, 40)}\`; ${word === undefined ? `there ${words.length === 1 ? 'is' : 'are'} ${quoted(words)}` : `did you mean \`${word}\`?`}`
}

/** Milliseconds since 1970. What has no offset is meant in the zone; what has no day, today. */
function readTime(text: string, zone: string, now: number): number | undefined {
  const whole = /^\d{1,2}:\d{2}$/.test(text) ? `${inZone(now, zone).slice(0, 10)}T${text.padStart(5, '0')}` : text
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/.test(whole) || dayOf(whole.slice(0, 10)) === undefined) return undefined
  const isLocal = !/(Z|[+-]\d{2}:\d{2})$/.test(whole)
  const time = Date.parse(isLocal ? `${whole}Z` : whole)
  if (Number.isNaN(time)) return undefined
  if (!isLocal) return time
  const near = time - offsetMinutes(zone, time) * MINUTE
  return time - offsetMinutes(zone, near) * MINUTE
}

/** A time as the zone's clocks show it, with their offset from UTC, as scripted calls write it. */
export function inZone(time: number, zone: string): string {
  const offset = offsetMinutes(zone, time)
  const two = (number: number): string => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60]
  return `${new Date(time + offset * MINUTE).toISOString().slice(0, 19).replace(/:00$/, '')}${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`
}
